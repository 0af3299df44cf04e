/**
 * Reads tables batch by batch, never whole: the `.arrow` file through its footer, the `.arrows` stream of a run that
 * goes on or was killed as far as its batches are whole. A table may have come from anywhere: what its metadata say is
 * held against its bytes before apache-arrow, which takes it on trust, sees any of it.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { RecordBatchReader } from 'apache-arrow'
import type { RecordBatch, Schema } from 'apache-arrow'
import { Footer } from 'apache-arrow/ipc/metadata/file'
import type { FileBlock } from 'apache-arrow/ipc/metadata/file'
import { Message } from 'apache-arrow/ipc/metadata/message'
import { InputError } from '../errors.js'
import { checkColumns } from '../ipc/columns.js'
import { checkRows } from '../ipc/extents.js'
import { checkFooter, checkMessage } from '../ipc/flatbuffer.js'
import { rowsOfBatch } from './batch.js'
import { magic, schemaMessage } from './ipc.js'

interface Block {
  offset: number
  length: number
  /** Known of streams, without decoding. */
  rows?: number
}

/** A table's schema and where its whole batches lie; `cut` if bytes follow that are no whole batch. */
interface TableIndex {
  schema: Schema
  blocks: Block[]
  cut: boolean
}

/** All rows as plain objects (see rowsOfBatch). Throws InputError if the file is missing or no such table. */
export function readRows<Row = Record<string, unknown>>(path: string): Row[] {
  return [...readBatches(path)].flatMap(rowsOfBatch) as Row[]
}

/** The batches, one in memory at a time. */
export function* readBatches(path: string): Generator<RecordBatch> {
  const table = new OpenTable(path)
  try {
    yield* table.batches()
  } finally {
    table.close()
  }
}

/** The schema with its metadata, and whether a killed writer left a batch unfinished at the end. */
export function inspectTable(path: string): { schema: Schema; batches: number; cut: boolean } {
  const table = new OpenTable(path)
  table.close()
  return { schema: table.schema, batches: table.batchCount, cut: table.cut }
}

/**
 * A table as it was when it was opened, to be read more than once: batches that a run adds meanwhile are not seen, and the
 * file may be renamed or removed. Close it.
 */
export class OpenTable {
  readonly schema: Schema
  readonly batchCount: number
  /** Whether bytes follow the last whole batch: of a run that is writing them, or was killed. */
  readonly cut: boolean
  readonly #path: string
  readonly #file: number
  readonly #blocks: readonly Block[]

  /** Throws InputError if the file is missing or no table. */
  constructor(path: string) {
    this.#path = path
    this.#file = openTable(path)
    try {
      const { schema, blocks, cut } = indexOf(this.#file, path)
      this.schema = schema
      this.cut = cut
      this.#blocks = blocks
      this.batchCount = blocks.length
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** One in memory at a time, from the first one again at each call. */
  *batches(): Generator<RecordBatch> {
    const head = schemaMessage(this.schema)
    for (const { offset, length } of this.#blocks) {
      const bytes = bytesAt(this.#file, offset, length)
      trusted(this.#path, () => checkBlock(this.schema, bytes))
      yield* RecordBatchReader.from([head, bytes]) as Iterable<RecordBatch>
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Rows of all whole batches, counted by decoding each. */
export function countRows(path: string): number {
  let rows = 0
  for (const batch of readBatches(path)) rows += batch.numRows
  return rows
}

/** Bytes of a stream up to the end of the batch with which `rows` rows are whole; null where no batch ends there. */
export function bytesOfRows(stream: string, rows: number): number | null {
  const file = openTable(stream)
  try {
    const { schema, blocks } = indexOfStream(file, fstatSync(file).size, stream)
    let [bytes, found] = [schemaMessage(schema).length, 0]
    for (const block of blocks) {
      if (found === rows) break
      found += block.rows!
      bytes = block.offset + block.length
    }
    return found === rows ? bytes : null
  } finally {
    closeSync(file)
  }
}

/** Throws RangeError where a batch's message does not say what its bytes hold. */
function checkBlock(schema: Schema, bytes: Uint8Array): void {
  const length = new DataView(bytes.buffer).getInt32(4, true)
  if (!(length > 0 && 8 + length <= bytes.length)) throw new RangeError(`metadata of ${length} bytes`)
  const metadata = bytes.slice(8, 8 + length)
  checkMessage(metadata)
  const message = Message.decode(metadata)
  const body = bytes.subarray(8 + length)
  if (!message.isRecordBatch() || message.bodyLength !== body.length) throw new RangeError('no batch of rows')
  checkRows(schema, message.header(), body.length)
  checkColumns(schema, message.header(), body)
}

/** What the checks and apache-arrow's decoder throw at bytes that are no table. */
function trusted<T>(path: string, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (error instanceof InputError) throw error
    const { message } = error as Error
    throw new InputError(`${path}: damaged (${message.split('\n')[0]}): copy it again, or leave this table out`)
  }
}

function openTable(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${path}: cannot be read (${code}): expected a table, NAME.arrow or NAME.arrows`)
  }
}

function indexOf(file: number, path: string): TableIndex {
  const status = fstatSync(file)
  if (!status.isFile()) throw new InputError(`${path}: no plain file: expected a table, NAME.arrow or NAME.arrows`)
  const { size } = status
  const start = bytesAt(file, 0, Math.min(magic.length, size))
  return Buffer.compare(start, magic) === 0 ? indexOfFile(file, size, path) : indexOfStream(file, size, path)
}

function indexOfFile(file: number, size: number, path: string): TableIndex {
  const tail = size >= 24 ? Buffer.from(bytesAt(file, size - 10, 10)) : Buffer.alloc(10)
  const length = tail.readInt32LE(0)
  if (Buffer.compare(tail.subarray(4), magic) !== 0 || length <= 0 || length > size - 18) {
    throw new InputError(`${path}: an Arrow file without its footer (${size} bytes): it was cut; copy it again`)
  }
  const { schema, blocks } = trusted(path, () => {
    const bytes = bytesAt(file, size - 10 - length, metadataLength(length))
    checkFooter(bytes)
    const footer = Footer.decode(bytes)
    return { schema: footer.schema, blocks: [...footer.recordBatches()].map(blockOf) }
  })
  const used = blocks.reduce((sum, block) => sum + block.length, 0)
  const stray = blocks.some(({ offset, length }) => !(offset >= 8 && length >= 8 && offset + length <= size))
  if (stray || used > size) throw new InputError(`${path}: batches outside of its ${size} bytes: copy it again`)
  return { schema, blocks, cut: false }
}

const blockOf = ({ offset, metaDataLength, bodyLength }: FileBlock) => ({ offset, length: metaDataLength + bodyLength })

/** Bytes of metadata, which become many times as many in memory. */
function metadataLength(length: number): number {
  if (length > 2 ** 26) throw new RangeError(`metadata of ${length} bytes`)
  return length
}

function indexOfStream(file: number, size: number, path: string): TableIndex {
  let schema: Schema | null = null
  const blocks: Block[] = []
  let at = 0
  const nextAt = () => trusted(path, () => messageAt(file, at, size))
  for (let next = nextAt(); next !== null; next = nextAt()) {
    if (next.message?.isSchema()) schema = next.message.header()
    if (next.message?.isRecordBatch())
      blocks.push({ offset: at, length: next.length, rows: next.message.header().length })
    at += next.length
  }
  if (schema === null) {
    throw new InputError(`${path}: no Arrow schema in its ${size} bytes: expected a table that infoflow wrote`)
  }
  return { schema, blocks, cut: at < size }
}

/** The message that begins at `at`, null if none is whole there; without `message` it is the end of the stream. */
function messageAt(file: number, at: number, size: number): { message?: Message; length: number } | null {
  if (size - at < 8) return null
  const prefix = Buffer.from(bytesAt(file, at, 8))
  const length = prefix.readInt32LE(4)
  if (prefix.readInt32LE(0) !== -1 || length < 0 || at + 8 + length > size) return null
  if (length === 0) return { length: 8 }
  const bytes = bytesAt(file, at + 8, metadataLength(length))
  checkMessage(bytes)
  const message = Message.decode(bytes)
  const total = 8 + length + message.bodyLength
  return !(message.bodyLength >= 0) || at + total > size ? null : { message, length: total }
}

function bytesAt(file: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let read = 0
  while (read < length) {
    const more = readSync(file, bytes, read, length - read, offset + read)
    if (more === 0)
      throw new InputError(`a table ends at byte ${offset + read}, not ${offset + length}: is it changing?`)
    read += more
  }
  return bytes
}
