/** A table of a panel, to which each condition adds its rows; where one is gone on with, with the rows up to its checkpoint. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { batchOfRows } from '../tables/batch.js'
import { countRows, readRows } from '../tables/read.js'
import { TableWriter } from '../tables/stream.js'

export class PanelTable<Row extends object> {
  readonly #writer: TableWriter | null
  /** All that are in it. */
  readonly rows: Row[]

  private constructor(writer: TableWriter | null, rows: Row[]) {
    this.#writer = writer
    this.rows = rows
  }

  /** In memory alone. */
  static kept<Row extends object>(): PanelTable<Row> {
    return new PanelTable<Row>(null, [])
  }

  /** Begins NAME.arrows in the folder; gone on with, it has the rows of the table that is there, where one is. */
  static begin<Row extends object>(folder: string, name: string, schema: Schema, resumed: boolean): PanelTable<Row> {
    const path = join(folder, `${name}.arrows`)
    const there = [path, path.slice(0, -1)].find((place) => existsSync(place))
    if (!resumed || there === undefined) return new PanelTable<Row>(new TableWriter(path, schema), [])
    const writer = TableWriter.reopen(path, countRows(there))
    return new PanelTable(writer, readRows<Row>(path))
  }

  append(rows: Row[]): void {
    if (rows.length === 0) return
    this.#writer?.append(batchOfRows(this.#writer.schema, rows))
    this.rows.push(...rows)
  }

  /** With its first rows alone, to go on behind them. */
  cutTo(rows: number): PanelTable<Row> {
    this.#writer?.close()
    const writer = this.#writer && TableWriter.reopen(this.#writer.path, rows)
    return new PanelTable(writer, this.rows.slice(0, rows))
  }

  /** The path of the file that it becomes. */
  finish(): string[] {
    return this.#writer ? [this.#writer.finish()] : []
  }
}
