/** Which tables lie in a folder, and which folders hold runs: by the files that are there, whatever run.json says. */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { InputError } from '../errors.js'
import { readRunRecord } from './run-folder.js'

export interface RunTable {
  /** `information`, or `activations/layer-3`. */
  name: string
  path: string
}

/** Folders in a run's own in which no other run lies. */
const notRuns = ['activations', 'weights', 'export', 'figures']
const mostDepth = 4

/** A folder's tables, as files or, of a run that goes on or was killed, as streams. Throws InputError: cannot be read. */
export function tablesIn(folder: string): RunTable[] {
  return [...tablesOf(folder, namesIn(folder), ''), ...activationsIn(folder)]
}

/** Where a table of a run lies, null if it has none. Twice the file: a run that ends in this moment makes it of its stream. */
export function tablePath(folder: string, name: string): string | null {
  const paths = ['arrow', 'arrows', 'arrow'].map((ending) => join(folder, `${name}.${ending}`))
  return paths.find((path) => existsSync(path)) ?? null
}

/** Whether a folder is a run's: by a run.json that can be read, or by its tables. */
export function isRunFolder(folder: string): boolean {
  return readRunRecord(folder) !== null || tablesIn(folder).length > 0
}

/**
 * The runs in a folder, and of each the runs in it (its conditions), outer ones first, names in the order of their numbers. Links
 * are not followed. Throws InputError: the folder cannot be read.
 */
export function runsWithin(folder: string, depth = 0): string[] {
  const inner = depth < mostDepth ? foldersIn(folder) : []
  return [...(isRunFolder(folder) ? [folder] : []), ...inner.flatMap((name) => innerRuns(join(folder, name), depth))]
}

/** Of a folder that nobody named: one that may not be read is none. */
function innerRuns(folder: string, depth: number): string[] {
  try {
    return runsWithin(folder, depth + 1)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

function foldersIn(folder: string): string[] {
  const names = namesIn(folder).filter((name) => !notRuns.includes(name) && !name.startsWith('.'))
  return inOrder(names.filter((name) => lstatSync(join(folder, name)).isDirectory()))
}

function activationsIn(folder: string): RunTable[] {
  const inner = join(folder, 'activations')
  return existsSync(inner) && statSync(inner).isDirectory() ? tablesOf(inner, namesIn(inner), 'activations/') : []
}

function tablesOf(folder: string, names: string[], prefix: string): RunTable[] {
  const bases = names
    .filter((name) => /^[^.].*\.arrows?$/.test(name))
    .map((name) => basename(name).replace(/\.arrows?$/, ''))
  return inOrder([...new Set(bases)]).flatMap((base) => {
    const path = tablePath(folder, base)
    return path !== null && statSync(path).isFile() ? [{ name: `${prefix}${base}`, path }] : []
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${folder}: cannot be read (${code}): expected a run's folder, such as results/szt-001`)
  }
}

const inOrder = (names: string[]) => names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
