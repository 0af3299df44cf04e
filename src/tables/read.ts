/**
 * Reads tables batch by batch, never whole: the `.arrow` file through its footer, the `.arrows` stream of a run that
 * goes on or was killed as far as its batches are whole.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { RecordBatchReader } from 'apache-arrow'
import type { RecordBatch, Schema } from 'apache-arrow'
import { Footer } from 'apache-arrow/ipc/metadata/file'
import { Message } from 'apache-arrow/ipc/metadata/message'
import { InputError } from '../errors.js'
import { rowsOfBatch } from './batch.js'
import { magic, schemaMessage } from './ipc.js'

interface Block {
  offset: number
  length: number
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
  readonly #file: number
  readonly #blocks: readonly Block[]

  /** Throws InputError if the file is missing or no table. */
  constructor(path: string) {
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
      yield* RecordBatchReader.from([head, bytesAt(this.#file, offset, length)]) as Iterable<RecordBatch>
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

function openTable(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${path}: cannot be read (${code}): expected a table, NAME.arrow or NAME.arrows`)
  }
}

function indexOf(file: number, path: string): TableIndex {
  const size = fstatSync(file).size
  const start = bytesAt(file, 0, Math.min(magic.length, size))
  return Buffer.compare(start, magic) === 0 ? indexOfFile(file, size, path) : indexOfStream(file, size, path)
}

function indexOfFile(file: number, size: number, path: string): TableIndex {
  const tail = size >= 24 ? Buffer.from(bytesAt(file, size - 10, 10)) : Buffer.alloc(10)
  const length = tail.readInt32LE(0)
  if (Buffer.compare(tail.subarray(4), magic) !== 0 || length <= 0 || length > size - 18) {
    throw new InputError(`${path}: an Arrow file without its footer (${size} bytes): it was cut; copy it again`)
  }
  const footer = Footer.decode(bytesAt(file, size - 10 - length, length))
  const blocks = [...footer.recordBatches()].map((b) => ({ offset: b.offset, length: b.metaDataLength + b.bodyLength }))
  return { schema: footer.schema, blocks, cut: false }
}

function indexOfStream(file: number, size: number, path: string): TableIndex {
  let schema: Schema | null = null
  const blocks: Block[] = []
  let at = 0
  for (let next = messageAt(file, at, size); next !== null; next = messageAt(file, at, size)) {
    if (next.message?.isSchema()) schema = next.message.header()
    if (next.message?.isRecordBatch()) blocks.push({ offset: at, length: next.length })
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
  const message = Message.decode(bytesAt(file, at + 8, length))
  const total = 8 + length + message.bodyLength
  return at + total > size ? null : { message, length: total }
}

function bytesAt(file: number, offset: number, length: number): Uint8Array {
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
