/**
 * A table while it is made: every append is on disk before it returns, so a run killed at any moment leaves its rows.
 * At the end the stream NAME.arrows becomes the file NAME.arrow, which readers prefer (it can be memory-mapped and
 * indexed), and is removed only after the file's rows have been read back and counted.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { DataType } from 'apache-arrow'
import type { RecordBatch, Schema } from 'apache-arrow'
import { batchOfRows, rowsOfBatch } from './batch.js'
import { diskError, writeAtomically, writeFully } from './disk.js'
import { batchMessage, schemaMessage, writeArrowFile } from './ipc.js'
import { countRows, inspectTable, readBatches } from './read.js'
import { reopenStream } from './reopen.js'

/** Batches smaller than this are put together on the way into the file, up to `largestBatch` rows. */
const smallBatch = 1024
const largestBatch = 65_536

export class TableWriter {
  /** The stream, NAME.arrows. */
  readonly path: string
  readonly schema: Schema
  /** Rows on disk. */
  rows = 0
  readonly #head: Uint8Array
  #file: number
  /** Bytes up to the end of the last whole batch. */
  #bytes: number
  #finished: string | null = null

  /**
   * Begins NAME.arrows, which must not exist; goes on behind its `rows` rows where it does. Throws InputError if that cannot be.
   */
  constructor(path: string, schema: Schema, rows?: number) {
    this.path = path
    this.schema = schema
    this.rows = rows ?? 0
    this.#head = schemaMessage(schema)
    try {
      // never there without its schema, which a reader needs
      if (rows === undefined) createWith(this.#head, path)
      this.#file = openSync(path, 'a')
      this.#bytes = fstatSync(this.#file).size
    } catch (error) {
      throw diskError(error, `${path}: cannot ${rows === undefined ? 'create' : 'open'} the table`)
    }
  }

  /** Goes on with the first `rows` rows of a table, stream or file; see reopenStream. */
  static reopen(path: string, rows: number): TableWriter {
    return new TableWriter(path, reopenStream(path, rows), rows)
  }

  /** The batch is on disk when this returns. Throws InputError on a full disk: the rows before it stay readable. */
  append(batch: RecordBatch): void {
    this.#write(batchMessage(batch, this.#head))
    this.rows += batch.numRows
  }

  /** Turns the stream into the file and returns its path; see finishTable. Called again it does nothing more. */
  finish(): string {
    this.close()
    this.#finished ??= finishTable(this.path, this.rows)
    return this.#finished
  }

  /** Leaves the stream as it is. */
  close(): void {
    if (this.#file >= 0) closeSync(this.#file)
    this.#file = -1
  }

  /** What a failed write left behind is cut off, so that the stream ends with a whole batch. */
  #write(message: Uint8Array): void {
    try {
      writeFully(this.#file, message)
      fsyncSync(this.#file)
      this.#bytes += message.length
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes)
      const kept = `the ${this.rows} rows before it are kept, readable`
      throw diskError(error, `${this.path}: cannot write ${message.length} bytes`, kept)
    }
  }
}

function createWith(head: Uint8Array, path: string): void {
  if (existsSync(path)) throw Object.assign(new Error(path), { code: 'EEXIST' })
  writeAtomically(path, (file) => writeFully(file, head))
}

/**
 * NAME.arrows becomes NAME.arrow, which is returned; at most one batch in memory (small ones together). Also for what a
 * killed run left. Throws InputError on a full disk and Error if not `rows` rows come back: then the stream stays.
 * @param rows how many were written; by default as many as the stream holds whole
 */
export function finishTable(stream: string, rows = countRows(stream)): string {
  const path = stream.replace(/\.arrows$/, '.arrow')
  const { schema } = inspectTable(stream)
  try {
    writeAtomically(
      path,
      (file) => writeArrowFile(file, schema, together(schema, readBatches(stream))),
      (temporary) => compareRows(temporary, rows),
    )
  } catch (error) {
    throw diskError(error, `${path}: cannot write the table`, `its ${rows} rows are kept in ${stream}, readable`)
  }
  rmSync(stream)
  return path
}

function compareRows(path: string, rows: number): void {
  const found = countRows(path)
  if (found !== rows) throw new Error(`${path}: ${rows} rows written, ${found} read back; the stream is kept`)
}

/** Rows come one at a time, and a batch costs a reader some kilobytes: thousands of one-row batches become one. */
function* together(schema: Schema, batches: Iterable<RecordBatch>): Generator<RecordBatch> {
  const hasNumberLists = schema.fields.some((field) => DataType.isFixedSizeList(field.type))
  let rows: object[] = []
  for (const batch of batches) {
    const small = !hasNumberLists && batch.numRows < smallBatch
    if (rows.length > 0 && (!small || rows.length + batch.numRows > largestBatch)) {
      yield batchOfRows(schema, rows)
      rows = []
    }
    if (small) rows.push(...rowsOfBatch(batch))
    else yield batch
  }
  if (rows.length > 0) yield batchOfRows(schema, rows)
}
