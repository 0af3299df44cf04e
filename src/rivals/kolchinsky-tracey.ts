/**
 * Bounds on the entropy of the mixture of N(s_j, v I) over all samples, from the distances between its centers
 * (Kolchinsky and Tracey 2017; METHOD 2.3): with
 *     K(u) = (d/2) log(2 pi e v) - sum_i p_i log sum_j p_j exp(-|s_i - s_j|^2 / u)
 * K(8 v) <= h <= K(2 v). The same within the samples of each input and of each label bounds h(T|X) and h(T|Y). The
 * outer sum is over all rows where that is cheap, else over drawn ones; the inner sum always over all, the row's own 1
 * among them, so no logarithm is of 0.
 */
import { mean, standardError, sum } from '../math/statistics.js'
import type { Samples } from '../samples/samples.js'
import { codesOf, inputCodes, rowProbabilities, totals, type Codes } from './codes.js'
import { drawRows } from './draws.js'
import { noiseEntropy, type Estimate } from './estimate.js'

export interface PairwiseOptions {
  /** Rows of the outer sum; by default as many as about a second allows, at least 32. */
  rows?: number
  /** Of the draw of rows; default 1. */
  seed?: number
}

export interface Bounds {
  lower: Estimate
  upper: Estimate
}

/** Nats. Standard errors are over the rows of the outer sum alone: 0 where it has all. */
export interface PairwiseBounds {
  h_t: Bounds
  h_t_given_x: Bounds
  /** From the least h(T) and the greatest h(T|X) to the greatest and the least. */
  mi: Bounds
  /** Likewise with h(T|Y); null without labels. */
  label_mi: Bounds | null
  /** What Saxe et al. 2018 plot: both terms by the same K. Neither is a bound where both terms vary. */
  same: { mi: Bounds; label_mi: Bounds | null }
  /** Rows of the outer sum. */
  rows: number
}

/** One number for each row of the outer sum. */
interface Terms {
  lower: Float64Array
  upper: Float64Array
}

/** `noiseStd` > 0, in the units of the samples: of the layer's noise, or of the noise imagined. */
export function kolchinskyTracey(samples: Samples, noiseStd: number, options: PairwiseOptions = {}): PairwiseBounds {
  const affordable = Math.max(32, Math.floor(3e8 / (samples.count * samples.width)))
  const wanted = options.rows ?? affordable
  const all = wanted >= samples.count
  const rows = all
    ? Uint32Array.from({ length: samples.count }, (_, i) => i)
    : drawRows(samples, wanted, { seed: options.seed ?? 1, step: 0 })
  const probabilities = rowProbabilities(samples)
  const [t, x, y] = pairTerms(samples, noiseStd, rows, probabilities)
  const average = (terms: Float64Array): Estimate => (all ? exactMean(terms, probabilities) : drawnMean(terms))
  const bounds = (lower: Float64Array, upper: Float64Array): Bounds => ({
    lower: average(lower),
    upper: average(upper),
  })
  const outer = (given: Terms) => bounds(less(t.lower, given.upper), less(t.upper, given.lower))
  const same = (given: Terms) => bounds(less(t.lower, given.lower), less(t.upper, given.upper))
  return {
    h_t: bounds(t.lower, t.upper),
    h_t_given_x: bounds(x.lower, x.upper),
    ...{ mi: outer(x), label_mi: y && outer(y) },
    same: { mi: same(x), label_mi: y && same(y) },
    rows: rows.length,
  }
}

/** Of all samples, of those of the row's input, and of those of its label. */
function pairTerms(
  samples: Samples,
  noiseStd: number,
  rows: Uint32Array,
  probabilities: Float64Array,
): [Terms, Terms, Terms | null] {
  const kinds = [null, inputCodes(samples), samples.y && codesOf(samples.y)] as const
  const constant = noiseEntropy(samples.width, noiseStd)
  const kernels = new Float64Array(samples.count)
  const terms = kinds.map(() => ({ lower: new Float64Array(rows.length), upper: new Float64Array(rows.length) }))
  const masses = kinds.map((codes) => codes && totals(codes, probabilities))
  rows.forEach((row, i) => {
    kernelsAround(samples, row, noiseStd, kernels)
    kinds.forEach((codes, kind) => {
      if (kind === 2 && !codes) return
      const [wide, narrow] = kernelSums(kernels, probabilities, codes, row)
      const mass = masses[kind]?.[codes!.of[row]] ?? 1
      terms[kind].lower[i] = constant - Math.log(wide / mass)
      terms[kind].upper[i] = constant - Math.log(narrow / mass)
    })
  })
  return [terms[0], terms[1], kinds[2] && terms[2]]
}

/** exp(-|s_row - s_j|^2 / 8 v) for every j; its fourth power is exp(-|s_row - s_j|^2 / 2 v). */
function kernelsAround({ s, width, count }: Samples, row: number, noiseStd: number, kernels: Float64Array): void {
  const factor = -1 / (8 * noiseStd * noiseStd)
  for (let j = 0; j < count; j++) {
    let square = 0
    for (let c = 0; c < width; c++) square += (s[j * width + c] - s[row * width + c]) ** 2
    const exponent = square * factor
    kernels[j] = exponent > -745 ? Math.exp(exponent) : 0
  }
}

function kernelSums(kernels: Float64Array, weights: Float64Array, codes: Codes | null, row: number): [number, number] {
  let [wide, narrow] = [0, 0]
  for (let j = 0; j < kernels.length; j++) {
    if (kernels[j] === 0 || (codes && codes.of[j] !== codes.of[row])) continue
    const square = kernels[j] * kernels[j]
    wide += weights[j] * kernels[j]
    narrow += weights[j] * square * square
  }
  return [wide, narrow]
}

const less = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i])

/** A row of probability 0 has no part, even where its term is infinite. */
const exactMean = (terms: Float64Array, probabilities: Float64Array): Estimate => ({
  value: sum(terms.map((term, i) => (probabilities[i] > 0 ? probabilities[i] * term : 0))),
  se: 0,
})

const drawnMean = (terms: Float64Array): Estimate => ({
  value: mean(terms),
  se: terms.length > 1 ? standardError(terms) : null,
})
