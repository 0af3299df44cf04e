/**
 * What the layers of several seeds have in common: I(X;T_l) at the first measurement, at each seed's own highest and at
 * the last, as means with 95 % intervals over seeds, and the fall from highest to last.
 *
 * A seed is one training: its initialisation, order, split and noise. The interval covers the seeds not run, and holds
 * the sampling error of the estimates, which is one of the reasons why seeds differ; a bias that all share is not seen.
 */
import { pairedTInterval, tInterval, welchTInterval, type Interval } from '../math/intervals.js'
import type { InformationRow } from '../tables/rows.js'
import { groupedBy } from './grouped.js'
import { compression, estimated, tooFewReplicas, type Compression, type EstimatedRow } from './turning-points.js'

/** One layer over the seeds that have an estimate of it; in nats. */
export interface SeedSummary {
  layer: number
  dimension: number
  /** One for each seed, in ascending order of seeds: its rows with an estimate, by epoch. */
  curves: EstimatedRow[][]
  /** Highest minus last of each seed. */
  falls: Compression[]
  first: Interval
  /** Each seed's own, at whatever epoch: the highest of many values, and so a little high on average. */
  highest: Interval
  last: Interval
  /** Highest minus last, in the same networks. */
  paired: Interval
  /** Highest minus last, as if they came from two groups of networks (Welch). */
  unpaired: Interval
  /** In how many seeds the fall is compression: significant, and more than its own interval. */
  compressed: number
}

/** One summary for each layer, ascending; a layer without any estimate has no curves, and NaN for numbers. */
export function seedSummaries(rows: InformationRow[]): SeedSummary[] {
  const layers = [...groupedBy(rows, (row) => row.layer)].sort(([a], [b]) => a - b)
  return layers.map(([layer, own]) => ({ layer, dimension: own[0].dimension, ...summary(own) }))
}

/** Whether too few replicas are the rule: in more than half of these rows, one from each seed. */
export function mostlyTooFewReplicas(rows: InformationRow[]): boolean {
  return 2 * rows.filter(tooFewReplicas).length > rows.length
}

function summary(rows: InformationRow[]): Omit<SeedSummary, 'layer' | 'dimension'> {
  const seeds = [...groupedBy(rows, (row) => row.seed)].sort(([a], [b]) => a - b)
  const curves = seeds.map(([, own]) => estimated(own)).filter((curve) => curve.length > 0)
  const falls = curves.map((curve) => compression(curve)!)
  const nats = (values: EstimatedRow[]): number[] => values.map((row) => row.mi_corrected)
  const highest = nats(falls.map((fall) => fall.highest))
  const last = nats(falls.map((fall) => fall.last))
  return {
    curves,
    falls,
    first: tInterval(nats(curves.map((curve) => curve[0]))),
    highest: tInterval(highest),
    last: tInterval(last),
    paired: pairedTInterval(highest, last),
    unpaired: welchTInterval(highest, last),
    compressed: falls.filter(({ significant, low }) => significant && low > 0).length,
  }
}
