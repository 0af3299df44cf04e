/**
 * The part of the standard error of mi that comes from the queries' noise, centers held fixed: from the spread, among the queries of one
 * input, of i(y) less what the control variate takes out (METHOD 2.4). What the whole SE has beyond it, only more samples can remove.
 */
import { sum } from '../math/statistics.js'
import { controlOf } from './control-variate.js'
import type { KernelSums } from './kernel-sums.js'

/** Nats. Infinite while some input has a single query, or a single pair: then it is not known yet. */
export function queryError(sums: KernelSums): number {
  const inputs = sums.input.reduce((most, input) => Math.max(most, input + 1), 0)
  const [n, total, squares, weight] = [0, 1, 2, 3].map(() => new Float64Array(inputs))
  const i = controlled(sums)
  for (let q = 0; q < sums.count; q++) {
    const input = sums.input[q]
    weight[input] += sums.weight[q]
    // a pair is one draw
    if (sums.mirrored?.[q + 1]) continue
    const drawn = sums.mirrored?.[q] ? (i[q - 1] + i[q]) / 2 : i[q]
    n[input]++
    total[input] += drawn
    squares[input] += drawn * drawn
  }
  let variance = 0
  for (let x = 0; x < inputs; x++) {
    if (n[x] === 0) continue
    if (n[x] === 1) return Infinity
    const spread = Math.max(0, squares[x] - total[x] ** 2 / n[x]) / (n[x] - 1)
    variance += (weight[x] ** 2 * spread) / n[x]
  }
  return Math.sqrt(variance)
}

/** i(y) of every query, and but for batches less c u (METHOD 2.1). */
function controlled(sums: KernelSums): Float64Array {
  const { columnsAre, count, dimension, noiseEnergy, weight } = sums
  const values = Float64Array.from({ length: count }, (_, q) => information(sums, q))
  if (columnsAre === 'batches') return values
  const { mean, variance } = controlOf(sums, () => true)
  const u = noiseEnergy.map((energy) => energy - dimension / 2)
  const c = sum(values.map((value, q) => weight[q] * value * (u[q] - mean))) / variance
  return values.map((value, q) => value - c * u[q])
}

/** log(own / all), all columns together. */
function information({ own, others, fixed, columnsAre, columns }: KernelSums, q: number): number {
  const rows = columnsAre === 'queries' ? 1 : columns
  let [mine, rest] = [columnsAre === 'batches' ? 0 : own[q], 0]
  for (let b = 0; b < rows; b++) {
    if (columnsAre === 'batches') mine += own[q * rows + b]
    rest += others[2 * (q * rows + b)] + others[2 * (q * rows + b) + 1]
  }
  if (fixed !== null) {
    mine += fixed[3 * q]
    rest += fixed[3 * q + 1] + fixed[3 * q + 2]
  }
  return -Math.log1p(rest / mine)
}
