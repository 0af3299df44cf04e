/**
 * Where the batches of an Arrow file or stream lie (arrow.apache.org/docs/format/Columnar.html, "Serialization and
 * IPC"). Only metadata is read, through apache-arrow's decoder of it: the bodies are read column by column, because
 * apache-arrow 21 would load all columns, used or not, and does not uncompress without a codec.
 */
import type { Schema } from 'apache-arrow'
import { Footer } from 'apache-arrow/ipc/metadata/file'
import { Message } from 'apache-arrow/ipc/metadata/message'
import type { RecordBatch } from 'apache-arrow/ipc/metadata/message'
import { InputError } from '../errors.js'
import { checkBuffers, checkRows } from '../ipc/extents.js'
import { checkFooter, checkMessage } from '../ipc/flatbuffer.js'
import type { FileBytes } from './bytes.js'
import { unreadable } from './wording.js'

/** A batch of rows, or of a dictionary's values: what is in it, and the byte where its buffers begin. */
export interface Batch {
  header: RecordBatch
  body: number
  /** Bytes of the buffers. */
  bodyLength: number
  dictionary: { id: number; isDelta: boolean } | null
}

/** Batches in the order in which they count: a dictionary comes before the rows that use it. */
export interface ArrowIndex {
  schema: Schema
  batches: Batch[]
}

/** Throws InputError where the file is cut or damaged, save for a stream of infoflow's own: that counts as far as it goes. */
export function indexArrow(file: FileBytes, form: 'file' | 'stream'): ArrowIndex {
  const index = form === 'file' ? indexFile(file) : indexStream(file)
  const named = index.schema.fields.every(({ name }) => typeof name === 'string')
  if (!named) throw unreadable('Arrow', 'its metadata')
  decoded(() => checkBatches(index, file.size))
  return index
}

/** All that is read of the batches together is no more than the file. */
function checkBatches({ schema, batches }: ArrowIndex, size: number): void {
  for (const { header, dictionary, bodyLength } of batches) {
    if (dictionary) checkBuffers(header.buffers, bodyLength)
    else checkRows(schema, header, bodyLength)
  }
  const bytes = batches.reduce((sum, { bodyLength }) => sum + bodyLength, 0)
  if (bytes > size) throw new RangeError(`batches of ${bytes} bytes, which lie over one another`)
}

function indexFile(file: FileBytes): ArrowIndex {
  const tail = file.size >= 24 ? Buffer.from(file.read(file.size - 10, 10)) : Buffer.alloc(10)
  const length = tail.readInt32LE(0)
  if (tail.toString('latin1', 4) !== 'ARROW1' || length <= 0 || length > file.size - 18) {
    throw new InputError(`an Arrow file without its footer (${file.size} bytes): it was cut; write or copy it again`)
  }
  const bytes = file.read(file.size - 10 - length, metadataLength(length))
  const footer = decoded(() => {
    checkFooter(bytes)
    return Footer.decode(bytes)
  })
  const blocks = decoded(() => [...footer.dictionaryBatches(), ...footer.recordBatches()])
  return {
    schema: footer.schema,
    batches: blocks.map(({ offset }) => {
      const batch = messageAt(file, offset)?.message?.batch
      if (!batch) throw unreadable('Arrow', `no whole batch at byte ${offset}`)
      return batch
    }),
  }
}

function indexStream(file: FileBytes): ArrowIndex {
  let schema: Schema | null = null as Schema | null
  const batches: Batch[] = []
  let at = 0
  let next = messageAt(file, 0)
  for (; next !== null && next.message !== null; next = messageAt(file, at)) {
    if (next.message.batch) batches.push(next.message.batch)
    schema ??= next.message.schema
    at = next.body + next.message.bodyLength
  }
  if (schema === null) throw unreadable('an Arrow stream', `no schema in its ${file.size} bytes`)
  const cut = next === null && at < file.size
  if (cut && !schema.metadata.has('schema_version')) {
    const rows = batches.reduce((sum, { header, dictionary }) => sum + (dictionary ? 0 : header.length), 0)
    throw new InputError(`an Arrow stream cut at byte ${at}, after ${rows} whole rows: write or copy it again`)
  }
  return { schema, batches }
}

interface Located {
  /** Null: the mark of the end. */
  message: { bodyLength: number; schema: Schema | null; batch: Batch | null } | null
  body: number
}

/** The message that begins at `at`; null where none is whole. */
function messageAt(file: FileBytes, at: number): Located | null {
  if (at < 0 || file.size - at < 8) return null
  const prefix = Buffer.from(file.read(at, 8))
  const length = prefix.readInt32LE(4)
  const body = at + 8 + length
  if (prefix.readInt32LE(0) !== -1 || length < 0 || body > file.size) return null
  if (length === 0) return { message: null, body }
  const message = decoded(() => messageOf(file.read(at + 8, metadataLength(length)), body))
  return message.bodyLength < 0 || body + message.bodyLength > file.size ? null : { message, body }
}

function messageOf(bytes: Uint8Array, body: number) {
  checkMessage(bytes)
  const message = Message.decode(bytes)
  const schema = message.isSchema() ? (message.header() as Schema) : null
  return { bodyLength: message.bodyLength, schema, batch: batchOf(message, body) }
}

/** Bytes of metadata, which become many times as many in memory. */
const longestMetadata = 2 ** 26

function metadataLength(length: number): number {
  if (length > longestMetadata) throw unreadable('Arrow', `metadata of ${length} bytes`)
  return length
}

function batchOf(message: Message, body: number): Batch | null {
  const { bodyLength } = message
  if (message.isRecordBatch()) return { header: message.header(), body, bodyLength, dictionary: null }
  if (!message.isDictionaryBatch()) return null
  const { data, id, isDelta } = message.header()
  return { header: data, body, bodyLength, dictionary: { id, isDelta } }
}

/** What the decoder throws at bytes that are no metadata says nothing to a person. */
function decoded<Value>(decode: () => Value): Value {
  try {
    return decode()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw unreadable('Arrow', `its metadata (${(error as Error).message})`)
  }
}
