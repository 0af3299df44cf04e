/** What the runs of several conditions came to, seed by seed: test errors, similarity at the end, and whether binned entropies moved alike. */
import { pairedTInterval, type Interval } from '../math/intervals.js'
import { rankCorrelation, type SeriesCorrelation } from '../math/rank-correlation.js'
import { groupedBy } from '../report/grouped.js'
import type { BinnedEntropyRow, ClusteringRow, TrainingRow } from '../tables/rows.js'
import type { SimilarityRow } from '../tables/similarity.js'
import type { Condition } from './definition.js'

/** All that was seen of one condition. */
export interface Seen {
  condition: Condition
  /** Whether its run came to its end. */
  whole: boolean
  training: TrainingRow[]
  clustering: ClusteringRow[]
  binned: BinnedEntropyRow[]
  similarity: SimilarityRow[]
}

/** Epochs that a rank correlation takes at least: of fewer it is one of a handful of values. */
export const fewestEpochs = 6

/** Part of the test set classified wrongly at the last evaluation, by seed; seeds whose network got that far. */
export function testErrors({ training }: Seen): Map<number, number> {
  const last = lastEpoch(training)
  const ends = training.filter((row) => row.epoch === last && row.test_accuracy !== null)
  return new Map(ends.map((row) => [row.seed, 1 - row.test_accuracy!]))
}

export const lastEpoch = (rows: readonly { epoch: number }[]) =>
  rows.reduce((last, { epoch }) => Math.max(last, epoch), 0)

/** Percentage points, over the seeds that both have. */
export function errorDifference(own: Seen, reference: Seen): Interval {
  const [errors, theirs] = [testErrors(own), testErrors(reference)]
  const seeds = [...errors.keys()].filter((seed) => theirs.has(seed))
  const points = (of: Map<number, number>) => seeds.map((seed) => 100 * of.get(seed)!)
  return pairedTInterval(points(errors), points(theirs))
}

/** Mean cosine similarity of a layer at the last epoch measured, of each seed that has one. */
export function endSimilarity({ similarity }: Seen, layer: number): number[] {
  const last = lastEpoch(similarity)
  const ends = similarity.filter((row) => row.layer === layer && row.epoch === last)
  return ends.flatMap(({ cosine_mean }) => (cosine_mean === null ? [] : [cosine_mean]))
}

export const layersOf = (rows: readonly { layer: number }[]) =>
  [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b)

/** Widths of bins that both conditions have. */
export function sharedWidths(a: Seen, b: Seen): number[] {
  const theirs = new Set(b.binned.map((row) => row.bin_width))
  return [...new Set(a.binned.map((row) => row.bin_width))].filter((width) => theirs.has(width)).sort((x, y) => x - y)
}

/** Over epochs, of H(Bin(S)) of a layer in both; a seed without one (constant, or few epochs) is left out. */
export function binnedCorrelations(own: Seen, reference: Seen, layer: number, width: number): SeriesCorrelation[] {
  const curve = ({ binned }: Seen) =>
    groupedBy(
      binned.filter((row) => row.layer === layer && row.bin_width === width),
      (row) => row.seed,
    )
  const others = curve(reference)
  return [...curve(own)].flatMap(([seed, rows]) => {
    const theirs = new Map((others.get(seed) ?? []).map((row) => [row.epoch, row.h_bin]))
    const both = rows.filter((row) => theirs.has(row.epoch))
    if (both.length < fewestEpochs) return []
    const left = both.map((row) => row.h_bin)
    const right = both.map((row) => theirs.get(row.epoch)!)
    const value = rankCorrelation(left, right)
    return value === null ? [] : [{ value, pairs: both.length }]
  })
}
