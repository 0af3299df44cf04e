/**
 * The tables of runs as files that other programs read. A table is read as it is at this moment: of a run that goes on, the rows
 * so far. A file stands under its name whole or not at all, and what is there stays unless it may be replaced.
 */
import { existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { InputError } from '../errors.js'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { OpenTable } from '../tables/read.js'
import type { RunTable } from '../tables/run-tables.js'
import { surveyed, type Survey } from './columns.js'
import { csvMetadata, writeCsv } from './csv.js'
import type { Format } from './formats.js'
import { writeNpz } from './npz.js'
import { writeParquet } from './parquet.js'

export interface Exported {
  path: string
  rows: number
  columns: number
  bytes: number
  /** Whether the table is a stream: of a run that goes on or was killed. */
  going: boolean
  /** Whether a batch that is not whole followed the rows. */
  cut: boolean
}

/** Where a table goes: FOLDER/information.csv, FOLDER/activations/layer-3.csv. */
export const targetOf = (folder: string, { name }: RunTable, format: Format) => join(folder, `${name}.${format}`)

/** The file beside a CSV file that says what its columns are. */
const besideCsv = (path: string) => `${path}-metadata.json`

/** Throws InputError where a file is in the way of what a table becomes, or a link leads out of `folder`. */
export function requireFree(folder: string, target: string, format: Format, force: boolean): void {
  for (const path of format === 'csv' ? [target, besideCsv(target)] : [target]) {
    requireInside(folder, path)
    if (!existsSync(path)) continue
    if (!statSync(path).isFile()) throw new InputError(`${path}: a folder is in its place: choose another --out DIR`)
    if (!force) throw new InputError(`${path}: exists: choose another --out DIR, or replace it with --force`)
  }
}

/** Neither the folder of a file nor its temporary name may be a link to elsewhere. */
function requireInside(folder: string, path: string): void {
  const above = dirname(path)
  const [root, real] = [folder, above].map((one) => (existsSync(one) ? realpathSync(one) : null))
  const outside =
    root !== null && real !== null && real !== root && !real.startsWith(`${root.replace(/[\\/]$/, '')}${sep}`)
  const link = lstatSync(`${path}.tmp`, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
  if (!outside && !link) return
  throw new InputError(
    `${relative('.', outside ? above : `${path}.tmp`)}: a link that leads elsewhere: choose another --out DIR`,
  )
}

/** Writes one table. Throws InputError: no table of infoflow's, damaged, or the disk refuses. */
export function exportTable({ path: listed }: RunTable, format: Format, target: string): Exported {
  // a run that has ended since made its file of the stream
  const path = existsSync(listed) ? listed : listed.replace(/\.arrows$/, '.arrow')
  const table = opened(path)
  try {
    const survey = guarded(path, () => surveyed(table))
    makeFolder(dirname(target))
    write(target, (file) => writers[format](file, table, survey))
    if (format === 'csv') {
      const text = csvMetadata(target.slice(dirname(target).length + 1), table, survey)
      write(besideCsv(target), (file) => writeFully(file, Buffer.from(text)))
    }
    const { rows, columns } = survey
    const going = path.endsWith('.arrows')
    return { path: target, rows, columns: columns.length, bytes: statSync(target).size, going, cut: table.cut }
  } finally {
    table.close()
  }
}

const writers: Record<Format, (file: number, table: OpenTable, survey: Survey) => void> = {
  ...{ parquet: writeParquet, csv: writeCsv, npz: writeNpz },
}

function opened(path: string): OpenTable {
  const table = guarded(path, () => new OpenTable(path))
  if (table.schema.metadata.has('table')) return table
  table.close()
  throw new InputError(`${path}: a table of another program: expected one that infoflow wrote`)
}

/** What goes wrong in reading a table is the table's fault, not ours. */
function guarded<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code?.startsWith('E')) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new InputError(`${path}: damaged (${reason}): copy it again, or leave it out with --tables`)
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw diskError(error, `${folder}: cannot create the folder`)
  }
}

function write(path: string, content: (file: number) => void): void {
  try {
    writeAtomically(path, content)
  } catch (error) {
    throw diskError(error, `${path}: cannot write`, 'the run itself is as it was')
  }
}
