/** Points and samples with known entropies and informations. */
import { gaussians } from '../../src/math/gaussian.js'
import { philox4x32 } from '../../src/math/philox.js'
import type { Points } from '../../src/rivals/draws.js'
import type { Samples } from '../../src/samples/samples.js'

/** Standard normals, the same for the same seed. */
export function normals(count: number, seed: number): Float64Array {
  const values = new Float64Array(count)
  for (let i = 0; i < count; i += 4)
    values.set(gaussians(philox4x32([i / 4, 0, 0, 99], [seed, 0])).slice(0, count - i), i)
  return values
}

/** Uniform numbers in (0, 1), one after another. */
export function uniform(seed: number): () => number {
  let drawn = 0
  return () => (philox4x32([drawn++, 0, 0, 98], [seed, 0])[0] + 0.5) / 2 ** 32
}

export const pointsOf = (width: number, values: Float64Array): Points => ({
  ...{ count: values.length / width, width, values },
})

/** Rows of one number each, or of `width`; every row an input of its own unless `more` says otherwise. */
export function samplesOf(s: ArrayLike<number>, width = 1, more: Partial<Samples> = {}): Samples {
  const values = Float64Array.from(s)
  return { count: values.length / width, width, s: values, x: null, y: null, weights: null, ...more }
}

/** (d/2) log(2 pi e). */
export const normalEntropy = (dimension: number) => (dimension / 2) * Math.log(2 * Math.PI * Math.E)
