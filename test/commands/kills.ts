// Runs that are killed and gone on with, until they end; and whether their tables are those of a run that nobody disturbed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { philox4x32 } from '../../src/math/philox.js'
import { execute, infoflow, type Ending } from './process.js'

/** Paths of all tables in a run's folder, without their endings. */
export function tablesOf(run: string): string[] {
  const names = readdirSync(run, { recursive: true }).map(String)
  return [
    ...new Set(names.filter((name) => /\.arrows?$/.test(name)).map((name) => name.replace(/\.arrows?$/, ''))),
  ].sort()
}

/** Where a table lies now: a stream, as long as there is one, else a file; null where it has gone meanwhile. */
function placeOf(run: string, table: string): string | null {
  const places = ['.arrows', '.arrow'].map((ending) => join(run, table + ending))
  return places.find((place) => existsSync(place)) ?? null
}

/** Rows without wall-clock times. */
export function rowsOf(run: string, table: string): Record<string, unknown>[] {
  return readRows(placeOf(run, table)!).map(({ seconds: _, ...row }) => row)
}

/** Both runs have the same tables with the same schemas and rows, times aside; the same weights too. */
export function sameTables(run: string, undisturbed: string): void {
  assert.equal(tablesOf(run), tablesOf(undisturbed))
  for (const table of tablesOf(undisturbed)) {
    const [mine, its] = [run, undisturbed].map((folder) => inspectTable(join(folder, `${table}.arrow`)).schema)
    assert.is(mine.toString(), its.toString(), table)
    assert.equal([...mine.metadata], [...its.metadata], table)
    assert.equal(rowsOf(run, table), rowsOf(undisturbed, table), table)
  }
}

/** Every table can be read, with the rows of the other run as far as it goes. */
export function readable(run: string, undisturbed: string): void {
  if (!existsSync(run)) return
  for (const table of tablesOf(run)) {
    const rows = rowsOf(run, table)
    assert.equal(rows, rowsOf(undisturbed, table).slice(0, rows.length), `${table} after ${rows.length} rows`)
  }
}

/** `infoflow ...typed`, ended by `signal` so many seconds after it said what it is about to do, unless it ends before. */
export async function endedAfter(
  cwd: string,
  typed: readonly string[],
  seconds: number,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Ending> {
  let started = false
  return execute([...infoflow, ...typed], {
    cwd,
    limit: 600,
    told: (stderr, end) => {
      if (started || !stderr.includes('reproduce: ')) return
      started = true
      void setTimeout(1000 * seconds).then(() => end(signal))
    },
  })
}

/** Numbers between 0 and 1, the same for the same seed. */
export function moments(seed: number): () => number {
  let drawn = 0
  return () => philox4x32([drawn++, 0, 0, 0], [seed, 0])[0] / 2 ** 32
}
