/**
 * A table of a run that has ended, made a stream again with so many of its rows: those that a checkpoint knows of. What came after them
 * is computed again. Whatever moment this is killed at, a table with these rows is there.
 */
import { existsSync, rmSync, truncateSync } from 'node:fs'
import type { RecordBatch, Schema } from 'apache-arrow'
import { InputError } from '../errors.js'
import { batchOfRows, rowsOfBatch } from './batch.js'
import { diskError, writeAtomically, writeFully } from './disk.js'
import { batchMessage, schemaMessage } from './ipc.js'
import { bytesOfRows, countRows, inspectTable, readBatches } from './read.js'

/**
 * NAME.arrows with its first `rows` rows and nothing behind them, from itself or from NAME.arrow, which is removed; its schema.
 * @throws InputError: the table is missing or shorter, or the disk is full
 */
export function reopenStream(stream: string, rows: number): Schema {
  const file = stream.replace(/\.arrows$/, '.arrow')
  try {
    // a stream is removed last when it becomes a file, and written first when a file becomes a stream
    const source = existsSync(stream) ? stream : file
    const bytes = source === stream ? bytesOfRows(stream, rows) : null
    if (bytes !== null) truncateSync(stream, bytes)
    else writeStream(stream, source, rows)
    rmSync(file, { force: true })
    return inspectTable(stream).schema
  } catch (error) {
    throw diskError(error, `${stream}: cannot reopen the table`)
  }
}

/** Removes a table in either form. */
export function removeTable(stream: string): void {
  for (const path of [stream, stream.replace(/\.arrows$/, '.arrow')]) {
    try {
      rmSync(path, { force: true })
    } catch (error) {
      throw diskError(error, `${path}: cannot remove the table`)
    }
  }
}

/** Also from a stream in which no batch ends there: it was a file once, with batches put together. */
function writeStream(stream: string, source: string, rows: number): void {
  const { schema } = inspectTable(source)
  const head = schemaMessage(schema)
  if (countRows(source) < rows) throw shorter(stream, rows)
  writeAtomically(stream, (open) => {
    writeFully(open, head)
    for (const batch of firstRows(schema, readBatches(source), rows)) writeFully(open, batchMessage(batch, head))
  })
}

/** A file's batches may hold several of the stream's: the last one is cut. */
function* firstRows(schema: Schema, batches: Iterable<RecordBatch>, rows: number): Generator<RecordBatch> {
  let left = rows
  for (const batch of batches) {
    if (left === 0) return
    yield batch.numRows <= left ? batch : batchOfRows(schema, rowsOfBatch(batch).slice(0, left))
    left -= Math.min(left, batch.numRows)
  }
}

const shorter = (path: string, rows: number) =>
  new InputError(
    `${path}: holds fewer than the ${rows} rows that were recorded: was it changed? Start the run again with --force`,
  )
