/**
 * What the columns of a table hold, in the few kinds that infoflow writes, and what must be known of all rows before a file is begun
 * whose form depends on them: one pass, a batch in memory at a time.
 */
import { DataType, type Field, type RecordBatch, type Vector } from 'apache-arrow'
import { InputError } from '../errors.js'
import type { OpenTable } from '../tables/read.js'

export type Kind = 'u32' | 'f32' | 'f64' | 'boolean' | 'text' | 'texts' | 'u32s' | 'f32s' | 'f64s'

export interface ExportColumn {
  name: string
  kind: Kind
  nullable: boolean
  unit: string
  description: string
  /** Values that are missing. */
  nulls: number
  /** Of lists of numbers: the lengths of the longest and the shortest. */
  width: number
  shortest: number
  /** Of text, also where texts are joined: characters (code points) of the longest. */
  characters: number
}

export interface Survey {
  rows: number
  columns: ExportColumn[]
}

/** Between the texts of a list, where a format has no lists: a warning holds none. */
export const textSeparator = ' | '

/** A list of texts as one. */
export const joined = (texts: Iterable<string>) => [...texts].join(textSeparator)

/** Throws InputError at a column of a type that infoflow does not write. */
export function surveyed(table: OpenTable): Survey {
  const columns = table.schema.fields.map(columnOf)
  let rows = 0
  for (const batch of table.batches()) {
    rows += batch.numRows
    for (const [i, column] of columns.entries()) see(column, batch.getChildAt(i)!)
  }
  return { rows, columns }
}

/** The values of a column of this batch, row by row: numbers, booleans, text, lists as plain arrays, null. */
export function* valuesOf(batch: RecordBatch, place: number): Generator<unknown> {
  const values = batch.getChildAt(place)!
  for (let row = 0; row < values.length; row++) yield plain(values.get(row))
}

/** Numbers without a missing one, as they lie in memory; null for other columns. */
export function numbersOf(batch: RecordBatch, place: number): Float64Array | Float32Array | Uint32Array | null {
  const values = batch.getChildAt(place)!
  const { type } = values
  return values.nullCount === 0 && (DataType.isFloat(type) || DataType.isInt(type)) ? values.toArray() : null
}

const plain = (value: unknown) =>
  typeof value === 'object' && value !== null ? Array.from(value as Iterable<unknown>) : value

function columnOf(field: Field): ExportColumn {
  const { name, nullable, metadata } = field
  const kind = kindOf(field.type)
  if (kind === null) throw new InputError(`column ${name} is ${String(field.type)}: no type that infoflow writes`)
  const [width, shortest] = DataType.isFixedSizeList(field.type)
    ? [field.type.listSize, field.type.listSize]
    : [0, Infinity]
  const told = { unit: metadata.get('unit') ?? '', description: metadata.get('description') ?? '' }
  return { name, kind, nullable, ...told, nulls: 0, width, shortest, characters: 0 }
}

function kindOf(type: DataType): Kind | null {
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return listKinds[String(type.children[0].type)] ?? null
  return kinds[String(type)] ?? null
}

const kinds: Record<string, Kind | undefined> = {
  ...{ Uint32: 'u32', Float32: 'f32', Float64: 'f64', Bool: 'boolean', Utf8: 'text' },
}
const listKinds: Record<string, Kind | undefined> = { Uint32: 'u32s', Float32: 'f32s', Float64: 'f64s', Utf8: 'texts' }

function see(column: ExportColumn, values: Vector): void {
  column.nulls += values.nullCount
  if (column.kind === 'text' || column.kind === 'texts') {
    for (const value of values) if (value !== null) seeText(column, column.kind === 'text' ? value : joined(value))
  }
  if (isNumberList(column) && !DataType.isFixedSizeList(values.type)) {
    for (const value of values) seeList(column, value === null ? 0 : value.length)
  }
}

function seeText(column: ExportColumn, text: string): void {
  if (text.length > column.characters) column.characters = Math.max(column.characters, [...text].length)
}

function seeList(column: ExportColumn, length: number): void {
  column.width = Math.max(column.width, length)
  column.shortest = Math.min(column.shortest, length)
}

export const isNumberList = ({ kind }: Pick<ExportColumn, 'kind'>) =>
  kind === 'u32s' || kind === 'f32s' || kind === 'f64s'
