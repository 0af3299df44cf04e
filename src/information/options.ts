/** How I(X;T_l) is estimated (METHOD 2.1). Counts: R = replicas, K = ownReplicas, B = batches, Q = queries. */
export interface MeasurementOptions {
  /** Layers to measure, from 1. */
  layers: number[]
  /** R: centers per input in the sum over all inputs; a multiple of `batches`. */
  replicas: number
  /** K: centers of the queried input in the sum over itself; a multiple of `batches`, at least `replicas`. */
  ownReplicas: number
  /** B: disjoint shares of both, for the jackknife. */
  batches: number
  /** Q: queries per input and batch. */
  queries: number
  /** Bound, in nats, that the skipped part of a sum may reach; 0 skips nothing. */
  tolerance: number
}
