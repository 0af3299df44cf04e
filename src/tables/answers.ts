/**
 * The tables of `infoflow estimate`: `estimates`, one row for each group of samples, first what names the group, then
 * what was answered; `rivals`, the same of what others answer. Groups are named by columns of somebody else's file, so those may have any name and any value.
 */
import { Bool, Field, Float64, List, Uint32, Utf8 } from 'apache-arrow'
import type { DataType, Schema } from 'apache-arrow'
import { batchOfRows } from './batch.js'
import { diskError, writeAtomically } from './disk.js'
import { writeArrowFile } from './ipc.js'
import type { QuantityColumns, Rival } from './rows.js'
import {
  column,
  count,
  quantityColumns,
  real,
  rivalColumns,
  schemaOf,
  type Column,
  type TableMetadata,
} from './schema.js'

/** What names a group: `{ epoch: 3, layer: 1 }`; empty where all samples are one group. */
export type GroupKeys = Record<string, number | string>

/** Information in nats; null where there is nothing to say. NAME_low and NAME_high hold the 95 % interval. */
export interface AnswerRow extends QuantityColumns {
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
  /** sqrt(4 d / (beta^2 N)), nats, N all queries: the proven worst case of the error from the queries. */
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

export interface GroupAnswer {
  keys: GroupKeys
  answer: AnswerRow
}

export interface GroupRivals {
  keys: GroupKeys
  rivals: Rival[]
}

export const answerColumns: Column[] = [
  count('samples', 'n: samples of the group'),
  count('inputs', 'm: inputs among them'),
  count('dimension', 'd: numbers in a sample'),
  real('noise_std', 'units of s', "beta: standard deviation of the layer's own noise"),
  column('regime', new Utf8(), 'none', 'exact, all, sample (the inputs are a sample of X) or deterministic', true),
  ...quantityColumns,
  real('replica_correction', 'nats', 'part of mi_corrected - mi that is for the finite replicas'),
  real('input_correction', 'nats', 'part of mi_corrected - mi that is for the finite inputs (regime sample)'),
  real('mi_ceiling', 'nats', 'value that mi cannot exceed; in regime sample a ceiling of the sample, not of X'),
  real('certificate', 'nats', 'proven bound of what the skipped part of the sums changes in mi_corrected'),
  real('numerical_error', 'nats', 'bound of the rounding error of mi'),
  real('step_ratio', '1', '0.5 where the bias falls as 1/replicas; above 0.65 mi_corrected keeps some of it'),
  real('kt_lower', 'nats', "Kolchinsky and Tracey's lower bound of the raw h_t"),
  real('kt_lower_se', 'nats', 'standard error of kt_lower over the samples used'),
  real('kt_upper', 'nats', "Kolchinsky and Tracey's upper bound of the raw h_t"),
  real('kt_upper_se', 'nats', 'standard error of kt_upper over the samples used'),
  real('minimal_samples', 'count', 'n up to which the worst case leaves a bias of over 0.1 nats'),
  column('sufficient', new Bool(), 'none', 'whether samples is at least minimal_samples: necessary only', true),
  real('query_error_bound', 'nats', 'proven worst case of the error that comes from the queries'),
  real('binned_entropy', 'nats', "H(Bin(S)), 30 bins over each neuron's range; of deterministic layers"),
  count('replicas', 'R: samples of each input in the sums over other inputs'),
  count('own_replicas', "K: samples of the query's own input in the sum over itself; the largest of all inputs"),
  count('batches', 'B: disjoint shares of the samples for the jackknife'),
  count('queries', 'noisy samples averaged over'),
  real('seconds', 'seconds', 'wall-clock time of the estimate'),
  column('warnings', new List(new Field('item', new Utf8(), false)), 'none', 'checks that failed; empty is good'),
]

/** Names that no key may have: of the columns of both tables, and of the one field of a warning in JSON. */
const taken = new Set(['warning', ...[...answerColumns, ...rivalColumns].map(({ name }) => name)])

/** The keys under names that are no column of an answer or of a rival: `batches` becomes `by_batches`. */
export function distinctKeys(keys: GroupKeys): GroupKeys {
  const names = Object.keys(keys)
  return Object.fromEntries(names.map((name) => [distinct(name, names), keys[name]]))
}

function distinct(name: string, others: string[]): string {
  let free = name
  while (taken.has(free) || (free !== name && others.includes(free))) free = `by_${free}`
  return free
}

/** Writes the table as an Arrow file, whole or not at all. Throws InputError where the disk refuses. */
export function writeEstimates(path: string, answers: readonly GroupAnswer[], metadata: TableMetadata): void {
  const rows = answers.map(({ keys, answer }) => ({ keys, row: answer }))
  writeGrouped(path, schemaOf('estimates', [...keyColumns(answers), ...answerColumns], metadata), rows)
}

/** Writes the table `rivals` with the keys of its groups in front, as above. Throws InputError where the disk refuses. */
export function writeRivals(path: string, groups: readonly GroupRivals[], metadata: TableMetadata): void {
  const rows = groups.flatMap(({ keys, rivals }) => rivals.map((row) => ({ keys, row })))
  writeGrouped(path, schemaOf('rivals', [...keyColumns(groups), ...rivalColumns], metadata), rows)
}

function writeGrouped(path: string, schema: Schema, grouped: { keys: GroupKeys; row: AnswerRow | Rival }[]): void {
  const asText = schema.fields.filter((field) => field.type instanceof Utf8).map((field) => field.name)
  const rows = grouped.map(({ keys, row }) => ({ ...textKeys(keys, asText), ...row }))
  try {
    writeAtomically(path, (file) => writeArrowFile(file, schema, [batchOfRows(schema, rows)]))
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`)
  }
}

function keyColumns(answers: readonly { keys: GroupKeys }[]): Column[] {
  return Object.keys(answers[0]?.keys ?? {}).map((name) => {
    const values = answers.map(({ keys }) => keys[name])
    return column(name, keyType(values), 'none', 'what names the group: a column of the samples', true)
  })
}

/** Whole numbers as u32, other numbers as f64, anything else as text. */
function keyType(values: (number | string)[]): DataType {
  if (values.some((value) => typeof value === 'string')) return new Utf8()
  const whole = values.every((value) => (value as number) >>> 0 === value && !Object.is(value, -0))
  return whole ? new Uint32() : new Float64()
}

function textKeys(keys: GroupKeys, asText: string[]): GroupKeys {
  return Object.fromEntries(
    Object.entries(keys).map(([name, value]) => [name, asText.includes(name) ? String(value) : value]),
  )
}
