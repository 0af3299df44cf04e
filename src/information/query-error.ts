/**
 * The part of the standard error of mi that comes from the queries' noise, centers held fixed: from the spread of i(y) among the
 * queries of one input. What the whole SE has beyond it, only more samples can remove.
 */
import type { KernelSums } from './kernel-sums.js'

/** Nats. An input with a single query adds nothing: then this is too low. */
export function queryError(sums: KernelSums): number {
  let inputs = 0
  for (const input of sums.input) inputs = Math.max(inputs, input + 1)
  const [n, sum, squares, weight] = [0, 1, 2, 3].map(() => new Float64Array(inputs))
  for (let q = 0; q < sums.count; q++) {
    const input = sums.input[q]
    const i = information(sums, q)
    n[input]++
    sum[input] += i
    squares[input] += i * i
    weight[input] += sums.weight[q]
  }
  let variance = 0
  for (let x = 0; x < inputs; x++) {
    if (n[x] < 2) continue
    const spread = Math.max(0, squares[x] - sum[x] ** 2 / n[x]) / (n[x] - 1)
    variance += (weight[x] ** 2 * spread) / n[x]
  }
  return Math.sqrt(variance)
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
