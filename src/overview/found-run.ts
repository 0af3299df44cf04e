/**
 * A run's folder as it is found: whole, going on, broken off or damaged. Nothing here throws for what a run lacks; it is
 * noted, and the rest is read.
 */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { InputError } from '../errors.js'
import { readRows } from '../tables/read.js'
import { readRunRecord, type RunRecord } from '../tables/run-folder.js'
import { runsWithin, tablesIn, type RunTable } from '../tables/run-tables.js'

export class FoundRun {
  readonly folder: string
  /** Null where there is no run.json that can be read. */
  readonly record: RunRecord | null
  readonly tables: readonly RunTable[]
  /** Runs of its conditions, in the order of the experiment. */
  readonly inner: readonly string[]
  /** What is missing or damaged, a line each. */
  readonly notes: string[] = []
  readonly #read = new Map<string, unknown[]>()

  /** Throws InputError where there is no run. */
  constructor(folder: string) {
    this.folder = folder
    this.record = readRunRecord(folder)
    this.tables = tablesIn(folder)
    this.inner = this.#conditions()
    if (this.record === null && this.tables.length === 0 && this.inner.length === 0) {
      throw new InputError(`${folder}: not a run's folder: expected run.json and tables, such as results/szt-001`)
    }
    if (this.record === null && this.tables.length > 0) {
      this.notes.push('run.json is missing or cannot be read: configuration, times and the command are not known.')
    }
  }

  /** Rows of a table as far as they are whole; none, and a note, where it is damaged. None where the run has no such table. */
  rows<Row>(name: string): Row[] {
    const rows = this.#read.get(name) ?? this.#rows(name)
    this.#read.set(name, rows)
    return rows as Row[]
  }

  #rows(name: string): unknown[] {
    const table = this.tables.find((one) => one.name === name)
    if (table === undefined) return []
    try {
      return readRows(table.path)
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
      this.notes.push(reason.startsWith(table.path) ? reason : `${table.path}: damaged (${reason})`)
      return []
    }
  }

  /** When something was last written: a run that was killed does not say that it ended. Milliseconds since 1970. */
  get lastWritten(): number {
    return Math.max(0, ...this.tables.map(({ path }) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))
  }

  #conditions(): string[] {
    const told = this.record?.conditions
    const names = Array.isArray(told) ? told.map(String) : []
    const place = (folder: string) => {
      const at = names.indexOf(basename(folder))
      return at < 0 ? names.length : at
    }
    return runsWithin(this.folder)
      .filter((folder) => folder !== this.folder)
      .sort((a, b) => place(a) - place(b))
  }
}
