/** The table of a study, and its checkpoints: how many tasks are through, and how many rows they gave. */
import { join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { batchOfRows } from '../tables/batch.js'
import { CheckpointFiles } from '../tables/checkpoint-files.js'
import { readRows } from '../tables/read.js'
import { removeTable } from '../tables/reopen.js'
import { TableWriter } from '../tables/stream.js'

/** Seconds between two checkpoints: many tasks are short. */
const often = 5

export class StudyTable {
  /** All that are in it. */
  readonly rows: object[] = []
  /** Tasks whose rows are in it. */
  tasks = 0
  readonly #writer: TableWriter
  readonly #files: CheckpointFiles<{ tasks: number; rows: number }>
  readonly #guard: () => void
  #at = performance.now()

  /** Begins NAME.arrows in the folder; `resumed`: goes on from the last checkpoint, from the beginning without any. */
  constructor(folder: string, name: string, schema: Schema, resumed: boolean, guard: () => void) {
    const path = join(folder, `${name}.arrows`)
    this.#guard = guard
    this.#files = new CheckpointFiles(folder)
    const from = resumed ? this.#files.latest().content?.state : undefined
    if (from) {
      this.#writer = TableWriter.reopen(path, from.rows)
      this.rows.push(...readRows<object>(path))
      this.tasks = from.tasks
    } else {
      if (resumed) removeTable(path)
      this.#writer = new TableWriter(path, schema)
    }
  }

  /** The rows of the next task. */
  append(rows: object[]): void {
    this.#guard()
    if (rows.length > 0) this.#writer.append(batchOfRows(this.#writer.schema, rows))
    this.rows.push(...rows)
    this.tasks++
    if (performance.now() - this.#at > 1000 * often) this.#keep()
  }

  /** The table becomes a file; `whole`: all tasks are through. */
  finish(whole: boolean): void {
    this.#guard()
    if (!whole) this.#keep()
    this.#writer.finish()
  }

  /** When run.json says so. */
  done(): void {
    this.#files.remove()
  }

  #keep(): void {
    this.#files.write({ tensors: [], state: { tasks: this.tasks, rows: this.rows.length } })
    this.#at = performance.now()
  }
}
