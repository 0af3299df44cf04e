/**
 * Entropy by a Gaussian kernel density estimate whose width the points choose themselves: the one of a grid of ratio
 * 10^(1/5) at which points left out, one at a time (up to 512 of them), are likeliest. With q_i the density at point i
 * from all the others,
 *     h = -(1/N) sum_i log q_i(t_i)
 * which errs upwards: it is the cross-entropy of a density that is not quite the true one. Sums are taken relative to
 * each point's nearest neighbour, so that no width is too small to compute. Where points are identical the likelihood
 * grows without end as the kernel narrows: the smallest width of the grid is then taken, and h means little.
 */
import { mean } from '../math/statistics.js'
import type { Points } from './draws.js'
import { meanOf, nothing, type Estimate } from './estimate.js'

/** Widths in units of the points' root mean square deviation per coordinate. */
const grid = Array.from({ length: 26 }, (_, i) => 10 ** (i / 5 - 4.6))

export interface KernelEstimate extends Estimate {
  /** Standard deviation of the kernel, in the units of the points; null where there is no value. */
  width: number | null
}

/** Most points that the widths are compared on. */
const comparedOn = 512

/** h in nats; no value for a single point, -Infinity for points all alike. N^2 (d + 1) + 512 N (d + 26) steps. */
export function kernelDensity(points: Points): KernelEstimate {
  if (points.count < 2) return { ...nothing, width: null }
  const scale = deviation(points)
  if (scale === 0) return { value: -Infinity, se: null, width: null }
  const all = Array.from({ length: points.count }, (_, i) => i)
  const stride = Math.ceil(points.count / comparedOn)
  const some = all.filter((i) => i % stride === 0)
  const widths = grid.map((factor) => factor * scale)
  const scores = surprises(points, some, widths).map((terms) => mean(terms))
  const width = widths[scores.indexOf(Math.min(...scores))]
  return { ...meanOf(surprises(points, all, [width])[0]), width }
}

/** For each width and each of these points: -log of the density that all the others give it. */
function surprises(points: Points, rows: number[], widths: number[]): Float64Array[] {
  const terms = widths.map(() => new Float64Array(rows.length))
  const squares = new Float64Array(points.count)
  rows.forEach((i, row) => {
    const least = squaredDistances(points, i, squares)
    widths.forEach((width, w) => (terms[w][row] = -logDensity(squares, i, least, width, points.width)))
  })
  return terms
}

/** Log of the density that the other points give to point i. */
function logDensity(squares: Float64Array, i: number, least: number, width: number, dimension: number): number {
  const factor = -1 / (2 * width * width)
  let total = 0
  for (let j = 0; j < squares.length; j++) {
    const exponent = (squares[j] - least) * factor
    if (exponent > -40 && j !== i) total += Math.exp(exponent)
  }
  const constant = (dimension / 2) * Math.log(2 * Math.PI * width * width) + Math.log(squares.length - 1)
  return Math.log(total) + least * factor - constant
}

/** Squared distances to point i; returns the least to another point. */
function squaredDistances({ values, width, count }: Points, i: number, squares: Float64Array): number {
  let least = Infinity
  for (let j = 0; j < count; j++) {
    let square = 0
    for (let c = 0; c < width; c++) square += (values[j * width + c] - values[i * width + c]) ** 2
    squares[j] = square
    if (j !== i && square < least) least = square
  }
  return least
}

function deviation({ values, width, count }: Points): number {
  const variances = Array.from({ length: width }, (_, c) => {
    const column = Float64Array.from({ length: count }, (_, i) => values[i * width + c])
    const middle = mean(column)
    return mean(column.map((value) => (value - middle) ** 2))
  })
  return Math.sqrt(mean(variances))
}
