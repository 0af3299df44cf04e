/**
 * Samples as the kernels take them: f32, whose differences are exact where they matter; for f64 samples less their median along
 * each axis, and, where a single f32 is too coarse for the noise, as the sum of two.
 */
import { gaussians } from '../math/gaussian.js'
import { philox4x32, seedKey } from '../math/philox.js'
import { median } from '../math/statistics.js'
import type { Samples } from '../samples/samples.js'

export interface HostSamples {
  s: Float32Array | Float64Array
  split: boolean
}

/** An f32 may be off by so much of the noise. */
const fineEnough = 2 ** -20

export function hostSamples({ s, width }: Samples, noiseStd: number): HostSamples {
  if (s instanceof Float32Array) return { s, split: false }
  const middle = Array.from({ length: width }, (_, k) => medianOf(s, k, width))
  const centred = Float64Array.from(s, (value, i) => value - middle[i % width])
  let worst = 0
  for (const value of centred) worst = Math.max(worst, Math.abs(value - Math.fround(value)))
  return worst <= fineEnough * noiseStd ? { s: Float32Array.from(centred), split: false } : { s: centred, split: true }
}

/** Of at most some thousand values: any middle will do. */
function medianOf(s: Float64Array, k: number, width: number): number {
  const count = s.length / width
  const step = Math.max(1, Math.floor(count / 4096))
  return median(Float64Array.from({ length: Math.ceil(count / step) }, (_, i) => s[i * step * width + k]))
}

const queryNoiseStream = 9

/** count x width: N(0, noiseStd^2), of the seed and the round. */
export function drawNoise(count: number, width: number, noiseStd: number, seed: number, round: number): Float32Array {
  const key = seedKey(seed)
  const noise = new Float32Array(count * width)
  for (let at = 0; at < noise.length; at += 4) {
    const four = gaussians(philox4x32([at / 4, 0, round, queryNoiseStream], key))
    for (let k = 0; k < 4 && at + k < noise.length; k++) noise[at + k] = noiseStd * four[k]
  }
  return noise
}

/** The noise with each row that `mirrored` marks made minus the row before it, in place. */
export function mirror(noise: Float32Array, width: number, mirrored: Uint8Array): Float32Array {
  mirrored.forEach((marked, row) => {
    for (let k = row * width; marked && k < (row + 1) * width; k++) noise[k] = -noise[k - width]
  })
  return noise
}

/** Rows of the samples, one after the other. */
export function gathered<T extends Float32Array | Float64Array>(s: T, width: number, rows: Uint32Array): T {
  const out = (
    s instanceof Float32Array ? new Float32Array(rows.length * width) : new Float64Array(rows.length * width)
  ) as T
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < width; k++) out[i * width + k] = s[rows[i] * width + k]
  }
  return out
}

/** |z|^2 / 2 beta^2 of every query, from its noise. */
export function noiseEnergies(noise: ArrayLike<number>, width: number, noiseStd: number): Float64Array {
  const energies = new Float64Array(noise.length / width)
  for (let i = 0; i < noise.length; i++) energies[Math.floor(i / width)] += noise[i] ** 2
  return energies.map((sum) => sum / (2 * noiseStd ** 2))
}
