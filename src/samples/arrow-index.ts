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
import type { FileBytes } from './bytes.js'
import { unreadable } from './wording.js'

/** A batch of rows, or of a dictionary's values: what is in it, and the byte where its buffers begin. */
export interface Batch {
  header: RecordBatch
  body: number
  dictionary: { id: number; isDelta: boolean } | null
}

/** Batches in the order in which they count: a dictionary comes before the rows that use it. */
export interface ArrowIndex {
  schema: Schema
  batches: Batch[]
}

/** Throws InputError where the file is cut or damaged, save for a stream of infoflow's own: that counts as far as it goes. */
export function indexArrow(file: FileBytes, form: 'file' | 'stream'): ArrowIndex {
  return form === 'file' ? indexFile(file) : indexStream(file)
}

function indexFile(file: FileBytes): ArrowIndex {
  const tail = file.size >= 24 ? Buffer.from(file.read(file.size - 10, 10)) : Buffer.alloc(10)
  const length = tail.readInt32LE(0)
  if (tail.toString('latin1', 4) !== 'ARROW1' || length <= 0 || length > file.size - 18) {
    throw new InputError(`an Arrow file without its footer (${file.size} bytes): it was cut; write or copy it again`)
  }
  const footer = decoded(() => Footer.decode(file.read(file.size - 10 - length, length)))
  const blocks = [...footer.dictionaryBatches(), ...footer.recordBatches()]
  return {
    schema: footer.schema,
    batches: blocks.map(({ offset }) => {
      const message = messageAt(file, offset)
      const batch = message && batchOf(message)
      if (!batch) throw unreadable('Arrow', `no whole batch at byte ${offset}`)
      return batch
    }),
  }
}

function indexStream(file: FileBytes): ArrowIndex {
  let schema: Schema | null = null
  const batches: Batch[] = []
  let at = 0
  let next = messageAt(file, 0)
  for (; next !== null && next.message !== null; next = messageAt(file, at)) {
    const batch = batchOf(next)
    if (batch) batches.push(batch)
    if (next.message.isSchema()) schema = next.message.header()
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
  message: Message | null
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
  const message = decoded(() => Message.decode(file.read(at + 8, length)))
  return message.bodyLength < 0 || body + message.bodyLength > file.size ? null : { message, body }
}

function batchOf({ message, body }: Located): Batch | null {
  if (message?.isRecordBatch()) return { header: message.header(), body, dictionary: null }
  if (!message?.isDictionaryBatch()) return null
  const { data, id, isDelta } = message.header()
  return { header: data, body, dictionary: { id, isDelta } }
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
