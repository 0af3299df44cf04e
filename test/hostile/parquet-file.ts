/** Parquet files of one column of doubles that may be null, whose metadata and pages may lie; Thrift's compact protocol by hand. */

/** Numbers are I32, BigInts I64. */
type Value = number | bigint | string | Value[] | Struct
/** Fields in ascending order. */
interface Struct {
  [field: number]: Value
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
}

function typeOf(value: Value): number {
  if (typeof value === 'number') return 5
  if (typeof value === 'bigint') return 6
  return typeof value === 'string' ? 8 : Array.isArray(value) ? 9 : 12
}

function bytesOf(value: Value): number[] {
  if (typeof value === 'number' || typeof value === 'bigint') return varint(2 * Number(value))
  if (typeof value === 'string') return [...varint(value.length), ...Buffer.from(value)]
  if (Array.isArray(value)) return [0xf0 | typeOf(value[0] ?? 0), ...varint(value.length), ...value.flatMap(bytesOf)]
  let last = 0
  const fields = Object.entries(value).flatMap(([field, inner]) => {
    const head = ((Number(field) - last) << 4) | typeOf(inner)
    last = Number(field)
    return [head, ...bytesOf(inner)]
  })
  return [...fields, 0]
}

export interface Lies {
  /** What the footer says of rows and values, and the page's header of its values. */
  rows?: number
  values?: number
  pageValues?: number
  /** Of the run of definition levels. */
  run?: number
  /** Of the page, uncompressed and in the file. */
  size?: number
  packed?: number
  /** 0 uncompressed, 1 Snappy, 2 gzip, 4 Brotli, 6 Zstandard. */
  codec?: number
  page?: Uint8Array
  /** How often the row group is listed. */
  groups?: number
}

/** The numbers 0, 1, ... of a column s. */
export function parquetBytes(count: number, lies: Lies = {}): Buffer {
  const levels = [...varint(2 * (lies.run ?? count)), 1]
  const head = Buffer.alloc(4)
  head.writeUInt32LE(levels.length)
  const numbers = Buffer.from(Float64Array.from({ length: count }, (_, i) => i).buffer)
  const page = lies.page ?? Buffer.concat([head, Buffer.from(levels), numbers])
  const data = { 1: lies.pageValues ?? count, 2: 0, 3: 3, 4: 3 }
  const header = Buffer.from(bytesOf({ 1: 0, 2: lies.size ?? page.length, 3: lies.packed ?? page.length, 5: data }))
  const chunk: Value = {
    ...{ 1: 5, 2: [0, 3], 3: ['s'], 4: lies.codec ?? 0, 5: BigInt(lies.values ?? count) },
    ...{ 6: BigInt(header.length + page.length), 7: BigInt(header.length + page.length), 9: 4n },
  }
  const group: Value = { 1: [{ 2: 4n, 3: chunk }], 2: BigInt(page.length), 3: BigInt(lies.rows ?? count) }
  const groups = Array.from({ length: lies.groups ?? 1 }, () => group)
  const root: Value = { 4: 'root', 5: 1 }
  const schema: Value = [root, { 1: 5, 3: 1, 4: 's' }]
  const told: Value = { 1: 1, 2: schema, 3: BigInt(lies.rows ?? count), 4: groups }
  const footer = Buffer.from(bytesOf(told))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([Buffer.from('PAR1'), header, page, footer, length, Buffer.from('PAR1')])
}
