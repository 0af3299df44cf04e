/**
 * The bytes of Arrow's IPC forms (arrow.apache.org/docs/format/Columnar.html, "Serialization and IPC"). A stream is a
 * schema message and batch messages, readable as far as it goes; a file is the same between two magic words, with an
 * index (the footer) behind. Never compressed: apache-arrow 21 writes compressed bodies that other readers refuse.
 */
import { RecordBatchStreamWriter, Table } from 'apache-arrow'
import type { RecordBatch, Schema } from 'apache-arrow'
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file'
import { writeFully } from './disk.js'

/** Behind the last message of a stream: a continuation mark and length 0. */
export const endOfStream = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0)
export const magic = new TextEncoder().encode('ARROW1')

/** The first message of a stream. */
export function schemaMessage(schema: Schema): Uint8Array {
  return RecordBatchStreamWriter.writeAll(new Table(schema)).toUint8Array(true).slice(0, -endOfStream.length)
}

/** The message of one batch. Throws if the batch's schema is not the one whose message is `head`. */
export function batchMessage(batch: RecordBatch, head: Uint8Array): Uint8Array {
  const stream = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true)
  const same = Buffer.compare(stream.subarray(0, head.length), head) === 0
  if (!same) throw new Error("a batch does not have its table's schema")
  return stream.subarray(head.length, -endOfStream.length)
}

/** The file form, batch after batch, into an open, empty file. Throws system errors. */
export function writeArrowFile(file: number, schema: Schema, batches: Iterable<RecordBatch>): void {
  const head = schemaMessage(schema)
  let at = writeFully(file, Buffer.concat([magic, new Uint8Array(2), head]))
  const blocks: FileBlock[] = []
  for (const batch of batches) {
    const message = batchMessage(batch, head)
    const metadataLength = 8 + new DataView(message.buffer, message.byteOffset).getInt32(4, true)
    blocks.push(new FileBlock(metadataLength, message.length - metadataLength, at))
    at += writeFully(file, message)
  }
  const footer = Footer.encode(new Footer(schema, undefined, blocks, []))
  const length = new Uint8Array(Uint32Array.of(footer.length).buffer)
  writeFully(file, Buffer.concat([endOfStream, footer, length, magic]))
}
