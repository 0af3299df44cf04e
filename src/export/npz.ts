/**
 * A table as NumPy's .npz (numpy.lib.format 1.0 and 2.0): an array for each column, whose bytes go from the table to the file a batch at a time,
 * one pass over the table for each column. NumPy knows no missing values: they are NaN, and a column of whole numbers or
 * booleans that has some is of float64; missing text is empty. A list of numbers is a row of a matrix.
 */
import type { RecordBatch } from 'apache-arrow'
import type { OpenTable } from '../tables/read.js'
import { isNumberList, joined, numbersOf, valuesOf, type ExportColumn, type Survey } from './columns.js'
import { ZipWriter } from './zip-writer.js'

/** How a column's values lie in its array: `descr` is NumPy's word for it. */
interface Form {
  descr: string
  /** Of one row. */
  bytes: number
  shape: number[]
  encode(batch: RecordBatch, place: number): Uint8Array
}

/** Writes all arrays, and what the table says of itself as the text `_metadata` (JSON), into an open, empty file. */
export function writeNpz(file: number, table: OpenTable, { rows, columns }: Survey): void {
  const archive = new ZipWriter(file)
  for (const [place, column] of columns.entries()) {
    const { descr, bytes, shape, encode } = formOf(column)
    const header = npyHeader(descr, [rows, ...shape])
    archive.add(
      `${column.name}.npy`,
      header.length + rows * bytes,
      pieces(header, table, (batch) => encode(batch, place)),
    )
  }
  const told = JSON.stringify(Object.fromEntries(table.schema.metadata))
  const text = textBytes([told], [...told].length)
  const header = npyHeader(`<U${text.length / 4}`, [])
  archive.add(`${metadataName(columns)}.npy`, header.length + text.length, [header, text])
  archive.finish()
}

/** `_metadata`, with more underscores where a column is called so. */
function metadataName(columns: readonly ExportColumn[]): string {
  let name = '_metadata'
  while (columns.some((column) => column.name === name)) name = `_${name}`
  return name
}

function* pieces(header: Buffer, table: OpenTable, encode: (batch: RecordBatch) => Uint8Array): Generator<Uint8Array> {
  yield header
  for (const batch of table.batches()) yield encode(batch)
}

function formOf(column: ExportColumn): Form {
  if (isNumberList(column)) return listForm(column)
  const { kind, nulls, characters } = column
  if (kind === 'text' || kind === 'texts') {
    const length = Math.max(1, characters)
    return {
      descr: `<U${length}`,
      bytes: 4 * length,
      shape: [],
      encode: (batch, i) => textBytes(textsOf(batch, i), length),
    }
  }
  if (kind === 'boolean' && nulls === 0)
    return { ...{ descr: '|b1', bytes: 1, shape: [] }, encode: numeric(Uint8Array) }
  if (kind === 'u32' && nulls === 0) return { ...{ descr: '<u4', bytes: 4, shape: [] }, encode: numeric(Uint32Array) }
  if (kind === 'f32') return { ...{ descr: '<f4', bytes: 4, shape: [] }, encode: numeric(Float32Array) }
  return { ...{ descr: '<f8', bytes: 8, shape: [] }, encode: numeric(Float64Array) }
}

type Numbers = typeof Uint8Array | typeof Uint32Array | typeof Float32Array | typeof Float64Array

/** Lists that are not all of one length end in NaN, and are of float64. */
function listForm({ kind, width, shortest }: ExportColumn): Form {
  const even = shortest >= width
  const [descr, bytes, Numbers]: [string, number, Numbers] =
    even && kind === 'u32s'
      ? ['<u4', 4, Uint32Array]
      : even && kind === 'f32s'
        ? ['<f4', 4, Float32Array]
        : ['<f8', 8, Float64Array]
  const encode = (batch: RecordBatch, place: number) => {
    const rows = new Numbers(batch.numRows * width)
    if (!even) rows.fill(NaN)
    let at = 0
    for (const list of valuesOf(batch, place)) {
      rows.set((list ?? []) as number[], at)
      at += width
    }
    return bytesOf(rows)
  }
  return { descr, bytes: bytes * width, shape: [width], encode }
}

const numeric = (Numbers: Numbers) => (batch: RecordBatch, place: number) => {
  const numbers = numbersOf(batch, place)
  if (numbers?.constructor === Numbers) return bytesOf(numbers)
  return bytesOf(new Numbers(Array.from(valuesOf(batch, place), (value) => (value === null ? NaN : Number(value)))))
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength)

function* textsOf(batch: RecordBatch, place: number): Generator<string> {
  for (const value of valuesOf(batch, place))
    yield Array.isArray(value) ? joined(value as string[]) : ((value as string | null) ?? '')
}

/** Characters of four bytes each, `length` of them a text, zeros behind. */
function textBytes(texts: Iterable<string>, length: number): Uint8Array {
  const rows = Array.from(texts, (text) => {
    const characters = new Uint32Array(length)
    characters.set(Array.from(text, (character) => character.codePointAt(0)!))
    return bytesOf(characters)
  })
  return Buffer.concat(rows)
}

/** Padded so that the values begin at a multiple of 64 bytes. */
function npyHeader(descr: string, shape: number[]): Buffer {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sides}), }`
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11) + '\n'
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  head.writeUInt16LE(padded.length, 8)
  return Buffer.concat([head, Buffer.from(padded, 'latin1')])
}
