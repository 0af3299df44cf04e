/**
 * Spearman's rank correlation, and its mean over independent series by Fisher's z (METHOD 4.3): correlations lie in [-1, 1]
 * and crowd at the ends, atanh spreads them out, and there a t-interval is taken. Points within a series follow
 * each other in time and are not independent, so that a single series has no interval.
 */
import { tInterval } from './intervals.js'
import { covariance, variance } from './statistics.js'

/** The correlation of one series, and of how many pairs it is. */
export interface SeriesCorrelation {
  value: number
  pairs: number
}

/** Not around the value: the interval is even in z alone. */
export interface CorrelationInterval {
  value: number
  /** NaN for fewer than two series. */
  low: number
  high: number
}

/**
 * Pearson's correlation of the ranks, ties sharing their mean rank; in [-1, 1]. Null where it means nothing: fewer than
 * three pairs, or one side constant. Unequal lengths and values that are not finite throw.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  if (a.length !== b.length) throw new RangeError(`rankCorrelation: ${a.length} values against ${b.length}`)
  if (a.length < 3) return null
  const [left, right] = [ranks(a), ranks(b)]
  const scale = Math.sqrt(variance(left) * variance(right))
  return scale === 0 ? null : Math.min(1, Math.max(-1, covariance(left, right) / scale))
}

/** From 1; equal values share the mean of their places. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (value, i) => {
    if (!Number.isFinite(value)) throw new RangeError(`ranks: value ${i} is ${value}`)
    return i
  }).sort((i, j) => values[i] - values[j])
  const found = new Float64Array(order.length)
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++
    for (let place = from; place < to; place++) found[order[place]] = (from + 1 + to) / 2
  }
  return found
}

/**
 * tanh of the mean of atanh(value), with the t-interval of that mean; of series that are independent of each other. Perfect
 * ones are first pulled in (see below). Without series NaN.
 */
export function fisherInterval(series: readonly SeriesCorrelation[], level = 0.95): CorrelationInterval {
  const z = series.map((each) => Math.atanh(pulledIn(each)))
  const { value, half } = tInterval(z, level)
  return { value: Math.tanh(value), low: Math.tanh(value - half), high: Math.tanh(value + half) }
}

/**
 * Without ties the correlation next to 1 is 1 - 12 / (n (n^2 - 1)): 1 itself, infinite in z, is taken for the middle
 * between the two.
 */
function pulledIn({ value, pairs }: SeriesCorrelation): number {
  const most = 1 - 6 / (pairs * (pairs * pairs - 1))
  return Math.max(-most, Math.min(most, value))
}
