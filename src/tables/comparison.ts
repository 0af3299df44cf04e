/**
 * The table of `infoflow compare`: one row for each number, with its interval where it has one. A condition is one
 * configuration over its seeds; `against` is the other one of a difference or of a correlation between two.
 */
import { Uint32, Utf8 } from 'apache-arrow'
import { batchOfRows } from './batch.js'
import { diskError, writeAtomically } from './disk.js'
import { writeArrowFile } from './ipc.js'
import { column, real, schemaOf, type Column, type TableMetadata } from './schema.js'

/** What is told of a layer, or (test_accuracy) of the network; formulas in METHOD 4.3. */
export const statistics = {
  compression: 'highest minus last I(X;T)',
  conditional_compression: 'highest minus last I(X;T|Y) = I(X;T) - I(Y;T)',
  label_change: 'I(Y;T), last minus at the epoch of the highest I(X;T)',
  within_change: 'log of the within-class median distance, last over at the epoch of the highest I(X;T)',
  binned_change: 'H(Bin(T)), last minus at the epoch of the highest I(X;T)',
  rank_within: 'rank correlation over epochs of I(X;T) and the within-class median distance',
  rank_binned: 'rank correlation over epochs of I(X;T) and H(Bin(T))',
  rank_binned_against: 'rank correlation over epochs of H(Bin(T)) and the I(X;T) of the other condition',
  test_accuracy: 'part of the test set classified rightly at the last evaluation, without noise',
} as const
export type Statistic = keyof typeof statistics

/** seed: of one seed. mean, fisher-z: over seeds. paired, welch: condition less `against`, over seeds. */
export const methods = ['seed', 'mean', 'fisher-z', 'paired', 'welch'] as const
export type Method = (typeof methods)[number]

export interface ComparisonRow {
  condition: string
  against: string | null
  /** Null for what is said of the whole network. */
  layer: number | null
  statistic: Statistic
  /** Such as width=0.05; empty where there is nothing to choose. */
  parameter: string
  unit: 'nats' | 'fraction' | '1'
  method: Method
  seed: number | null
  /** Seeds that have a value: of the condition, and of `against` where it is a difference. */
  seeds: number
  against_seeds: number | null
  value: number | null
  low: number | null
  high: number | null
  /** Why there is no value, or no interval. */
  note: string | null
}

const statisticText = Object.entries(statistics).map(([name, text]) => `${name}: ${text}`)

export const comparisonColumns: Column[] = [
  column('condition', new Utf8(), 'none', 'a configuration over its seeds, named after its folder'),
  column('against', new Utf8(), 'none', 'the other condition, of a difference or a correlation between two', true),
  column('layer', new Uint32(), 'index', 'layer, from 1; null for what is said of the network', true),
  column('statistic', new Utf8(), 'none', statisticText.join('; ')),
  column('parameter', new Utf8(), 'none', 'such as width=0.05, the width of the bins; empty where there is none'),
  column('unit', new Utf8(), 'none', 'of value, low and high: nats, fraction or 1'),
  column('method', new Utf8(), 'none', 'seed: of one seed; mean, fisher-z: over seeds; paired, welch: differences'),
  column('seed', new Uint32(), 'none', 'of the method seed', true),
  column('seeds', new Uint32(), 'count', 'seeds of the condition that went in'),
  column('against_seeds', new Uint32(), 'count', 'seeds of the other condition that went in', true),
  real('value', 'unit', 'the statistic; of a difference condition less against'),
  real('low', 'unit', 'lower end of the 95 % interval over seeds; null of a single seed'),
  real('high', 'unit', 'upper end of the 95 % interval over seeds'),
  column('note', new Utf8(), 'none', 'why there is no value', true),
]

/** Writes the table as an Arrow file, whole or not at all. Throws InputError where the disk refuses. */
export function writeComparison(path: string, rows: readonly ComparisonRow[], metadata: TableMetadata): void {
  const schema = schemaOf('comparison', comparisonColumns, metadata)
  try {
    writeAtomically(path, (file) => writeArrowFile(file, schema, [batchOfRows(schema, rows)]))
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`)
  }
}
