/**
 * Whether the pages of a column chunk hold what their headers say (github.com/apache/parquet-format: parquet.thrift, README.md and
 * Encodings.md). The decoder takes that on trust: a run of two bytes would have it write thousands of millions of values. So every
 * page is walked through before, run by run; numbers themselves are not decoded here.
 */
import type { CompressionCodec, ParquetType } from 'hyparquet'
import { unpacked } from './parquet-codecs.js'
import { thriftStruct } from './thrift.js'
import type { Struct } from './thrift.js'

export interface Chunk {
  codec: CompressionCodec
  type: ParquetType
  /** Bytes of a value of the type FIXED_LEN_BYTE_ARRAY. */
  typeLength: number
  /** Of all pages, nulls among them. */
  values: number
  /** Deepest repetition and definition level. */
  repetition: number
  definition: number
}

const pages = { data: 0, dictionary: 2, dataV2: 3 }
const encodings = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  delta: 5,
  deltaLengths: 6,
  deltaTexts: 7,
  dictionary: 8,
  split: 9,
}
const bits: Partial<Record<ParquetType, number>> = {
  BOOLEAN: 1,
  INT32: 32,
  INT64: 64,
  INT96: 96,
  FLOAT: 32,
  DOUBLE: 64,
}

/** Bytes of a page of texts, or of a dictionary. */
const largestPage = 2 ** 28
/** Bytes that texts may become which share their beginnings. */
const mostShared = 2 ** 30

/** @param bytes the chunk as it lies in the file. Throws RangeError. */
export function checkPages(bytes: Uint8Array, chunk: Chunk): void {
  let left = chunk.values
  for (let at = 0; at < bytes.length - 1 && (left > 0 || chunk.repetition > 0);) {
    const { fields, end } = thriftStruct(bytes, at)
    const [kind, size, packed] = [1, 2, 3].map((field) => numberIn(fields, field))
    if (packed > bytes.length - end)
      throw new RangeError(`a page of ${packed} bytes, where ${bytes.length - end} follow`)
    at = end + packed
    const page = { kind, size, bytes: bytes.subarray(end, at), head: fields }
    left -= checkPage(page, chunk, left)
  }
}

interface Page {
  kind: number
  /** Bytes that it becomes. */
  size: number
  bytes: Uint8Array
  head: Struct
}

/** How many values it holds. */
function checkPage(page: Page, chunk: Chunk, left: number): number {
  const head = page.head.get({ [pages.data]: 5, [pages.dictionary]: 7, [pages.dataV2]: 8 }[page.kind] ?? -1)
  if (!(head instanceof Map)) throw new RangeError(`a page of the kind ${page.kind}`)
  const count = numberIn(head, 1)
  if (page.kind === pages.dictionary) {
    checkPlain(unpacked(chunk.codec, page.bytes, page.size, largestPage), 0, count, chunk)
    return 0
  }
  if (count > left) throw new RangeError(`a page of ${count} values, where ${left} are left`)
  if (page.kind === pages.data) checkData(page, head, count, chunk)
  else checkDataV2(page, head, count, chunk)
  return count
}

/** Of the values of a page, with their levels: 16 bytes for those of each. */
const mostOf = (count: number, chunk: Chunk) =>
  chunk.type === 'BYTE_ARRAY' ? largestPage : 65_536 + count * (16 + bitsOf(chunk) / 8)

function checkData({ bytes, size }: Page, head: Struct, count: number, chunk: Chunk): void {
  const page = unpacked(chunk.codec, bytes, size, mostOf(count, chunk))
  let at = 0
  let values = count
  for (const [level, isDefinition] of [
    [chunk.repetition, false],
    [chunk.definition, true],
  ] as const) {
    // prettier-ignore
    if (level === 0) continue
    const length = viewOf(page).getUint32(at, true)
    const deepest = checkRuns(page, at + 4, widthOf(level), count, level)
    if (isDefinition) values = deepest
    at += 4 + length
  }
  checkValues(page, at, numberIn(head, 2), values, chunk, true)
}

function checkDataV2({ bytes, size }: Page, head: Struct, count: number, chunk: Chunk): void {
  const [nulls, , encoding, definitions, repetitions] = [2, 3, 4, 5, 6].map((field) => numberIn(head, field))
  const levels = definitions + repetitions
  if (nulls > count || levels > Math.min(size, bytes.length)) throw new RangeError(`a page of ${nulls} nulls`)
  if (chunk.repetition > 0) checkRuns(bytes, 0, widthOf(chunk.repetition), count, 0)
  if (chunk.definition > 0) checkRuns(bytes, repetitions, widthOf(chunk.definition), count, 0)
  const codec = head.get(7) === 0 ? 'UNCOMPRESSED' : chunk.codec
  const page = unpacked(codec, bytes.subarray(levels), size - levels, mostOf(count, chunk))
  checkValues(page, 0, encoding, count - nulls, chunk, false)
}

/** @param isBooleanRle whether booleans in runs may be in a page of this version without further ado */
function checkValues(
  page: Uint8Array,
  at: number,
  encoding: number,
  count: number,
  chunk: Chunk,
  isFirst: boolean,
): void {
  if (encoding === encodings.plain) return checkPlain(page, at, count, chunk)
  if (encoding === encodings.split) return need(page, at, (count * bitsOf(chunk)) / 8)
  if (encoding === encodings.delta || encoding === encodings.deltaLengths) return void checkDeltas(page, at, count)
  if (encoding === encodings.deltaTexts) {
    if (count * page.length > mostShared) throw new RangeError(`${count} texts that share ${page.length} bytes`)
    return void checkDeltas(page, checkDeltas(page, at, count), count)
  }
  if (encoding !== encodings.rle && encoding !== encodings.dictionary && encoding !== encodings.plainDictionary)
    throw new RangeError(`the encoding ${encoding}`)
  const isBoolean = isFirst ? chunk.type === 'BOOLEAN' : encoding === encodings.rle
  const width = isBoolean ? 1 : viewOf(page).getUint8(at)
  if (width > 32) throw new RangeError(`places of ${width} bits`)
  if (width > 0 || !isFirst) checkRuns(page, at + (isBoolean ? 4 : 1), width, count, 0)
}

function checkPlain(page: Uint8Array, at: number, count: number, chunk: Chunk): void {
  need(page, at, chunk.type === 'BYTE_ARRAY' ? 4 * count : Math.ceil((count * bitsOf(chunk)) / 8))
}

function need(page: Uint8Array, at: number, bytes: number): void {
  if (at + bytes > page.length) throw new RangeError(`${bytes} bytes of values, where ${page.length - at} follow`)
}

/** The hybrid of runs and packed values, until there are `count`; how many of them are `sought`. */
function checkRuns(page: Uint8Array, at: number, width: number, count: number, sought: number): number {
  let found = 0
  for (let seen = 0; seen < count;) {
    const head = varint(page, at)
    at = head.end
    const run = Math.floor(head.value / 2)
    if (head.value % 2 === 1) {
      if (8 * run > 65_536 + count && width === 0) throw new RangeError(`${8 * run} values of no bits`)
      need(page, at, run * width)
      found += packed(page, at, width, Math.min(8 * run, count - seen), sought)
      at += run * width
      seen += 8 * run
    } else {
      if (run > count - seen) throw new RangeError(`a run of ${run} values, where ${count - seen} are left`)
      const bytes = Math.ceil(width / 8)
      need(page, at, bytes)
      if (page[at] === sought) found += run
      at += bytes
      seen += run
    }
  }
  return found
}

/** How many of `count` levels are `sought`; levels have few bits. */
function packed(page: Uint8Array, at: number, width: number, count: number, sought: number): number {
  if (sought === 0) return 0
  let found = 0
  for (let i = 0, bit = 0; i < count; i++, bit += width) {
    const byte = at + (bit >> 3)
    const value = ((page[byte] | (page[byte + 1] << 8)) >> (bit & 7)) & ((1 << width) - 1)
    if (value === sought) found++
  }
  return found
}

/** Blocks of differences; where they end. */
function checkDeltas(page: Uint8Array, at: number, count: number): number {
  const [block, parts, , first] = [0, 1, 2, 3].map(() => {
    const { value, end } = varint(page, at)
    at = end
    return value
  })
  const each = block / parts
  if (!(first >= 0 && each >= 32 && each % 32 === 0 && block <= 2 ** 20))
    throw new RangeError(`blocks of ${block} in ${parts}`)
  for (let seen = 1; seen < count;) {
    at = varint(page, at).end
    const widths = page.subarray(at, at + parts)
    at += parts
    for (let i = 0; i < parts && seen < count; i++, seen += each) at += (each / 8) * (widths[i] ?? Infinity)
    if (at > page.length) throw new RangeError('differences that do not end')
  }
  return at
}

function varint(page: Uint8Array, at: number): { value: number; end: number } {
  let value = 0
  for (let i = 0; i < 10 && at + i < page.length; i++) {
    value += (page[at + i] & 127) * 2 ** (7 * i)
    if (page[at + i] < 128) return { value, end: at + i + 1 }
  }
  throw new RangeError('a number that does not end')
}

const widthOf = (level: number) => 32 - Math.clz32(level)
const bitsOf = ({ type, typeLength }: Chunk) => bits[type] ?? 8 * typeLength
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

function numberIn(fields: Struct, field: number): number {
  const value = fields.get(field)
  if (typeof value === 'number' && value >= 0 && value < 2 ** 31) return value
  throw new RangeError(`a header whose field ${field} is ${value instanceof Map ? 'a struct' : (value ?? 'missing')}`)
}
