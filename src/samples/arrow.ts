/** Samples from Arrow files (Feather V2) and streams, batch by batch, compressed with LZ4 or ZSTD or not. */
import { DataType, Precision } from 'apache-arrow'
import type { Dictionary, Field, Int } from 'apache-arrow'
import { BatchColumns } from './arrow-column.js'
import { indexArrow } from './arrow-index.js'
import type { ArrowIndex, Batch } from './arrow-index.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { sideBySide } from './source.js'
import type { Numbers, Portion, Scalar, Source } from './source.js'
import { unreadable } from './wording.js'

/** Values of the dictionaries so far, by id. */
type Dictionaries = Map<number, Scalar[]>

/** Throws InputError where the file is cut or damaged. */
export function openArrow(file: FileBytes, form: 'file' | 'stream'): Source {
  const index = indexArrow(file, form)
  const rowBatches = index.batches.filter(({ dictionary }) => dictionary === null)
  return {
    names: index.schema.fields.map(({ name }) => name),
    extent(chosen) {
      const sizes = rowBatches.map((batch) => sampleBytes(file, index, batch, chosen))
      return {
        rows: rowBatches.reduce((rows, { header }) => rows + header.length, 0),
        samples: sizes.reduce((sum, bytes) => sum + bytes, 0),
        portion: sizes.reduce((most, bytes) => Math.max(most, bytes), 0),
      }
    },
    portions: (chosen) => portions(file, index, chosen),
  }
}

function* portions(file: FileBytes, index: ArrowIndex, chosen: ChosenColumns): Generator<Portion> {
  const { fields, metadataVersion } = index.schema
  const wanted = scalarColumns(chosen)
  const dictionaries: Dictionaries = new Map()
  const types = valueTypes(fields.filter(({ name }) => wanted.includes(name)))
  let row = 0
  for (const batch of index.batches) {
    const columns = () => new BatchColumns(file, batch, metadataVersion, row, chosen.compact)
    const { length } = batch.header
    if (batch.dictionary) addDictionary(columns(), batch.dictionary, types, dictionaries)
    else if (length > 0) {
      const s = samples(columns(), fields, length, chosen)
      yield { rows: length, s, scalars: scalars(columns(), fields, chosen, dictionaries) }
      row += length
    }
  }
}

function samples(columns: BatchColumns, fields: Field[], rows: number, chosen: ChosenColumns): Numbers {
  const numbers = new Map<string, Numbers>()
  const wanted = new Set(chosen.s)
  for (const { name, type } of fields) {
    if (wanted.has(name)) numbers.set(name, columns.numbers(type, name))
    else columns.skip(type)
  }
  for (const [name, { values, width }] of numbers) {
    if (values.length !== rows * width) throw unreadable('Arrow', `${name} has not ${rows} rows`)
  }
  return sideBySide(
    chosen.s.map((name) => numbers.get(name)!),
    rows,
  )
}

function scalars(columns: BatchColumns, fields: Field[], chosen: ChosenColumns, dictionaries: Dictionaries) {
  const wanted = scalarColumns(chosen)
  const values = new Map<string, ArrayLike<Scalar>>()
  for (const { name, type } of fields) {
    if (wanted.includes(name)) values.set(name, columns.scalars(type, name, dictionaries))
    else columns.skip(type)
  }
  return values
}

function addDictionary(
  columns: BatchColumns,
  { id, isDelta }: { id: number; isDelta: boolean },
  types: ReturnType<typeof valueTypes>,
  dictionaries: Dictionaries,
): void {
  const used = types.get(id)
  if (!used) return
  const values = isDelta ? (dictionaries.get(id) ?? []) : []
  const more = columns.scalars(used.type, used.name, dictionaries)
  for (let i = 0; i < more.length; i++) values.push(more[i])
  dictionaries.set(id, values)
}

/** Dictionaries of the columns that are used, by their ids: the type of their values. */
function valueTypes(fields: Field[]) {
  const encoded = fields.filter(({ type }) => DataType.isDictionary(type))
  return new Map(
    encoded.map(({ name, type }) => [(type as Dictionary).id, { name, type: (type as Dictionary).dictionary }]),
  )
}

function sampleBytes(file: FileBytes, { schema }: ArrowIndex, batch: Batch, chosen: ChosenColumns): number {
  const columns = new BatchColumns(file, batch, schema.metadataVersion, 0)
  const wanted = new Set(chosen.s)
  let bytes = 0
  for (const { name, type } of schema.fields) {
    const values = columns.countNumbers(type)
    if (wanted.has(name)) bytes += values * (isSingle(type.children?.[0]?.type ?? type, chosen) ? 4 : 8)
  }
  return bytes
}

const isSingle = (type: DataType, { compact }: ChosenColumns) =>
  DataType.isFloat(type)
    ? type.precision !== Precision.DOUBLE
    : compact === true && DataType.isInt(type) && (type as Int).bitWidth <= 16
