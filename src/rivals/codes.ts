/** Discrete values as dense codes, 0 upwards in the order of first appearance, and entropies of their counts. Exact. */
import { sum } from '../math/statistics.js'
import type { Samples } from '../samples/samples.js'

export interface Codes {
  /** Code of each row. */
  of: Uint32Array
  /** How many different ones there are. */
  count: number
}

/** Codes of finite numbers, equal numbers (0 and -0 too) alike. */
export function codesOf(values: ArrayLike<number>): Codes {
  const known = new Map<number, number>()
  const of = new Uint32Array(values.length)
  for (let i = 0; i < of.length; i++) {
    const code = known.get(values[i]) ?? known.size
    if (code === known.size) known.set(values[i], code)
    of[i] = code
  }
  return { of, count: known.size }
}

/** Codes of the pairs (a, b) of each row. Exact up to 9 * 10^15 possible pairs. */
export function pairsOf(a: Codes, b: Codes): Codes {
  return codesOf(Float64Array.from(a.of, (code, i) => code * b.count + b.of[i]))
}

/** Which input each row came from; without `x` every row is an input of its own. */
export function inputCodes({ x, count }: Samples): Codes {
  return x ? codesOf(x) : { of: Uint32Array.from({ length: count }, (_, i) => i), count }
}

/** count: P(row), summing to 1. All rows of an input are equally likely, inputs by their weights or by their rows. */
export function rowProbabilities(samples: Samples): Float64Array {
  const { count, weights } = samples
  if (!weights) return new Float64Array(count).fill(1 / count)
  const inputs = inputCodes(samples)
  const rows = totals(inputs, new Float64Array(count).fill(1))
  const shares = weights.map((weight, i) => weight / rows[inputs.of[i]])
  const total = sum(shares)
  return shares.map((share) => share / total)
}

/** codes.count: probability of each code. */
export function totals(codes: Codes, probabilities: Float64Array): Float64Array {
  const result = new Float64Array(codes.count)
  for (let i = 0; i < codes.of.length; i++) result[codes.of[i]] += probabilities[i]
  return result
}

/** H(A) in nats; exactly 0 for a single code. */
export function entropyOf(a: Codes, probabilities: Float64Array): number {
  const masses = totals(a, probabilities)
  const all = sum(masses)
  return sum(masses.map((mass) => (mass > 0 ? -(mass / all) * Math.log(mass / all) : 0)))
}

/**
 * H(A|B) in nats: over the cells (a, b), not as a difference of entropies, so that it is 0 to the last bit where b
 * decides a (each cell adds the very numbers that b does, in the same order).
 */
export function conditionalEntropy(a: Codes, b: Codes, probabilities: Float64Array): number {
  const cells = pairsOf(a, b)
  const cellTotals = totals(cells, probabilities)
  const given = totals(b, probabilities)
  const owner = new Uint32Array(cells.count)
  for (let i = 0; i < cells.of.length; i++) owner[cells.of[i]] = b.of[i]
  return sum(cellTotals.map((p, cell) => (p > 0 ? -p * Math.log(p / given[owner[cell]]) : 0)))
}
