// Runs that are killed and gone on with, until they end; and whether their tables are those of a run that nobody disturbed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { checkpointFile } from '../../src/tables/checkpoint-files.js'
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

/** Both runs have the same tables, or these of them, with the same schemas and rows, times aside. */
export function sameTables(run: string, undisturbed: string, tables = tablesOf(undisturbed)): void {
  assert.equal(tablesOf(run), tables.toSorted())
  for (const table of tables) {
    const [mine, its] = [run, undisturbed].map((folder) => inspectTable(join(folder, `${table}.arrow`)).schema)
    assert.is(mine.toString(), its.toString(), table)
    assert.equal([...mine.metadata], [...its.metadata], table)
    assert.equal(rowsOf(run, table), rowsOf(undisturbed, table), table)
  }
  assert.equal(weightsOf(run), weightsOf(undisturbed))
}

/** Hashes of the files of weights. */
function weightsOf(run: string): [name: string, sha256: string][] {
  const inner = join(run, 'weights')
  if (!existsSync(inner)) return []
  const names = readdirSync(inner, { recursive: true }).map(String).sort()
  const files = names.filter((name) => name.endsWith('.safetensors'))
  return files.map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(inner, name)))
      .digest('hex'),
  ])
}

/** The last checkpoint of a run, with some bits turned over. */
export function damageLast(run: string): void {
  const inner = join(run, 'checkpoints')
  const names = readdirSync(inner).filter((name) => checkpointFile.test(name))
  const path = join(inner, names.sort().at(-1)!)
  const bytes = readFileSync(path)
  bytes[Math.floor(bytes.length / 2)] ^= 15
  writeFileSync(path, bytes)
}

/** Every table can be read, with the rows of the other run as far as it goes. */
export function readable(run: string, undisturbed: string): void {
  if (!existsSync(run)) return
  for (const table of tablesOf(run)) {
    const rows = rowsOf(run, table)
    assert.equal(rows, rowsOf(undisturbed, table).slice(0, rows.length), `${table} after ${rows.length} rows`)
  }
}

/** When a process is ended: so many lines of progress after it said what it is about to do, and a part of that time later. */
export interface End {
  lines: number
  later: number
  signal: NodeJS.Signals
}

/** `infoflow ...typed`, ended then, unless it ends before. */
export function endedAt(cwd: string, typed: readonly string[], { lines, later, signal }: End): Promise<Ending> {
  let [begun, sent] = [0, false]
  return execute([...infoflow, ...typed], {
    cwd,
    limit: 900,
    told: (stderr, end) => {
      if (!stderr.includes('reproduce: ')) return
      if (begun === 0) begun = performance.now()
      if (sent || [...stderr.matchAll(/^ +\d+ +\d\.\d+ +/gm)].length < lines) return
      sent = true
      void setTimeout(later * Math.max(500, performance.now() - begun)).then(() => end(signal))
    },
  })
}

/** Numbers between 0 and 1, the same for the same seed. */
export function moments(seed: number): () => number {
  let drawn = 0
  return () => philox4x32([drawn++, 0, 0, 0], [seed, 0])[0] / 2 ** 32
}
