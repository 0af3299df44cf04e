/**
 * Entropy of T = S + Z from samples of S in two parts: the mixture of the known noise around the centers of one, at noisy points of
 * the other,
 *     h = -(1/Q) sum_q log( (1/N) sum_j phi_beta(t_q - s_j) )
 * On average this is h(T) plus the divergence of the true density from the mixture, hence never below h(T). Sample propagation, whose
 * points stand on its own centers, errs to the other side before it is corrected, as the entropy is concave: E h(g) <= h(T). Between
 * the two, on average, lies h(T).
 */
import { covariance, variance } from '../math/statistics.js'
import { noisyPoints } from './draws.js'
import { meanOf, type Estimate } from './estimate.js'

/** Rows of S, row-major. */
interface Part {
  count: number
  width: number
  s: Float32Array | Float64Array
}

/**
 * Nats, with a standard error over the points, the centers held fixed; one point at each row of `standing`. The points' noise energy,
 * whose mean is known to be d/2, serves as control variate. N Q (d + 1) steps.
 */
export function heldOutEntropy(centers: Part, standing: Part, noiseStd: number, seed: number): Estimate {
  const { width, count, s } = standing
  const rows = Uint32Array.from({ length: count }, (_, i) => i)
  const samples = { ...standing, x: null, y: null, weights: null }
  const { values } = noisyPoints(samples, rows, noiseStd, { seed, step: 0 })
  const constant = (width / 2) * Math.log(2 * Math.PI * noiseStd ** 2) + Math.log(centers.count)
  const squares = new Float64Array(centers.count)
  const terms = new Float64Array(count)
  const energies = new Float64Array(count)
  for (let q = 0; q < count; q++) {
    const point = values.subarray(q * width, (q + 1) * width)
    terms[q] = constant - logSum(centers, point, noiseStd, squares)
    point.forEach((t, k) => (energies[q] += (t - s[q * width + k]) ** 2 / (2 * noiseStd ** 2)))
  }
  if (count < 2) return meanOf(terms)
  const slope = covariance(terms, energies) / variance(energies)
  return meanOf(terms.map((term, q) => term - slope * (energies[q] - width / 2)))
}

/** log sum_j exp(-|t - s_j|^2 / 2 beta^2), relative to the nearest center; `squares` is room for the distances. */
function logSum({ s, count }: Part, point: Float64Array, noiseStd: number, squares: Float64Array): number {
  const width = point.length
  let least = Infinity
  for (let j = 0; j < count; j++) {
    let square = 0
    for (let k = 0; k < width; k++) square += (s[j * width + k] - point[k]) ** 2
    squares[j] = square
    if (square < least) least = square
  }
  const factor = -1 / (2 * noiseStd ** 2)
  let total = 0
  for (let j = 0; j < count; j++) {
    const exponent = (squares[j] - least) * factor
    if (exponent > -40) total += Math.exp(exponent)
  }
  return Math.log(total) + least * factor
}
