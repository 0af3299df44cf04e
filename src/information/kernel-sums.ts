/** What the jackknife is given: the kernel sums of a layer, kept apart by what is left out in turn (METHOD 2.1). */

/**
 * The kernel sums of one layer. In `own` and `others` an input's centers count in means: `own` is the mean over the query's own
 * input, `others` the sum over other inputs x of p(x) / p(own input) times the mean over x. A column holds its share of both.
 */
export interface KernelSums {
  /** Queries, and B. */
  count: number
  columns: number
  columnsAre: 'batches' | 'queries' | 'groups'
  dimension: number
  noiseStd: number
  /** batches: count x columns; else count, over all own centers. */
  own: Float64Array
  /** queries: count x 2; else count x columns x 2. Sums over the same label and over other labels. */
  others: Float64Array
  /** count: what `others` held of the query's own input before that was taken out, and is rounded relative to; absent: nothing. */
  taken?: Float64Array
  /** count x 3, to be added to own and others whatever columns are left out: inputs with fewer centers than batches. */
  fixed: Float64Array | null
  /** count: input of each query, its column, and its weight; weights add up to 1, and to p(x) over the queries of x. */
  input: Uint32Array
  column: Uint8Array
  weight: Float64Array
  /** count: 1 where the noise is minus that of the query before; absent: nowhere. */
  mirrored?: Uint8Array
  /** count: ln p(x) of the query's input. */
  logPrior: Float64Array
  /** count: label of each query; null: none, and others of the same label are others of other labels. */
  label: Uint32Array | null
  /** Rows of P(label) by class: one for each group, or one in all. Empty without labels. */
  labelMass: Float64Array[]
  /** groups: p of each, as a part of 1. */
  groupMass: Float64Array | null
  /** Nothing random lies below: h(T|X) is that of the noise, and own sums are exact. */
  ownKnown: boolean
  /** count: |z|^2 / 2 beta^2. */
  noiseEnergy: Float64Array
  /** Bounds on the relative rounding error of a sum in `own` and in `others`. */
  ownRounding: number
  othersRounding: number
}
