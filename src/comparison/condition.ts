/**
 * Conditions: runs of one configuration with different seeds are one, every other run is one of its own. The first is the
 * reference.
 */
import { basename, dirname, resolve, sep } from 'node:path'
import { InputError } from '../errors.js'
import { canonicalJson } from '../tables/configuration-hash.js'
import type { BinnedEntropyRow, ClusteringRow, InformationRow, TrainingRow } from '../tables/rows.js'
import { measuredEpochs, type Run } from './run.js'

export interface Condition {
  name: string
  folders: string[]
  /** Ascending. */
  seeds: number[]
  /** Whether all its runs came to their end. */
  finished: boolean
  /** Last measured epoch, of the seed that is least far and of the one that is farthest. */
  ends: [number, number]
  /** Keys whose values are not the reference's: `training.orthonormal: 0.001 (not 0)`. */
  differs: string[]
  training: TrainingRow[]
  information: InformationRow[]
  clustering: ClusteringRow[] | null
  binned: BinnedEntropyRow[] | null
}

/** What makes no difference to what is learnt or measured. */
const apart = ['seed', 'seeds', 'save', 'compare', 'adapter', 'mode']

/** Throws InputError where a condition has no epoch in common with the first. */
export function conditionsOf(runs: readonly Run[]): Condition[] {
  const groups = groupsOf(runs, seedsOf)
  const conditions = groups.map(({ name, runs }) => together(runs, name, groups[0].runs[0]))
  for (const condition of conditions.slice(1)) requireCommonEpoch(conditions[0], condition)
  return conditions
}

type Configured = Pick<Run, 'folder' | 'configuration'>

/** Runs of one configuration with different seeds together, every other run by itself; names by their folders. */
export function groupsOf<R extends Configured>(
  runs: readonly R[],
  seedsOf: (run: R) => number[],
): { name: string; runs: R[] }[] {
  const groups: R[][] = []
  const shareSeed = (a: R, b: R) => seedsOf(a).some((seed) => seedsOf(b).includes(seed))
  for (const run of runs) {
    const group = groups.find((others) => isSame(others[0], run) && !others.some((other) => shareSeed(other, run)))
    if (group) group.push(run)
    else groups.push([run])
  }
  const names = namesOf(groups.map((group) => group.map(({ folder }) => folder)))
  return groups.map((group, i) => ({ name: names[i], runs: group }))
}

/** Whether any row has an estimate of I(X;T). */
export function isEstimated({ information }: Pick<Condition, 'information'>): boolean {
  return information.some((row) => Number.isFinite(row.mi_corrected))
}

function together(runs: Run[], name: string, reference: Run): Condition {
  const all = <K extends 'training' | 'information'>(key: K) => runs.flatMap((run) => run[key] as Run[K][number][])
  const asked = <K extends 'clustering' | 'binned'>(key: K) =>
    runs.every((run) => run[key] === null)
      ? null
      : runs.flatMap((run) => (run[key] ?? []) as NonNullable<Run[K]>[number][])
  const seeds = new Set(runs.flatMap(seedsOf))
  const last = [...seeds].map((seed) => Math.max(...runs.flatMap((run) => epochsOfSeed(run, seed))))
  return {
    ...{ name, folders: runs.map(({ folder }) => folder), seeds: [...seeds].sort((a, b) => a - b) },
    finished: runs.every(({ status }) => status === 'finished'),
    ends: [Math.min(...last), Math.max(...last)],
    differs: differences(runs[0].configuration, reference.configuration),
    training: all('training') as TrainingRow[],
    information: all('information') as InformationRow[],
    clustering: asked('clustering') as ClusteringRow[] | null,
    binned: asked('binned') as BinnedEntropyRow[] | null,
  }
}

const layerRows = ({ information, clustering, binned }: Run) => [
  ...information,
  ...(clustering ?? []),
  ...(binned ?? []),
]
const seedsOf = (run: Run) => [...new Set(layerRows(run).map(({ seed }) => seed))]
const epochsOfSeed = (run: Run, seed: number) => layerRows(run).flatMap((row) => (row.seed === seed ? [row.epoch] : []))

function isSame(a: Configured, b: Configured): boolean {
  const [left, right] = [a, b].map(({ configuration }) =>
    canonicalJson(Object.fromEntries(Object.entries(configuration).filter(([key]) => !apart.includes(key)))),
  )
  return left === right
}

function requireCommonEpoch(reference: Condition, other: Condition): void {
  const [left, right] = [measuredEpochs(reference), measuredEpochs(other)]
  if ([...right].some((epoch) => left.has(epoch))) return
  const text = (epochs: Set<number>) => [...new Set([Math.min(...epochs), Math.max(...epochs)])].join(' to ')
  throw new InputError(
    `${other.folders[0]}: measured at epoch ${text(right)}, none of those of ${reference.folders[0]} (${text(left)}): ` +
      'expected at least one in common',
  )
}

/** Dotted keys whose values differ, those of lists as a whole. */
function differences(own: Record<string, unknown>, reference: Record<string, unknown>): string[] {
  const [left, right] = [own, reference].map((config) => new Map(leaves(config)))
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => !apart.includes(key.split('.')[0]) && left.get(key) !== right.get(key))
    .map((key) => `${key}: ${left.get(key) ?? 'none'} (not ${right.get(key) ?? 'none'})`)
}

function leaves(value: object, prefix = ''): [key: string, text: string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === 'object' && inner !== null && !isPlainList(inner)
      ? leaves(inner, `${prefix}${key}.`)
      : [[`${prefix}${key}`, JSON.stringify(inner)]],
  )
}

const isPlainList = (value: object) => Array.isArray(value) && value.every((item) => typeof item !== 'object')

/** The last part of each folder's path, more parts where names would be the same. */
function namesOf(groups: string[][]): string[] {
  const paths = groups.map((folders) => resolve(isSeeds(folders) ? dirname(folders[0]) : folders[0]).split(sep))
  const more = groups.map((folders) => (folders.length > 1 && !isSeeds(folders) ? ` +${folders.length - 1}` : ''))
  const depths = paths.map(() => 1)
  const names = () => paths.map((path, i) => path.slice(-depths[i]).join('/') + more[i])
  for (let found = names(); new Set(found).size < found.length; found = names()) {
    found.forEach((name, i) => {
      if (found.indexOf(name) !== found.lastIndexOf(name)) depths[i]++
    })
    // two groups of one parent's seed folders: their own names tell them apart
    if (depths.some((depth, i) => depth > paths[i].length)) return groups.map((folders) => folders.join(' '))
  }
  return names()
}

/** Whether these are seed-1, seed-2, ... of one folder. */
function isSeeds(folders: string[]): boolean {
  const parents = new Set(folders.map((folder) => dirname(resolve(folder))))
  return folders.length > 1 && parents.size === 1 && folders.every((folder) => /^seed-\d+$/.test(basename(folder)))
}
