/** Seeded numbers to feed to kernels, exact in f32. */
import { gaussians } from '../../src/math/gaussian.js'
import { philox4x32 } from '../../src/math/philox.js'

const stream = 99

/** `count` numbers, uniform from `low` to `high`. */
export function uniform(count: number, seed: number, low = -1, high = 1): Float32Array {
  const word = (i: number) => philox4x32([i >>> 2, 0, 0, stream], [seed, 0])[i & 3]
  return Float32Array.from({ length: count }, (_, i) => low + ((high - low) * (word(i) + 0.5)) / 2 ** 32)
}

/** `count` numbers from N(0, std^2). */
export function normal(count: number, seed: number, std = 1): Float32Array {
  const block = (i: number) => gaussians(philox4x32([i >>> 2, 1, 0, stream], [seed, 0]))
  return Float32Array.from({ length: count }, (_, i) => std * block(i)[i & 3])
}

/** `count` whole numbers from 0 to below - 1. */
export function whole(count: number, seed: number, below: number): Uint32Array {
  return Uint32Array.from(uniform(count, seed, 0, below), (value) => Math.min(below - 1, Math.floor(value)))
}
