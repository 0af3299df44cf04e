/** What is asked of samples and what is answered: the record of `infoflow estimate`, its keys those of schema version 1. */
import type { AnswerRow } from '../tables/answers.js'

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
  /** About how many queries a round has, at least one for each input and batch; by default 2^15. */
  queries?: number
  /** Told before the work, where it will take longer than ten minutes: about how many seconds a round of queries takes. */
  forecast?: (seconds: number) => void
  /** Of the noise of the queries; default 1. */
  seed?: number
}

/** The record of one answer: the columns of the table `estimates`. */
export type InformationAnswer = AnswerRow
