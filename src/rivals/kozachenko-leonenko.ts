/**
 * Entropy from the distance to the k-th nearest neighbour (Kozachenko and Leonenko 1987; Kraskov, Stögbauer and
 * Grassberger 2004, formula 20), maximum norm, whose unit ball has the volume 2^d:
 *     h = psi(N) - psi(k) + d log 2 + (d/N) sum_i log eps_i         eps_i: distance of point i to its k-th neighbour
 * It takes the density as constant within eps, so it errs in many dimensions, where neighbours are far. Where more
 * than k points are identical eps is 0 and h is -Infinity: such points have no density.
 */
import { digamma } from './digamma.js'
import type { Points } from './draws.js'
import { meanOf, nothing, type Estimate } from './estimate.js'
import { NearestPoints, rowOf } from './nearest.js'

/** h in nats; no value for a single point. With k or fewer points the farthest neighbour there is serves. */
export function kozachenkoLeonenko(points: Points, k = 3): Estimate {
  const { count, width } = points
  if (count < 2) return nothing
  const neighbour = Math.min(k, count - 1)
  const tree = new NearestPoints(points)
  const constant = digamma(count) - digamma(neighbour) + width * Math.log(2)
  // The nearest of all is the point itself.
  const distance = (i: number) => tree.kthDistance(rowOf(points, i), neighbour + 1)
  return meanOf(Float64Array.from({ length: count }, (_, i) => constant + width * Math.log(distance(i))))
}
