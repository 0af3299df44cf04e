/**
 * Batches of one schema as one batch, column by column: a table put together of thousands of small ones costs a reader
 * some kilobytes a batch and column, and going through rows would cost microseconds a value.
 */
import { DataType, RecordBatch, Struct, makeData, vectorFromArray } from 'apache-arrow'
import type { Data, Field, Schema } from 'apache-arrow'

/** All rows in order, under `schema`. Fixed-width columns are copied whole; words and lists go value by value. */
export function concatenated(schema: Schema, batches: readonly RecordBatch[]): RecordBatch {
  const columns = schema.fields.map((field, i) =>
    column(
      field,
      batches.map((batch) => batch.data.children[i]),
      batches.map((batch) => () => batch.getChildAt(i)!),
    ),
  )
  return batchOfColumns(schema, columns)
}

/** One batch out of its columns, which are of one length. */
export function batchOfColumns(schema: Schema, children: Data[]): RecordBatch {
  const length = children[0].length
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

type Values = Iterable<unknown>

function column({ type }: Field, parts: readonly Data[], values: readonly (() => Values)[]): Data {
  const copied = DataType.isFloat(type) || DataType.isInt(type)
  if (copied && parts.every(({ offset }) => offset === 0)) return joined(type, parts)
  return vectorFromArray(
    values.flatMap((read) => [...read()].map(plain)),
    type,
  ).data[0]
}

/** A list comes as a vector, which no builder takes. */
const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Symbol.iterator in value ? [...(value as Values)] : value

function joined(type: DataType, parts: readonly Data[]): Data {
  const length = parts.reduce((all, part) => all + part.length, 0)
  const nullCount = parts.reduce((all, part) => all + part.nullCount, 0)
  const data = new (parts[0].values.constructor as Float64ArrayConstructor)(length)
  const nullBitmap = nullCount > 0 ? new Uint8Array(Math.ceil(length / 8)) : undefined
  let at = 0
  for (const part of parts) {
    data.set(part.values.subarray(0, part.length), at)
    if (nullBitmap) copyBits(part, nullBitmap, at)
    at += part.length
  }
  return makeData({ type, length, nullCount, data, ...(nullBitmap && { nullBitmap }) } as never)
}

function copyBits({ length, nullCount, nullBitmap }: Data, into: Uint8Array, at: number): void {
  for (let i = 0; i < length; i++) {
    const valid = nullCount === 0 || (nullBitmap[i >> 3] >> (i & 7)) & 1
    if (valid) into[(at + i) >> 3] |= 1 << ((at + i) & 7)
  }
}
