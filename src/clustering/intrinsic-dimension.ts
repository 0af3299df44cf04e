/**
 * TwoNN (Facco, d'Errico, Rodriguez, Laio 2017): where the density is even over the two nearest neighbours, the ratio
 * mu of their distances has P(mu <= x) = 1 - x^-d. The line -log(1 - F) = d log mu through the origin is fitted to the
 * 90 % of points with the smallest ratios, as there. Points that coincide have no ratio: a collapsed layer is no
 * manifold, and beyond half of them it is said that there is no dimension, not that it is some number.
 */

const fitted = 0.9
const leastShare = 0.5
const leastPoints = 20
/** f32 rounds each number to 2^-25 of itself: nearer than a few of these, points are told apart by rounding alone. */
const resolution = 2 ** -22

export interface Neighbourhood {
  /** Null where too few points have a neighbour apart from themselves. */
  intrinsic_dimension: number | null
  /** Part of the points whose nearest other one is at the same place, as far as f32 tells; null for a single point. */
  coinciding_share: number | null
}

/** From the distances of n points to their nearest and second nearest; `scale`: the largest norm of a point. */
export function neighbourhood(nearest: Float64Array, second: Float64Array, scale: number): Neighbourhood {
  const count = nearest.length
  const apart = [...nearest.keys()].filter((i) => nearest[i] > resolution * scale && second[i] < Infinity)
  const coinciding = nearest.filter((distance) => !(distance > resolution * scale)).length
  const enough = apart.length >= Math.max(leastPoints, leastShare * count)
  return {
    intrinsic_dimension: enough ? slope(apart.map((i) => Math.log(second[i] / nearest[i]))) : null,
    coinciding_share: count > 1 ? coinciding / count : null,
  }
}

/** Of -log(1 - F) against log mu, least squares through the origin; null where all ratios are 1. */
function slope(logRatios: number[]): number | null {
  const sorted = Float64Array.from(logRatios).sort()
  let products = 0
  let squares = 0
  for (let i = 0; i < Math.floor(fitted * sorted.length); i++) {
    products += sorted[i] * -Math.log1p(-(i + 1) / sorted.length)
    squares += sorted[i] * sorted[i]
  }
  return squares > 0 ? products / squares : null
}
