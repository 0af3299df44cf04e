/**
 * What centers that lie close together add to a sum, from their moments (shaders/moment-sums.wgsl), and how far that may be off.
 * With r from the node's middle to a query and v to a center, in units of beta, exp(r.v) is its series below some degree p, and
 *   | exp(x) - sum of x^k / k!, k < p | <= |x|^p / p! exp(|x|)     relative to exp(x): at most |x|^p / p! exp(2 |x|)
 * with |x| = |r.v| <= |r| |v|. The bound is relative, term by term, and so holds for the whole sum.
 */
import type { Monomials } from '../kernels/moment-sums.js'

/** The relative error of moments below `degree`, for |r| |v| <= `product`. */
export function remainder(degree: number, product: number): number {
  let bound = Math.exp(2 * product)
  for (let k = 1; k <= degree; k++) bound *= product / k
  return bound
}

/** The largest |r| |v| whose remainder is at most `relative`; by bisection, the remainder being increasing. */
export function largestProduct(degree: number, relative: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (remainder(degree, middle) <= relative) low = middle
    else high = middle
  }
  return low
}

/** Adds one center's moments to `into` from `at`: v its offset from the node's middle, in beta. */
export function addMoments(
  { count, parent, axis, factorial }: Monomials,
  v: ArrayLike<number>,
  weight: number,
  into: Float64Array,
  at: number,
  powers: Float64Array,
): void {
  let square = 0
  for (let k = 0; k < v.length; k++) square += v[k] * v[k]
  powers[0] = weight * Math.exp(-square / 2)
  into[at] += powers[0]
  for (let a = 1; a < count; a++) {
    powers[a] = powers[parent[a]] * v[axis[a]]
    into[at + a] += powers[a] / factorial[a]
  }
}
