/**
 * A run's folder as far as it can be read: of a run that goes on, was killed or is damaged, the rows that are whole. What is
 * not there is said in words and nothing is thrown: a report shows what there is.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import { inspectTable, readBatches } from '../tables/read.js'
import { runJson } from '../tables/run-folder.js'
import { tablePath } from '../tables/run-tables.js'
import { schemaVersion } from '../tables/schema.js'
import { columnsOf, type Cell } from './columns.js'
import { stored, type StoredTables, type TableName } from './stored-tables.js'

export interface StoredRun {
  /** As it was given. */
  folder: string
  /** What run.json says; empty where it cannot be read. */
  record: Record<string, unknown>
  configuration: Record<string, unknown>
  tables: StoredTables
  /** One line for each thing that is not there, or not whole. */
  missing: string[]
}

/** Throws InputError only where a folder holds neither a run nor runs. A folder that holds runs stands for all of them. */
export function storedRuns(folders: readonly string[]): StoredRun[] {
  return folders.flatMap((folder) => {
    const inner = isRun(folder) ? [folder] : foldersIn(folder).filter(isRun)
    if (inner.length > 0) return inner.map(storedRun)
    throw new InputError(`${folder}: no run in it: expected run.json or tables, such as in results/szt-001`)
  })
}

function storedRun(folder: string): StoredRun {
  const missing: string[] = []
  const record = recordOf(folder, missing)
  const configuration = isObject(record.configuration) ? record.configuration : {}
  const tables = Object.fromEntries(
    Object.keys(stored).map((name) => [name, tableOf(folder, name as TableName, configuration, missing)]),
  ) as unknown as StoredTables
  return { folder, record, configuration, tables, missing }
}

const isRun = (folder: string) =>
  existsSync(join(folder, 'run.json')) ||
  tablePath(folder, 'information') !== null ||
  tablePath(folder, 'training') !== null

function foldersIn(folder: string): string[] {
  try {
    const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const names = inner.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    return names.map((name) => join(folder, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${folder}: cannot be read (${code}): expected a run's folder, such as results/szt-001`)
  }
}

function recordOf(folder: string, missing: string[]): Record<string, unknown> {
  try {
    const record = runJson(folder)
    if (isObject(record)) return record
    missing.push('run.json holds no record: what was run, where and how long is not known')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'not JSON'})`
    missing.push(`run.json ${why}: what was run, where and how long is not known`)
  }
  return {}
}

function tableOf(
  folder: string,
  name: TableName,
  configuration: Record<string, unknown>,
  missing: string[],
): Record<string, Cell>[] {
  const { lacks, columns, optional } = stored[name]
  const path = tablePath(folder, name)
  if (path === null) {
    if (!optional || configuration[optional]) missing.push(`${name}.arrow is not there: ${lacks}`)
    return []
  }
  const rows: Record<string, Cell>[] = []
  try {
    const { schema, cut } = inspectTable(path)
    const own = schema.metadata.get('table') === name && schema.metadata.get('schema_version') === String(schemaVersion)
    if (!own) throw new Error(`not table ${name} of schema version ${schemaVersion}`)
    const absent = columns.filter((column) => !schema.fields.some((field) => field.name === column))
    if (absent.length > 0) throw new Error(`without the column ${absent.join(', ')}`)
    const wanted = schema.fields
      .map((field) => field.name)
      .filter((column) => columns.includes(column) || /^s\d+$/.test(column))
    for (const batch of readBatches(path)) for (const row of columnsOf(batch, wanted, stored[name].keep)) rows.push(row)
    if (cut) missing.push(`${name}.arrows ends within a row: the ${rows.length} rows before it are shown`)
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0].replace(`${path}: `, '') : String(error)
    missing.push(
      `${name}.arrow is damaged (${why}): ${rows.length > 0 ? `${rows.length} rows of it are shown` : lacks}`,
    )
  }
  return rows
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
