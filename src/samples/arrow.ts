/** Samples from Arrow files (Feather V2) and streams, batch by batch, compressed with LZ4 or ZSTD or not. */
import { DataType, Precision } from 'apache-arrow'
import type { Dictionary, Field } from 'apache-arrow'
import { BatchColumns } from './arrow-column.js'
import { indexArrow } from './arrow-index.js'
import type { ArrowIndex, Batch } from './arrow-index.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { sideBySide } from './source.js'
import type { Numbers, Portion, Scalar, Source } from './source.js'

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
  const dictionaries = new Map<number, ArrayLike<Scalar>>()
  const types = valueTypes(fields.filter(({ name }) => wanted.includes(name)))
  let row = 0
  for (const batch of index.batches) {
    const columns = new BatchColumns(file, batch, metadataVersion, row)
    if (batch.dictionary) {
      const { id, isDelta } = batch.dictionary
      const type = types.get(id)
      if (!type) continue
      const values = columns.scalars(type.type, type.name, dictionaries)
      const before = isDelta ? Array.from(dictionaries.get(id) ?? []) : []
      dictionaries.set(id, [...before, ...Array.from(values)])
      continue
    }
    if (batch.header.length > 0) yield portion(columns, fields, batch.header.length, chosen, dictionaries)
    row += batch.header.length
  }
}

function portion(
  columns: BatchColumns,
  fields: Field[],
  rows: number,
  chosen: ChosenColumns,
  dictionaries: Map<number, ArrayLike<Scalar>>,
): Portion {
  const wanted = scalarColumns(chosen)
  const numbers = new Map<string, Numbers>()
  const scalars = new Map<string, ArrayLike<Scalar>>()
  for (const { name, type } of fields) {
    if (chosen.s.includes(name)) numbers.set(name, columns.numbers(type, name))
    else if (wanted.includes(name)) scalars.set(name, columns.scalars(type, name, dictionaries))
    else columns.skip(type)
  }
  return {
    rows,
    s: sideBySide(
      chosen.s.map((name) => numbers.get(name)!),
      rows,
    ),
    scalars,
  }
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
  let bytes = 0
  for (const { name, type } of schema.fields) {
    const values = columns.countNumbers(type)
    if (chosen.s.includes(name)) bytes += values * (isSingle(type.children?.[0]?.type ?? type) ? 4 : 8)
  }
  return bytes
}

const isSingle = (type: DataType) => DataType.isFloat(type) && type.precision !== Precision.DOUBLE
