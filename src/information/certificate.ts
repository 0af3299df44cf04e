/**
 * How far skipped centers and moments can have moved the corrected mi (METHOD 2.2), and how little may be left out so that this stays
 * within what was asked for. Half of it goes to skipping, half to moments.
 */
import { sum } from '../math/statistics.js'
import type { Bounds } from '../summation/summation.js'

/** What the jackknife makes of a change of theta that is at least 0, and of one of either sign. */
export interface Amplification {
  /** B where centers come in columns, else 1. */
  skipping: number
  /** 2 B - 1, else 1; times 1 + the share of the own centers in the sums over others, relative to `own`. */
  moments: number
}

export function amplification(columns: number, ownRatio: number): Amplification {
  return { skipping: columns, moments: (2 * columns - 1) * (1 + ownRatio) }
}

/**
 * `certificate`: nats, what skipping may change; 0 skips nothing. `ownWeight`: the least that a query's own center weighs, where all
 * centers together weigh `total`.
 */
export function boundsFor(
  noiseStd: number,
  certificate: number,
  amplified: Amplification,
  { ownWeight, total }: { ownWeight: number; total: number },
): Bounds {
  if (certificate === 0) return { noiseStd, threshold: -Infinity, relative: 0 }
  const skipped = certificate / (2 * amplified.skipping)
  return {
    noiseStd,
    threshold: Math.log((skipped * ownWeight) / total),
    relative: certificate / (2 * amplified.moments),
  }
}

/**
 * The bound reached, nats: `skipped` per query in units of its own center's weight, a thousandth more for rounding; `weight` of each
 * query, as control-variate.ts has it for bounds.
 */
export function certificateOf(
  amplified: Amplification,
  skipped: ArrayLike<number>,
  remainder: number,
  weight: ArrayLike<number>,
): number {
  const lost = sum(Array.from(skipped, (e, q) => weight[q] * Math.log1p(e * 1.001)))
  return amplified.skipping * lost + amplified.moments * remainder * sum(weight)
}
