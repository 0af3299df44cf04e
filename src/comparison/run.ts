/**
 * A run's folder read back: its tables as they are now, of a run that goes on the streams as far as they are whole. A folder
 * that holds runs stands for all of them.
 */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../errors.js'
import { inspectTable, readRows } from '../tables/read.js'
import type { BinnedEntropyRow, ClusteringRow, InformationRow, TrainingRow } from '../tables/rows.js'
import { readRunRecord, type RunRecord } from '../tables/run-folder.js'
import { tablePath } from '../tables/run-tables.js'
import {
  binnedEntropySchema,
  clusteringSchema,
  informationSchema,
  schemaVersion,
  trainingSchema,
} from '../tables/schema.js'

export interface Run {
  /** As it was given. */
  folder: string
  status: RunRecord['status']
  configuration: Record<string, unknown>
  training: TrainingRow[]
  information: InformationRow[]
  /** Null where the run has no such table. */
  clustering: ClusteringRow[] | null
  binned: BinnedEntropyRow[] | null
}

/**
 * The runs in these folders, in order; rows after epoch `until` are left out. Throws InputError: no run, a damaged table, a
 * folder given twice, a run without rows.
 */
export function readRuns(folders: readonly string[], until = Infinity): Run[] {
  const all = folders.flatMap(runFolders)
  const twice = all.find((folder, i) => all.findIndex((other) => resolve(other) === resolve(folder)) < i)
  if (twice !== undefined) throw new InputError(`${twice}: given twice, expected different runs`)
  return all.map((folder) => readRun(folder, until))
}

function runFolders(folder: string): string[] {
  if (isRun(folder)) return [folder]
  const inner = inOrder(folder, foldersIn(folder))
    .map((name) => join(folder, name))
    .filter(isRun)
  if (inner.length > 0) return inner
  if (readRunRecord(folder) === null) {
    throw new InputError(`${folder}: not a run's folder: expected run.json and tables, such as results/szt-001`)
  }
  throw new InputError(`${folder}: has no information.arrow: expected a run that measured layers, such as of szt`)
}

/** Conditions of one experiment as it ran them, the reference first. */
function inOrder(folder: string, names: string[]): string[] {
  const told = readRunRecord(folder)?.conditions
  const conditions: unknown[] = Array.isArray(told) ? told : []
  const place = (name: string) => (conditions.includes(name) ? conditions.indexOf(name) : conditions.length)
  return names.toSorted((a, b) => place(a) - place(b))
}

const isRun = (folder: string) => readRunRecord(folder) !== null && tablePath(folder, 'information') !== null

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    return entries.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${folder}: cannot be read (${code}): expected a run's folder, such as results/szt-001`)
  }
}

function readRun(folder: string, until: number): Run {
  const { status, configuration } = readRunRecord(folder)!
  const rows = <Row extends { epoch: number }>(name: string): Row[] | null =>
    readTable<Row>(folder, name)?.filter((row) => row.epoch <= until) ?? null
  const run: Run = {
    ...{ folder, status, configuration: (configuration ?? {}) as Record<string, unknown> },
    training: rows<TrainingRow>('training') ?? [],
    information: rows<InformationRow>('information') ?? [],
    clustering: rows<ClusteringRow>('clustering'),
    binned: rows<BinnedEntropyRow>('binned-entropies'),
  }
  if (measuredEpochs(run).size > 0) return run
  const when = until === Infinity ? 'yet: wait for its first one' : `up to epoch ${until}: choose a later --until`
  throw new InputError(`${folder}: no measurement ${when}`)
}

/** Epochs at which a layer was looked at. */
export function measuredEpochs({
  information,
  clustering,
  binned,
}: Pick<Run, 'information' | 'clustering' | 'binned'>) {
  return new Set([...information, ...(clustering ?? []), ...(binned ?? [])].map(({ epoch }) => epoch))
}

function readTable<Row>(folder: string, name: string): Row[] | null {
  const path = tablePath(folder, name)
  if (path === null) return null
  try {
    checkSchema(path, name)
    return readRows<Row>(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new InputError(`${path}: damaged (${reason}): copy it again, or leave this run out`)
  }
}

const anybody = { configuration_hash: '' }
const schemas = new Map(
  [trainingSchema, informationSchema, clusteringSchema, binnedEntropySchema]
    .map((schemaOf) => schemaOf(anybody))
    .map((schema) => [schema.metadata.get('table'), schema]),
)

/** Columns may be missing where a row may lack them: tables of older versions have fewer. */
function checkSchema(path: string, name: string): void {
  const { metadata, fields } = inspectTable(path).schema
  for (const { name: column, type, nullable } of schemas.get(name)?.fields ?? []) {
    const found = fields.filter((field) => field.name === column)
    const fits = found.every((field) => String(field.type) === String(type) && (nullable || !field.nullable))
    if (fits && found.length <= 1 && (nullable || found.length === 1)) continue
    const [is] = found.map((field) => `${field.type}${field.nullable ? ' or null' : ''}`)
    throw new InputError(`${path}: column ${column} is ${is ?? 'missing'}: expected ${type}; copy the table again`)
  }
  const [table, version] = [metadata.get('table'), metadata.get('schema_version')]
  if (table === name && version === String(schemaVersion)) return
  const found = table === undefined ? 'a table of another program' : `table ${table}, schema version ${version}`
  throw new InputError(
    `${path}: ${found}: expected table ${name}, schema version ${schemaVersion}, as infoflow writes it`,
  )
}
