/**
 * Whether what the metadata of Arrow's batches say can be true of the bytes that there are, before any are read: a batch holds a
 * node for each column, as many rows in each, and buffers that lie inside its body and share nothing. What is wrong is a
 * RangeError; who knows the file says so to a person.
 */
import { DataType } from 'apache-arrow'
import type { Schema } from 'apache-arrow'
import type { RecordBatch } from 'apache-arrow/ipc/metadata/message'

/** Zstandard makes at most so much of a byte (RFC 8878: 128 KiB of a block of 4 bytes), and LZ4 less. */
const mostUnpacked = 32_768

/** @param bodyLength bytes of the batch's buffers, as its message says */
export function checkRows(
  schema: Schema,
  { length, nodes, buffers, compression }: RecordBatch,
  bodyLength: number,
): void {
  let at = 0
  for (const { type } of schema.fields) {
    if (nodes[at]?.length !== length)
      throw new RangeError(`a column of ${nodes[at]?.length ?? 'no'} rows, not ${length}`)
    at += nodesIn(type)
  }
  if (nodes.length !== at) throw new RangeError(`a batch of ${nodes.length} columns, where its schema has ${at}`)
  checkBuffers(buffers, bodyLength)
  if (!(length >= 0 && length <= 8 * bodyLength * (compression ? mostUnpacked : 1)))
    throw new RangeError(`${length} rows in ${bodyLength} bytes`)
}

/** Of a batch of rows or of a dictionary's values. */
export function checkBuffers(buffers: RecordBatch['buffers'], bodyLength: number): void {
  let used = 0
  for (const { offset, length } of buffers) {
    if (!(offset >= 0 && length >= 0 && offset + length <= bodyLength))
      throw new RangeError(`a buffer at ${offset}..${offset + length} of ${bodyLength} bytes`)
    used += length
  }
  if (used > bodyLength) throw new RangeError(`buffers of ${used} bytes in ${bodyLength}`)
}

/** A column and those inside; a dictionary's values stand elsewhere. */
function nodesIn(type: DataType): number {
  if (DataType.isDictionary(type)) return 1
  return (type.children ?? []).reduce((sum, child) => sum + nodesIn(child?.type ?? noChild()), 1)
}

function noChild(): never {
  throw new RangeError('a nested column without its inner one')
}
