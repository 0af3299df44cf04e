/**
 * Rows to Arrow record batches and back. Arrow's own builders wrap and truncate what does not fit a column
 * (-1 becomes 4294967295), so every value is checked first: such a row is our fault, and must not reach a table.
 */
import { DataType, RecordBatch, Struct, Uint32, Vector, makeData, vectorFromArray } from 'apache-arrow'
import type { Data, Field, FixedSizeList, Float32, Schema } from 'apache-arrow'
import type { ActivationRows } from './rows.js'

/** One batch of rows of a table without number lists. Throws if a row's names or values are not the schema's. */
export function batchOfRows(schema: Schema, rows: readonly object[]): RecordBatch {
  for (const row of rows) checkNames(schema, row)
  const children = schema.fields.map((field) => {
    const values = rows.map((row) => checked(field, (row as Record<string, unknown>)[field.name]))
    return vectorFromArray(values, field.type).data[0]
  })
  return assemble(schema, rows.length, children)
}

/** Rows `from` .. `to` of the samples of one layer, columns shared with `rows` wherever they can be. */
export function batchOfActivations(schema: Schema, rows: ActivationRows, from: number, to: number): RecordBatch {
  const length = to - from
  const list = schema.fields[schema.fields.length - 1].type as FixedSizeList<Float32>
  checkActivations(schema, list.listSize, rows)
  const samples = rows.s.subarray(from * rows.width, to * rows.width)
  return assemble(schema, length, [
    uint32(new Uint32Array(length).fill(rows.seed)),
    uint32(new Uint32Array(length).fill(rows.epoch)),
    uint32(rows.replica.subarray(from, to)),
    uint32(rows.x.subarray(from, to)),
    rows.y ? uint32(rows.y.subarray(from, to)) : nulls(length),
    makeData({
      type: list,
      length,
      nullCount: 0,
      child: makeData({ type: list.children[0].type, length: samples.length, nullCount: 0, data: samples }),
    }),
  ])
}

/** The rows of a batch as plain objects: numbers, words, booleans, null, arrays, Float32Array for lists of floats. */
export function rowsOfBatch(batch: RecordBatch): Record<string, unknown>[] {
  const columns = batch.schema.fields.map((field, i) => [field.name, batch.getChildAt(i)!] as const)
  return Array.from({ length: batch.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, plain(values.get(row))])),
  )
}

function plain(value: unknown): unknown {
  if (!(value instanceof Vector)) return value
  return DataType.isFloat(value.type) ? value.toArray() : [...value]
}

function assemble(schema: Schema, length: number, children: Data[]): RecordBatch {
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

const uint32 = (data: Uint32Array) => makeData({ type: new Uint32(), length: data.length, nullCount: 0, data })

const nulls = (length: number) =>
  makeData({
    type: new Uint32(),
    length,
    nullCount: length,
    nullBitmap: new Uint8Array(Math.ceil(length / 8)),
    data: new Uint32Array(length),
  })

function checkActivations(schema: Schema, width: number, rows: ActivationRows): void {
  checked(schema.fields[0], rows.seed)
  checked(schema.fields[1], rows.epoch)
  const lengths = [rows.replica, rows.x, rows.y ?? rows.x].map((column) => column.length)
  if (rows.width === width && rows.s.length === width * rows.count && lengths.every((n) => n === rows.count)) return
  const found = `${rows.s.length} numbers of width ${rows.width}, columns of ${lengths.join(', ')}`
  throw new Error(`layer ${rows.layer}: ${rows.count} samples of width ${width} expected, found ${found}`)
}

function checkNames(schema: Schema, row: object): void {
  const unknown = Object.keys(row).filter((name) => !schema.fields.some((field) => field.name === name))
  if (unknown.length === 0) return
  throw new Error(`the table ${schema.metadata.get('table')} has no column ${unknown.join(', ')}`)
}

function checked(field: Field, value: unknown): unknown {
  if (value === null && field.nullable) return null
  if (fits(field.type, value)) return value
  throw new Error(`column ${field.name}: ${String(value)} is not ${field.nullable ? 'null or ' : ''}${field.type}`)
}

function fits(type: DataType, value: unknown): boolean {
  if (DataType.isFloat(type)) return typeof value === 'number'
  if (DataType.isInt(type)) return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32
  if (DataType.isUtf8(type)) return typeof value === 'string'
  if (DataType.isBool(type)) return typeof value === 'boolean'
  return DataType.isList(type) && Array.isArray(value) && value.every((item) => fits(type.children[0].type, item))
}
