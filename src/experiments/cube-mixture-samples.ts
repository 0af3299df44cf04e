/** Samples of the mixtures of math/cube-mixture.ts, in any number of dimensions. */
import { draws, type Draws } from '../validation/draws.js'
import type { Points } from '../rivals/draws.js'

export interface CubeMixture {
  dimension: number
  spread: number
  truncated: boolean
}

/** `count` independent samples of S; the same for the same seed. */
export function cubeMixtureSamples(mixture: CubeMixture, count: number, seed: number): Points {
  return drawn(mixture, count, draws(seed))
}

/** As many of T = S + Z, of the same S. */
export function noisyCubeMixture(mixture: CubeMixture, noiseStd: number, count: number, seed: number): Points {
  const random = draws(seed)
  const points = drawn(mixture, count, random)
  return { ...points, values: points.values.map((s) => s + noiseStd * random.normal()) }
}

/** Truncated by drawing again whatever falls outside, a component of one axis at a time: half of it stays. */
function drawn({ dimension, spread, truncated }: CubeMixture, count: number, random: Draws): Points {
  const inside = (side: number): number => {
    const s = side + spread * random.normal()
    return truncated && !(Math.abs(s) <= 1) ? inside(side) : s
  }
  const one = () => {
    const side = random.uniform() < 0.5 ? -1 : 1
    return spread === 0 ? side : inside(side)
  }
  return { count, width: dimension, values: Float64Array.from({ length: count * dimension }, one) }
}

/** All 2^d corners of {-1, 1}^d. */
export function cubeCorners(dimension: number): Points {
  const count = 2 ** dimension
  const side = (i: number) => ((Math.floor(i / dimension) >>> (i % dimension)) & 1 ? 1 : -1)
  return { count, width: dimension, values: Float64Array.from({ length: count * dimension }, (_, i) => side(i)) }
}
