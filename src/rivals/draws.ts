/**
 * Points of T = S + Z for the estimators that see points only: rows drawn by their probability, each with noise of its
 * own. The draw is systematic (one random offset, then equal steps through the probabilities, inputs and their rows in
 * random order), so every input and every row is met as evenly as can be. What such points can tell is the entropy of
 * the mixture on the given samples, as in our own estimator.
 */
import { gaussians } from '../math/gaussian.js'
import { philox4x32, seedKey } from '../math/philox.js'
import { permutation } from '../math/shuffle.js'
import type { Samples } from '../samples/samples.js'
import { codesOf, inputCodes, rowProbabilities } from './codes.js'

export interface Points {
  count: number
  /** d: numbers a point. */
  width: number
  /** count x width, row-major. */
  values: Float64Array
}

/** Where random numbers come from: a seed, and a step for each use of it. */
export interface Source {
  seed: number
  step: number
}

/** Last words of the philox counters: see src/math/shuffle.ts and src/network/plans.ts for those of others. */
const streams = { rivalNoise: 10, rivalRows: 11 } as const

/** `count` rows, by their probability; no row twice where all are equally likely and `count` <= n. */
export function drawRows(samples: Samples, count: number, { seed, step }: Source): Uint32Array {
  const order = byInput(samples, permutation(samples.count, seed, streams.rivalRows, step))
  const [word] = philox4x32([0, 1, step, streams.rivalRows], seedKey(seed))
  const offset = (word + 0.5) / 2 ** 32
  const place = samples.weights ? weightedPlaces(samples, order, count) : evenPlaces(samples.count, count)
  return Uint32Array.from({ length: count }, (_, i) => order[place(i + offset)])
}

/** Place among n equal shares of [0, count). */
const evenPlaces = (n: number, count: number) => (at: number) => Math.min(n - 1, Math.floor((at * n) / count))

/** Place among shares of [0, count) as large as the rows' probabilities; to be asked upwards. */
function weightedPlaces(samples: Samples, order: Uint32Array, count: number): (at: number) => number {
  const probabilities = rowProbabilities(samples)
  const last = order.findLastIndex((row) => probabilities[row] > 0)
  let place = 0
  let reached = probabilities[order[0]]
  return (at) => {
    while (reached * count <= at && place < last) reached += probabilities[order[++place]]
    return place
  }
}

/** The points S + Z of these rows, Z ~ N(0, noiseStd^2 I). */
export function noisyPoints({ s, width }: Samples, rows: Uint32Array, noiseStd: number, source: Source): Points {
  const key = seedKey(source.seed)
  const values = new Float64Array(rows.length * width)
  for (let from = 0; from < values.length; from += 4) {
    const noise = gaussians(philox4x32([from / 4, 0, source.step, streams.rivalNoise], key))
    for (let at = from; at < Math.min(from + 4, values.length); at++) {
      const row = rows[Math.floor(at / width)]
      values[at] = s[row * width + (at % width)] + noiseStd * noise[at - from]
    }
  }
  return { count: rows.length, width, values }
}

/** Noisy points drawn from samples; without noise, where a row tells nothing new the second time, at most n. */
export function drawPoints(samples: Samples, noiseStd: number, most: number, source: Source): Points {
  const rows = drawRows(samples, drawable(samples, noiseStd, most), source)
  return noisyPoints(samples, rows, noiseStd, source)
}

/** How many points `drawPoints` gives. */
export function drawable({ count }: Samples, noiseStd: number, most: number): number {
  return noiseStd > 0 ? most : Math.min(most, count)
}

/** These rows alone. */
export function restrictedTo({ s, width, x, y, weights }: Samples, rows: Uint32Array): Samples {
  const values = new Float64Array(rows.length * width)
  rows.forEach((row, i) => values.set(s.subarray(row * width, (row + 1) * width), i * width))
  const column = (codes: Uint32Array | null) => codes && rows.map((row) => codes[row])
  const kept = weights && Float64Array.from(rows, (row) => weights[row])
  return { count: rows.length, width, s: values, x: column(x), y: column(y), weights: kept }
}

/** The rows of an order, those of one input together, inputs in the order of their first row. */
function byInput(samples: Samples, order: Uint32Array): Uint32Array {
  if (!samples.x) return order
  const inputs = inputCodes(samples)
  const ranks = codesOf(order.map((row) => inputs.of[row]))
  const next = new Uint32Array(ranks.count + 1)
  for (const rank of ranks.of) next[rank + 1]++
  for (let rank = 0; rank < ranks.count; rank++) next[rank + 1] += next[rank]
  const sorted = new Uint32Array(order.length)
  order.forEach((row, i) => (sorted[next[ranks.of[i]]++] = row))
  return sorted
}
