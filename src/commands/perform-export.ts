/** One export: which tables of which runs go where, all places looked at before the first file, a line for each written. */
import { statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { InputError, unknownName } from '../errors.js'
import { exportTable, requireFree, targetOf, type Exported } from '../export/export.js'
import { counted, visible, wrapped } from '../report/numbers.js'
import { size } from '../samples/wording.js'
import { readRunRecord } from '../tables/run-folder.js'
import { runsWithin, tablesIn, type RunTable } from '../tables/run-tables.js'
import type { ExportRequest } from './export-options.js'

interface Task {
  table: RunTable
  /** Of the run. */
  folder: string
  /** The folder that no file may leave. */
  place: string
  target: string
}

/** The lines to print, each when its file is written. Throws InputError: see exportedLines. */
export function performExport(request: ExportRequest): void {
  for (const line of exportedLines(request)) process.stdout.write(`${line}\n`)
}

/** Throws InputError: no run, no such table, a file in the way; a damaged table after all others are written. */
export function* exportedLines(request: ExportRequest): Generator<string> {
  const tasks = tasksOf(request)
  const places = tasks.map(({ target }) => target)
  for (const { place, target } of tasks) requireFree(place, target, request.format, request.force)
  const width = Math.max(...places.map((path) => visible(path).length))
  const failed: InputError[] = []
  const going = new Map<string, boolean>()
  for (const { table, folder, target } of tasks) {
    try {
      const done = exportTable(table, request.format, target)
      yield `${visible(target).padEnd(width)}  ${fileText(done)}`
      if (done.going) going.set(folder, done.cut || (going.get(folder) ?? false))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      failed.push(error)
    }
  }
  for (const [folder, cut] of going) yield wrapped(goingText(folder, cut))
  if (failed.length > 0) throw afterOthers(failed, tasks.length - failed.length)
}

function tasksOf({ folder, format, tables, out }: ExportRequest): Task[] {
  const all = isFile(folder) ? [tableAt(folder, out)] : tablesWithin(folder, out)
  if (all.length === 0)
    throw new InputError(`${folder}: holds no tables: expected a run's folder, such as results/szt-001`)
  const names = [...new Set(all.map(({ table }) => table.name))]
  for (const name of tables ?? [])
    if (!names.some((known) => isCalled(known, name))) throw unknownName('table', name, names)
  return all
    .filter(({ table }) => tables === undefined || tables.some((name) => isCalled(table.name, name)))
    .map((one) => ({ ...one, place: out ?? one.place, target: targetOf(one.inner, one.table, format) }))
}

/** Each run's in a folder of its own: without `out` in the run's. */
function tablesWithin(folder: string, out?: string) {
  return runsWithin(folder).flatMap((run) => {
    const place = join(run, 'export')
    const inner = out === undefined ? place : join(out, relative(folder, run))
    return tablesIn(run).map((table) => ({ table, folder: run, place, inner }))
  })
}

/** A table by itself, such as `infoflow estimate --out` writes. */
function tableAt(path: string, out = dirname(path)) {
  const table = { name: basename(path).replace(/\.arrows?$/, ''), path }
  return { table, folder: path, place: out, inner: out }
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** `activations` stands for all of its layers. */
const isCalled = (table: string, name: string) => table === name || table.startsWith(`${name}/`)

const fileText = ({ rows, columns, bytes }: Exported) =>
  `${counted(rows, 'row')}, ${counted(columns, 'column')}, ${size(bytes)}`

function goingText(folder: string, cut: boolean): string {
  const running = readRunRecord(folder)?.status === 'running'
  const why = running ? 'goes on, or was killed' : 'left streams'
  const half = cut ? ', without the one that is not whole yet' : ''
  return `${visible(folder)} ${why}: these are its rows so far${half}; export again with --force for those to come.`
}

function afterOthers(failed: readonly InputError[], written: number): InputError {
  const more = failed.length > 1 ? ` (and ${counted(failed.length - 1, 'other table')} likewise)` : ''
  const kept = written > 0 ? `; ${counted(written, 'other table')} written` : ''
  return new InputError(`${failed[0].message}${more}${kept}`)
}
