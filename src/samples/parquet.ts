/** Samples from Parquet, one row group after the other. */
import { getHeapStatistics } from 'node:v8'
import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet'
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from 'hyparquet'
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { scalarColumns } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { decoders } from './parquet-codecs.js'
import { checkPages } from './parquet-pages.js'
import { asFloats, asScalars, sideBySide } from './source.js'
import type { Extent, Floats, Numbers, Portion, Scalar, Source } from './source.js'
import { thriftStruct } from './thrift.js'
import { emptyList, missingNumber, missingValue, ragged, shown, size, unreadable, wrongType } from './wording.js'

/**
 * The decoder unpacks a whole row group into lists of JavaScript: bytes on its heap for each number and each list, a
 * little more than measured (10^6 lists of 12 need between 500 and 600 MB; a list has room for 17 numbers at least).
 */
const heapPerNumber = 40
const heapPerList = 200
/** Of columns of plain numbers, which are lists of JavaScript too where they may be null or have a dictionary. */
const heapPerValue = 16

/** Bytes of metadata, which become many times as many in memory. */
const longestFooter = 2 ** 25

/** Throws InputError where the file is cut or damaged. */
export async function openParquet(file: FileBytes): Promise<Source> {
  const buffer = {
    byteLength: file.size,
    slice: (start: number, end = file.size) => file.read(start, end - start).buffer,
  }
  await decoded(() => checkFooter(file))
  const metadata = await decoded(() => parquetMetadataAsync(buffer, { geoparquet: false }))
  const { children } = await decoded(() => parquetSchema(metadata))
  await decoded(() => checkChunks(metadata, file.size))
  const columns = new Map(children.map((child) => [child.element.name, child]))
  return {
    names: children.map(({ element }) => element.name),
    extent: (chosen) => extent(metadata, columns, chosen),
    async *portions(chosen) {
      const scalars = scalarColumns(chosen)
      for (const name of chosen.s) checkNumeric(columns.get(name)!)
      for (const name of scalars) checkScalar(columns.get(name)!)
      const names = [...chosen.s, ...scalars]
      const options = { metadata, columns: names, compressors: decoders, useOffsetIndex: false }
      const scan = await decoded(() => parquetScan({ file: buffer, ...options }))
      for (const range of scan.ranges) {
        await decoded(() => checkGroup(file, groupAt(metadata, range.rowStart), columns, names))
        const read = (column: string) => decoded(() => scan.readColumn({ column, ...range }))
        yield await portion(read, range.rowStart, range.rowEnd, columns, chosen)
      }
    },
  }
}

function checkFooter(file: FileBytes): void {
  const length = new DataView(file.read(file.size - 8, 4).buffer).getUint32(0, true)
  if (length > Math.min(longestFooter, file.size - 12)) throw new RangeError(`metadata of ${length} bytes`)
  thriftStruct(file.read(file.size - 8 - length, length))
}

/** Row groups that share their bytes would make much of a small file. */
function checkChunks({ row_groups: groups }: FileMetaData, size: number): void {
  const chunks = groups.flatMap(({ columns }) =>
    columns.map((column) => Number(column.meta_data?.total_compressed_size ?? 0)),
  )
  const bytes = chunks.reduce((sum, one) => sum + Math.max(0, one), 0)
  if (bytes > size) throw new RangeError(`columns of ${bytes} bytes in ${size}, which lie over one another`)
}

function groupAt({ row_groups: groups }: FileMetaData, row: number): RowGroup {
  let start = 0
  const found = groups.find(({ num_rows: rows }) => row < (start += Number(rows)))
  if (!found) throw new RangeError(`no row group holds row ${row}`)
  return found
}

/** Of the columns that are to be read. */
function checkGroup(file: FileBytes, group: RowGroup, columns: Map<string, SchemaTree>, names: string[]): void {
  for (const { meta_data: chunk } of group.columns) {
    const tree = columns.get(chunk?.path_in_schema[0] ?? '')
    if (!chunk || !tree || !names.includes(tree.element.name)) continue
    const leaf = leafIn(tree, chunk)
    const values = Number(chunk.num_values)
    if (leaf.repetition === 0 ? values !== Number(group.num_rows) : values < Number(group.num_rows))
      throw new RangeError(`${values} values in ${group.num_rows} rows`)
    const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
    const bytes = file.read(start, Number(chunk.total_compressed_size))
    checkPages(bytes, { codec: chunk.codec, type: chunk.type, values, ...leaf })
  }
}

/** The levels of a leaf: of lists and of what may be null on the way to it. */
function leafIn(tree: SchemaTree, { path_in_schema: path, type }: ColumnMetaData) {
  let [node, repetition, definition] = [tree, 0, 0]
  for (let i = 0; ; i++) {
    const { repetition_type: kind } = node.element
    if (kind === 'REPEATED') repetition++
    if (kind !== 'REQUIRED') definition++
    const next = node.children.find(({ element }) => element.name === path[i + 1])
    if (!next) break
    node = next
  }
  if (node.children.length > 0 || node.element.type !== type) throw new RangeError(`a column of the type ${type}`)
  return { typeLength: node.element.type_length ?? 0, repetition, definition }
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
  for (const name of scalarColumns(chosen)) {
    const values = await read(name)
    if (values.length !== rows) throw unreadable('Parquet', `${name} has ${values.length} values in ${rows} rows`)
    scalars.set(name, scalarsOf(values))
  }
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
  const [samples, wanted] = [new Set(chosen.s), new Set([...chosen.s, ...scalarColumns(chosen)])]
  const sizes = metadata.row_groups.map(({ columns: chunks, num_rows: rows }) => {
    let [bytes, heap] = [0, 0]
    for (const { meta_data: chunk } of chunks) {
      const name = chunk?.path_in_schema[0] ?? ''
      if (!chunk || !wanted.has(name)) continue
      const values = Number(chunk.num_values)
      if (samples.has(name)) bytes += values * (isSingle(columns.get(name)!) ? 4 : 8)
      heap +=
        chunk.path_in_schema.length > 1 ? heapPerNumber * values + heapPerList * Number(rows) : heapPerValue * values
    }
    return { bytes, heap }
  })
  const heap = sizes.reduce((most, one) => Math.max(most, one.heap), 0)
  checkHeap(heap, 0.8 * getHeapStatistics().heap_size_limit)
  const portion = sizes.reduce((most, one) => Math.max(most, one.bytes), 0)
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  const rows = metadata.row_groups.reduce((sum, { num_rows: rows }) => sum + Number(rows), 0)
  if (!(all >= 0 && rows >= 0)) throw unreadable('Parquet', `${rows} rows`)
  return { rows, samples: all, portion: portion + heap }
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
