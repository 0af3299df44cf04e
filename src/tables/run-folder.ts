/**
 * The folder of one run. It is taken by one process only: a numbered one by creating it, a named one by creating
 * run.json in it, both of which the system lets only one do. What `--force` may remove is a list of names, so that
 * nobody's own files go with them.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../errors.js'
import { createWhole, diskError, writeAtomically, writeFully } from './disk.js'
import { plainJson } from './plain-json.js'

export const runStatuses = ['running', 'finished', 'interrupted', 'failed'] as const
export type RunStatus = (typeof runStatuses)[number]

/** What run.json says. The caller adds configuration, versions, git commit, adapter, shader hashes, command. */
export interface RunRecord {
  status: RunStatus
  [key: string]: unknown
}

export interface RunFolderOptions {
  /** Names the numbered folder: `szt` takes szt-001, szt-002, ... */
  experiment: string
  /** `--out`: this folder and no other; it must be empty or not exist. */
  out?: string
  /** `--force`: `out` may hold another run, whose files are removed. */
  force?: boolean
  /** Where numbered folders are made, by default `results`. */
  root?: string
}

/** Names of the tables that a run may have at the top of its folder. */
export const runTables = (
  'training|information|rivals|noise-levels|entropies|clustering|binned-entropies|histograms|scatter|similarity|' +
  'mixture|reed-muller|kernels|bench|scaling'
).split('|')
const tables = runTables.join('|')
const pictures =
  'information|neuron|plane|constellation|binning|noise-levels|spiral|test-errors|similarity|clustering|mixture|' +
  'reed-muller|roofline|scaling'

const exported = '(parquet|npz|csv(-metadata\\.json)?)(\\.tmp)?'

/** What whoever takes a folder may leave there when it is killed. */
const taking = /^(lock-\d+\.json|(lock-\d+|run)\.json\..+\.tmp)$/

/** Everything that infoflow writes into a run's folder. */
const ownFiles: Record<string, RegExp> = {
  '.': new RegExp(
    `^(run\\.json|trace\\.json|report\\.html|bench\\.md|(${tables})\\.arrows?|(${pictures})\\.(svg|png|vl\\.json))(\\.tmp)?$|` +
      '^(lock-\\d+|run)\\.json\\..+\\.tmp$',
  ),
  activations: /^layer-\d+\.arrows?(\.tmp)?$/,
  figures: /^[a-z0-9-]+\.(svg|png|vl\.json|csv)(\.tmp)?$/,
  weights: /^epoch-\d+\.safetensors(\.tmp)?$/,
  export: new RegExp(`^(${tables})\\.${exported}$`),
  'export/activations': new RegExp(`^layer-\\d+\\.${exported}$`),
  checkpoints: /^(\d{6,}\.[0-9a-f]{64}|seen-[a-z0-9-]+)\.safetensors(\.tmp)?$/,
}

/** A folder for this run alone, made if need be, run.json in it. Throws InputError if it is taken or unwritable. */
export function takeRunFolder({ experiment, out, force = false, root = 'results' }: RunFolderOptions): string {
  const folder = out ?? nextFolder(root, experiment)
  if (out !== undefined) makeFolder(out)
  if (readdirSync(folder).some((name) => !taking.test(name))) clear(folder, force)
  claim(folder)
  return folder
}

/** run.json, replaced whole or not at all. Throws InputError on a full disk. */
export function writeRunRecord(folder: string, record: RunRecord): void {
  const path = join(folder, 'run.json')
  try {
    writeAtomically(path, (file) => writeFully(file, Buffer.from(`${JSON.stringify(record, null, 2)}\n`)))
  } catch (error) {
    throw diskError(error, `${path}: cannot write`)
  }
}

/** What the JSON of run.json holds, whatever it is. Throws as plainJson does. */
export const runJson = (folder: string): unknown => plainJson(join(folder, 'run.json'))

/** What run.json says, null where there is none that infoflow wrote. */
export function readRunRecord(folder: string): RunRecord | null {
  try {
    const record = runJson(folder) as RunRecord | null
    return record && runStatuses.includes(record.status) ? record : null
  } catch {
    return null
  }
}

/** The first number above all that are there; whoever creates the folder has it. */
export function nextFolder(root: string, experiment: string): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(experiment)) throw new Error(`'${experiment}' cannot name a folder`)
  makeFolder(root)
  const numbered = new RegExp(`^${experiment}-(\\d+)$`)
  const taken = readdirSync(root).map((name) => Number(numbered.exec(name)?.[1] ?? 0))
  for (let number = Math.max(0, ...taken) + 1; ; number++) {
    const folder = join(root, `${experiment}-${String(number).padStart(3, '0')}`)
    try {
      mkdirSync(folder)
      return folder
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw diskError(error, `${folder}: cannot create the folder`)
    }
  }
}

function makeFolder(path: string): void {
  try {
    makeFolders(path)
    readdirSync(path)
  } catch (error) {
    throw diskError(error, `${path}: cannot create the folder`)
  }
}

/** Not Node's own `recursive`: where the system answers ENOENT below a folder that is there, as /proc does, it hangs. */
function makeFolders(path: string): void {
  const above = dirname(path)
  if (above !== path && !existsSync(above)) makeFolders(above)
  try {
    mkdirSync(path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error
  }
}

/** Removes another run's files, if that is what the folder holds and `force` was given. */
function clear(folder: string, force: boolean): void {
  const record = readRunRecord(folder)
  if (record === null) {
    throw new InputError(`${folder}: not empty, and no run's folder: choose a new or an empty one with --out DIR`)
  }
  if (!force) {
    const state = record.status === 'running' ? 'running or killed' : record.status
    const goOn = record.status === 'finished' ? '' : ', go on with it with --resume'
    throw new InputError(
      `${folder}: holds a run (${state}): choose another --out DIR${goOn}, or replace it with --force`,
    )
  }
  removeRun(folder, record)
}

/** The runs of its conditions too, whose folders go where nothing else is in them. */
function removeRun(folder: string, { conditions }: RunRecord): void {
  for (const name of Array.isArray(conditions) ? conditions.filter(isConditionName) : []) {
    const inner = isOwnFolder(join(folder, name)) ? readRunRecord(join(folder, name)) : null
    if (inner === null) continue
    removeRun(join(folder, name), inner)
    removeEmpty(join(folder, name))
  }
  for (const part of Object.keys(ownFiles)) {
    if (part === '.' || isOwnFolder(join(folder, part))) removeOwn(join(folder, part), ownFiles[part])
  }
  if (existsSync(join(folder, 'checkpoints'))) removeEmpty(join(folder, 'checkpoints'))
}

/** A folder, and no link that leads out of this one. */
const isOwnFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw diskError(error, `${folder}: cannot remove`)
  }
}

const isConditionName = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z0-9][a-z0-9.-]*$/.test(name)

function removeOwn(folder: string, own: RegExp): void {
  try {
    for (const name of readdirSync(folder)) if (own.test(name)) rmSync(join(folder, name))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw diskError(error, `${folder}: cannot remove the old run`)
  }
}

function claim(folder: string): void {
  makeFolder(folder)
  const path = join(folder, 'run.json')
  try {
    createWhole(path, '{ "status": "running" }\n')
  } catch (error) {
    throw diskError(error, `${path}: cannot create`)
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
