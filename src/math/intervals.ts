/**
 * Confidence intervals for means of few independent values, by Student's t. They take the values for a normal sample,
 * which matters the less the more there are; two values are enough, and their interval is as wide as that deserves.
 */
import { mean, standardError, studentTQuantile } from './statistics.js'

/** value ± half, in the units of the values. */
export interface Interval {
  value: number
  /** Half the interval's width; NaN where a group has fewer than two values. */
  half: number
  /** Degrees of freedom, not whole for Welch's interval. */
  dof: number
}

/** Of the mean: n - 1 degrees of freedom. */
export function tInterval(values: ArrayLike<number>, level = 0.95): Interval {
  return around(mean(values), standardError(values), values.length - 1, level)
}

/** Of the mean of a[i] - b[i], where a[i] and b[i] belong together; unequal lengths throw. */
export function pairedTInterval(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): Interval {
  if (a.length !== b.length) throw new RangeError(`pairedTInterval: ${a.length} values against ${b.length}`)
  return tInterval(
    Float64Array.from(a, (value, i) => value - b[i]),
    level,
  )
}

/** Of mean(a) - mean(b), two independent groups of unequal variances (Welch 1947, Satterthwaite's degrees of freedom). */
export function welchTInterval(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): Interval {
  const [errorA, errorB] = [standardError(a), standardError(b)]
  const se = Math.hypot(errorA, errorB)
  // shares of the variance, so that nothing under- or overflows, and two groups of constants keep a meaning
  const shares = [errorA / se, errorB / se].map((share) => share * share)
  const dof =
    se === 0 ? a.length + b.length - 2 : 1 / (shares[0] ** 2 / (a.length - 1) + shares[1] ** 2 / (b.length - 1))
  return around(mean(a) - mean(b), se, dof, level)
}

function around(value: number, se: number, dof: number, level: number): Interval {
  return { value, half: dof > 0 ? studentTQuantile((1 + level) / 2, dof) * se : NaN, dof }
}
