/** Samples from Parquet, one row group after the other. */
import { getHeapStatistics } from 'node:v8'
import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet'
import type { FileMetaData, SchemaTree } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { asFloats, asScalars, sideBySide } from './source.js'
import type { Extent, Floats, Numbers, Portion, Scalar, Source } from './source.js'
import { emptyList, missingNumber, missingValue, ragged, shown, size, unreadable, wrongType } from './wording.js'

/**
 * The decoder unpacks a whole row group into lists of JavaScript: bytes on its heap for each number and each list, a
 * little more than measured (10^6 lists of 12 need between 500 and 600 MB; a list has room for 17 numbers at least).
 */
const heapPerNumber = 40
const heapPerList = 200

/** Throws InputError where the file is cut or damaged. */
export async function openParquet(file: FileBytes): Promise<Source> {
  const buffer = {
    byteLength: file.size,
    slice: (start: number, end = file.size) => file.read(start, end - start).buffer,
  }
  const metadata = await decoded(() => parquetMetadataAsync(buffer))
  const { children } = await decoded(() => parquetSchema(metadata))
  const columns = new Map(children.map((child) => [child.element.name, child]))
  return {
    names: children.map(({ element }) => element.name),
    extent: (chosen) => extent(metadata, columns, chosen),
    async *portions(chosen) {
      const scalars = scalarColumns(chosen)
      for (const name of chosen.s) checkNumeric(columns.get(name)!)
      for (const name of scalars) checkScalar(columns.get(name)!)
      const names = [...chosen.s, ...scalars]
      const scan = await decoded(() => parquetScan({ file: buffer, metadata, columns: names, compressors }))
      for (const range of scan.ranges) {
        const read = (column: string) => decoded(() => scan.readColumn({ column, ...range }))
        yield await portion(read, range.rowStart, range.rowEnd, columns, chosen)
      }
    },
  }
}

async function portion(
  read: (column: string) => Promise<ArrayLike<unknown>>,
  rowStart: number,
  rowEnd: number,
  columns: Map<string, SchemaTree>,
  chosen: ChosenColumns,
): Promise<Portion> {
  const rows = rowEnd - rowStart
  const numbers: Numbers[] = []
  for (const name of chosen.s) {
    const tree = columns.get(name)!
    const values = await read(name)
    if (values.length !== rows) throw unreadable('Parquet', `${name} has ${values.length} values in ${rows} rows`)
    numbers.push(tree.children.length > 0 ? lists(values, tree, rowStart) : plain(values, tree, rowStart))
  }
  const scalars = new Map<string, ArrayLike<Scalar>>()
  for (const name of scalarColumns(chosen)) scalars.set(name, scalarsOf(await read(name)))
  return { rows, s: sideBySide(numbers, rows), scalars }
}

function lists(rows: ArrayLike<unknown>, tree: SchemaTree, firstRow: number): Numbers {
  const { name } = tree.element
  const width = (rows[0] as unknown[] | null)?.length ?? 0
  const values = floatsFor(tree, rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    const list = rows[i] as (number | bigint | boolean | null)[] | null | undefined
    if (list === null || list === undefined) throw missingValue(firstRow + i, name)
    if (list.length === 0) throw emptyList(firstRow + i, name)
    if (list.length !== width) throw ragged(firstRow + i, name, list.length, width)
    for (let j = 0; j < width; j++) {
      const value = list[j]
      if (value === null || value === undefined) throw missingNumber(firstRow + i, j, name)
      values[i * width + j] = Number(value)
    }
  }
  return { values, width }
}

function plain(column: ArrayLike<unknown>, tree: SchemaTree, firstRow: number): Numbers {
  if (ArrayBuffer.isView(column)) return { values: asFloats(column as unknown as Floats), width: 1 }
  const values = floatsFor(tree, column.length)
  for (let i = 0; i < values.length; i++) {
    const value = column[i]
    if (value === null || value === undefined) throw missingValue(firstRow + i, tree.element.name)
    values[i] = Number(value)
  }
  return { values, width: 1 }
}

function scalarsOf(values: ArrayLike<unknown>): ArrayLike<Scalar> {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return asScalars(values)
  if (ArrayBuffer.isView(values)) return values as unknown as ArrayLike<number>
  return Array.from(values as ArrayLike<Scalar | undefined>, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : null
    return number !== null && Number.isSafeInteger(number) ? number : (value ?? null)
  })
}

function extent(metadata: FileMetaData, columns: Map<string, SchemaTree>, chosen: ChosenColumns): Extent {
  const sizes = metadata.row_groups.map(({ columns: chunks, num_rows: rows }) => {
    let [bytes, heap] = [0, 0]
    for (const { meta_data: chunk } of chunks) {
      const name = chunk?.path_in_schema[0] ?? ''
      if (!chunk || !chosen.s.includes(name)) continue
      bytes += Number(chunk.num_values) * (isSingle(columns.get(name)!) ? 4 : 8)
      if (chunk.path_in_schema.length > 1) heap += heapPerNumber * Number(chunk.num_values) + heapPerList * Number(rows)
    }
    return { bytes, heap }
  })
  const heap = sizes.reduce((most, one) => Math.max(most, one.heap), 0)
  checkHeap(heap, 0.8 * getHeapStatistics().heap_size_limit)
  const portion = sizes.reduce((most, one) => Math.max(most, one.bytes), 0)
  const samples = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  return { rows: Number(metadata.num_rows), samples, portion: portion + heap }
}

function checkHeap(need: number, limit: number): void {
  if (need <= limit) return
  throw new InputError(
    `a row group takes ${size(need)} to unpack: expected at most ${size(limit)}; ` +
      'write smaller ones (row_group_size), or Feather, or raise NODE_OPTIONS=--max-old-space-size=MB',
  )
}

function leafOf(tree: SchemaTree): { leaf: SchemaTree; depth: number } {
  let [leaf, depth] = [tree, 0]
  for (; leaf.children.length === 1; leaf = leaf.children[0])
    depth += Number(leaf.element.repetition_type === 'REPEATED')
  return { leaf, depth: depth + Number(leaf.element.repetition_type === 'REPEATED') }
}

function checkNumeric(tree: SchemaTree): void {
  const { leaf, depth } = leafOf(tree)
  if (leaf.children.length === 0 && depth <= 1 && isNumber(leaf)) return
  throw wrongType(tree.element.name, typeText(leaf, depth), 'numbers, or lists of numbers')
}

function checkScalar(tree: SchemaTree): void {
  const { type, converted_type: converted } = tree.element
  const text = type === 'BYTE_ARRAY' && (converted === undefined || ['UTF8', 'ENUM'].includes(converted))
  if (tree.children.length === 0 && tree.element.repetition_type !== 'REPEATED' && (text || isNumber(tree))) return
  const { leaf, depth } = leafOf(tree)
  throw wrongType(tree.element.name, typeText(leaf, depth), 'integers, strings or booleans')
}

/** Times and decimals are stored as numbers too. */
function isNumber({ element: { type, converted_type: converted, logical_type: logical } }: SchemaTree): boolean {
  const kind = logical?.type ?? 'INTEGER'
  if (type === 'FIXED_LEN_BYTE_ARRAY') return kind === 'FLOAT16'
  if (type === 'FLOAT' || type === 'DOUBLE' || type === 'BOOLEAN') return true
  return (
    (type === 'INT32' || type === 'INT64') && kind === 'INTEGER' && (converted === undefined || /INT/.test(converted))
  )
}

function typeText({ children, element }: SchemaTree, depth: number): string {
  const inner =
    children.length > 0 ? 'a struct' : (element.logical_type?.type ?? element.converted_type ?? element.type)
  return `${'a list of '.repeat(depth)}${inner}`
}

const isSingle = (tree: SchemaTree) => ['FLOAT', 'FIXED_LEN_BYTE_ARRAY'].includes(leafOf(tree).leaf.element.type ?? '')

const floatsFor = (tree: SchemaTree, length: number) =>
  isSingle(tree) ? new Float32Array(length) : new Float64Array(length)

/** What the decoder throws at a damaged file says little to a person, but it is all there is to say. */
async function decoded<Value>(decode: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await decode()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw unreadable('Parquet', shown((error as Error).message, 100))
  }
}
