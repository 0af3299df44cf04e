/**
 * The tables of experiments without a network, of schema version 1: a row for each estimate and repetition, beside what is true. All
 * information is in nats.
 */
import { Bool, Field, Float64, List, Uint32, Utf8 } from 'apache-arrow'
import type { Schema } from 'apache-arrow'
import { column, count, real, schemaOf, type TableMetadata } from './schema.js'

/** What rows of both tables have in common. */
interface EstimateColumns {
  dimension: number
  noise_std: number
  /** sp (sample propagation), kde or kozachenko-leonenko. */
  estimator: string
  /** n. */
  samples: number
  /** From 1. */
  repetition: number
  /** Of the value without correction; of rivals over their points. */
  se: number | null
  low: number | null
  high: number | null
  seconds: number
  warnings: string[]
}

/** One estimate of h(T). */
export interface MixtureRow extends EstimateColumns {
  /** samples: drawn from the mixture. corners: all of its centres known, so that only queries are random. */
  part: 'samples' | 'corners'
  truncated: boolean | null
  /** Queries of each sample, on average; null for rivals. */
  queries_per_sample: number | null
  truth: number
  value: number | null
  corrected: number | null
  minimal_samples: number | null
}

/** One estimate of I(S; S + Z). */
export interface ReedMullerRow extends EstimateColumns {
  order: number
  variables: number
  /** k; the code has 2^k words. */
  code_dimension: number
  regime: 'all words' | 'sampled'
  snr_db: number
  mi: number | null
  mi_corrected: number | null
  h_t: number | null
  /** null where no closed form is known. */
  truth: number | null
  bound_words: number
  bound_gaussian: number
  bound_bpsk: number
}

const words = (name: string, description: string) => column(name, new Utf8(), 'none', description)

const place = [
  column('dimension', new Uint32(), 'count', 'd: numbers in a sample'),
  column('noise_std', new Float64(), '1', 'beta: standard deviation of the noise on each of them'),
  words('estimator', 'sp (sample propagation), kde or kozachenko-leonenko'),
  column('samples', new Uint32(), 'count', 'n: samples of S, or for rivals noisy points made of as many'),
  column('repetition', new Uint32(), 'count', 'from 1: each with samples and noise of its own'),
]

const rest = [
  real('se', 'nats', 'standard error: of the corrected value for sp, over the points for rivals'),
  real('low', 'nats', 'lower end of the 95 % interval around the corrected value'),
  real('high', 'nats', 'upper end of the 95 % interval around the corrected value'),
  real('seconds', 'seconds', 'wall-clock time of the estimate'),
  column('warnings', new List(new Field('item', new Utf8(), false)), 'none', 'checks that failed; empty is good'),
]

const mixtureColumns = [
  words('part', 'samples: drawn from the mixture; corners: all centres known, only queries are random'),
  ...place,
  column('truncated', new Bool(), 'none', 'whether samples are kept to [-1, 1] on each axis', true),
  real('queries_per_sample', 'count', 'noisy points for each sample, n_MC; null for rivals'),
  real('truth', 'nats', 'h(T), d times a quadrature'),
  real('value', 'nats', 'h(T) as the estimator gives it, without correction; null where there is none'),
  real('corrected', 'nats', 'h(T) less the bias, by the jackknife; null for rivals'),
  ...rest,
  real('minimal_samples', 'count', 'n up to which the worst case leaves a bias of over 0.1 nats'),
]

const reedMullerColumns = [
  column('order', new Uint32(), 'count', 'r of RM(r, m)'),
  column('variables', new Uint32(), 'count', 'm of RM(r, m)'),
  count('code_dimension', 'k: the code has 2^k words'),
  words('regime', 'all words: every one is summed over; sampled: n of them drawn'),
  ...place,
  column('snr_db', new Float64(), 'dB', 'signal to noise, 10 log10(1 / beta^2)'),
  real('mi', 'nats', 'I(S; S + Z) of a whole word, without correction; of rivals h less that of the noise'),
  real('mi_corrected', 'nats', 'mi less its bias, by the jackknife; null for rivals'),
  real('h_t', 'nats', 'h(S + Z), corrected where there is a correction'),
  ...rest,
  real('truth', 'nats', 'I(S; S + Z) by quadrature, where independent uses of the channel give it'),
  real('bound_words', 'nats', 'k log 2: entropy of a word'),
  real('bound_gaussian', 'nats', '(d/2) log(1 + 1/beta^2): capacity of d uses of the channel'),
  real('bound_bpsk', 'nats', 'd times the information of one use with inputs -1, 1'),
]

export const mixtureSchema = (metadata: TableMetadata): Schema => schemaOf('mixture', mixtureColumns, metadata)
export const reedMullerSchema = (metadata: TableMetadata): Schema =>
  schemaOf('reed-muller', reedMullerColumns, metadata)
