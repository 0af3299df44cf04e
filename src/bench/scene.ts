/** Seeded points for ladders. */
import { gaussians } from '../math/gaussian.js'
import { philox4x32 } from '../math/philox.js'

const stream = 77
/** Coordinates are multiples of this, so that a sum of two of them is exact in f32. */
const grid = 2 ** -12

/** `count` numbers, uniform between -1 and 1. */
export function uniform(count: number, seed: number): Float32Array {
  const word = (i: number) => philox4x32([i >>> 2, 0, 0, stream], [seed, 0])[i & 3]
  return Float32Array.from({ length: count }, (_, i) => (word(i) + 0.5) / 2 ** 31 - 1)
}

/** `count` numbers of N(0, std^2). */
export function normal(count: number, seed: number, std = 1): Float32Array {
  const block = (i: number) => gaussians(philox4x32([i >>> 2, 1, 0, stream], [seed, 0]))
  return Float32Array.from({ length: count }, (_, i) => std * block(i)[i & 3])
}

/** Centers and queries y = s + z of the full sums: nothing there is far enough apart to be left out. */
export interface PairScene {
  count: number
  dimension: number
  noiseStd: number
  scale: number
  /** count x dimension each. */
  centers: Float32Array
  standing: Float32Array
  noise: Float32Array
  queries: Float32Array
  /** count: |z|^2. */
  energies: Float32Array
}

/** As many queries as centers, both in the cube [-1, 1]^d, with noise of half its side's half. */
export function pairScene(count: number, dimension: number): PairScene {
  const noiseStd = 0.5
  const rounded = (values: Float32Array) => values.map((value) => Math.round(value / grid) * grid)
  const [centers, standing] = [1, 2].map((seed) => rounded(uniform(count * dimension, seed)))
  const noise = rounded(normal(count * dimension, 3, noiseStd))
  const queries = standing.map((s, i) => s + noise[i])
  const energies = Float32Array.from({ length: count }, (_, q) => {
    return noise.subarray(q * dimension, (q + 1) * dimension).reduce((sum, z) => sum + z * z, 0)
  })
  const scale = 1 / (2 * noiseStd ** 2)
  return { count, dimension, noiseStd, scale, centers, standing, noise, queries, energies }
}
