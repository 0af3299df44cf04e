/** What is asked of samples and what is answered: the record of `infoflow estimate`, its keys those of schema version 1. */
import type { QuantityColumns } from '../tables/rows.js'

export interface EstimateOptions {
  /** beta: standard deviation of the layer's own noise, in the units of the samples; 0: a deterministic layer. */
  noiseStd: number
  /** Whether the inputs among the samples are all that X can be, or a sample of them (default). */
  inputs?: 'all' | 'sample'
  /** Half-width of the 95 % interval of mi, nats, up to which queries are drawn; by default one round of queries. */
  tolerance?: number
  /** Bound, in nats, on what skipping may change (METHOD 2.2); default 1e-6, 0 skips nothing. */
  certificate?: number
  /** B: batches of the jackknife over replicas; by default 16, or as many as the samples of each input allow. */
  batches?: number
  /** R: samples of each input in the sums over other inputs; by default all of them. */
  replicas?: number
  /** Of the noise of the queries; default 1. */
  seed?: number
}

/** Information in nats; null where there is nothing to say. NAME_low and NAME_high hold the 95 % interval. */
export interface InformationAnswer extends QuantityColumns {
  /** n, m and d. */
  samples: number
  inputs: number
  dimension: number
  noise_std: number
  /**
   * exact: one sample an input and all inputs given, so only the queries are random. all: all inputs given, with replicas. sample:
   * the inputs are a sample of X. deterministic: no noise, hence no estimate.
   */
  regime: 'exact' | 'all' | 'sample' | 'deterministic'
  /** Parts of mi_corrected - mi: for the replicas of an input, and (regime sample) for the inputs. */
  replica_correction: number | null
  input_correction: number | null
  mi_ceiling: number | null
  certificate: number | null
  numerical_error: number | null
  step_ratio: number | null
  /** Kolchinsky and Tracey's bounds on the raw h(T), with their standard errors over the samples used. */
  kt_lower: number | null
  kt_lower_se: number | null
  kt_upper: number | null
  kt_upper_se: number | null
  /** n below which the worst case leaves a bias of more than 0.1 nats (METHOD 2.3), and whether n is at least that. */
  minimal_samples: number | null
  sufficient: boolean | null
  /** sqrt(4 d / (beta^2 n n_MC)), nats: the proven worst case of the error from the queries. */
  query_error_bound: number | null
  /** H(Bin(S)) with 30 bins over each neuron's range; given for deterministic layers. */
  binned_entropy: number | null
  /** R, K (the largest where inputs differ), B, and all queries. */
  replicas: number
  own_replicas: number
  batches: number
  queries: number
  seconds: number
  warnings: string[]
}
