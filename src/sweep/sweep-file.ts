/**
 * sweep.yaml: what is run, which keys of its configuration take which values, and over which seeds. Every value remembers
 * its line and column, so that a mistake which only the configuration's own schema sees is still shown where it was made.
 */
import { dirname, isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from '../errors.js'
import { isFile, readConfigFile } from '../experiments/config-file.js'
import { Places } from '../experiments/places.js'
import { checked, pathKeys, valueIn, type GivenValue } from '../experiments/read-config.js'
import { seedsSchema } from '../experiments/seeds.js'
import { isGroup } from '../experiments/tree.js'

/** Five digits name a task's folder. */
export const mostTasks = 100_000

/** No z.record, which leaves out a key `__proto__` without a word. */
const settings = z.custom<Record<string, unknown>>(isGroup, 'a group of keys, such as training.epochs: 300')
const values = z.array(z.unknown(), 'a list of values, such as [0.005, 0.01]').min(1, 'a list of at least 1 value')

const sweepSchema = z
  .strictObject({
    run: z
      .string('the name of an experiment, such as szt, or a file')
      .min(1, 'the name of an experiment, such as szt, or a file'),
    set: settings.optional(),
    grid: z.record(z.string(), values, 'a group of keys with a list of values each').optional(),
    list: z.array(settings, 'a list of groups of keys').min(1, 'a list of at least 1 group of keys').optional(),
    seeds: seedsSchema.default([1]),
    seedsPerTask: z.int('a whole number >= 1').min(1, 'a whole number >= 1').default(1),
  })
  .superRefine(({ grid, list }, context) => {
    if (!grid || !list) return
    context.addIssue({ code: 'custom', path: ['list'], message: 'to be given together with grid: take one of them' })
  })

/** What a sweep file asks for, before any of it is a configuration. */
export interface Sweep {
  /** Name of an experiment. */
  experiment: string
  /** The file that `run` names, null for the name of an experiment. */
  runFile: string | null
  /** Values of that file. */
  base: unknown
  /** The same for every task. */
  set: GivenValue[]
  /** Swept keys, in order of appearance. */
  keys: string[]
  /** What each setting gives to swept keys; one empty setting where only seeds are swept. */
  settings: GivenValue[][]
  /** Seeds of each task of a setting. */
  seeds: number[][]
}

/** Keys that are the sweep's own business, and what to write instead. */
const reserved: Record<string, string> = {
  experiment: "say it with 'run:'",
  seeds: "say it with 'seeds:' beside grid or list",
  seed: "say it with 'seeds:' beside grid or list",
}

/** @throws InputError: the first mistake, with line and column; more than 100,000 tasks */
export function readSweep(file: string): Sweep {
  const places = new Places()
  const { run, set = {}, grid, list, seeds, seedsPerTask } = checked(sweepSchema, readConfigFile(file, places), places)
  const given = (group: object, prefix: string): GivenValue[] =>
    Object.entries(group).map(([key, value]) => givenValue(file, places, key, value, `${prefix}.${key}`))
  const chunks = chunked(seeds, seedsPerTask)
  const count =
    (grid ? Object.values(grid).reduce((all, one) => all * one.length, 1) : (list ?? [0]).length) * chunks.length
  if (count > mostTasks) {
    throw new InputError(
      `${file}: ${count} tasks, expected at most ${mostTasks}: leave out values, or give each task more seeds with seedsPerTask`,
    )
  }
  const swept = grid ? product(file, places, grid) : (list ?? [{}]).map((one, i) => given(one, `list.${i}`))
  refuseMode(swept)
  return {
    ...whatRuns(file, run, places),
    set: given(set, 'set'),
    keys: [...new Set(swept.flatMap((setting) => setting.map(([key]) => key)))],
    settings: swept,
    seeds: chunks,
  }
}

function whatRuns(file: string, run: string, places: Places): Pick<Sweep, 'experiment' | 'runFile' | 'base'> {
  if (!isFile(run)) return { experiment: run, runFile: null, base: {} }
  const runFile = resolve(dirname(file), run)
  const base = valueIn({ file: runFile }, [])
  const experiment = valueIn({ values: base }, ['experiment']) ?? 'custom'
  if (typeof experiment === 'string') return { experiment, runFile, base }
  throw new InputError(`${places.of(['run']).value}: ${runFile}: experiment: expected a name, such as custom or szt`)
}

/** Every combination, the first key slowest. */
function product(file: string, places: Places, grid: Record<string, unknown[]>): GivenValue[][] {
  return Object.entries(grid).reduce<GivenValue[][]>(
    (settings, [key, values]) => {
      const choices = values.map((value, i) => givenValue(file, places, key, value, `grid.${key}.${i}`))
      return settings.flatMap((setting) => choices.map((choice) => [...setting, choice]))
    },
    [[]],
  )
}

/** Names of data are relative to the sweep's file, as they are in any configuration file. */
function givenValue(file: string, places: Places, key: string, value: unknown, at: string): GivenValue {
  const place = places.of([at])
  const [name] = key.split('.')
  if (Object.hasOwn(reserved, name)) throw new InputError(`${place.value}: not a key of a task: ${reserved[name]}`)
  const isPath = pathKeys.includes(key) && typeof value === 'string' && value !== '' && !isAbsolute(value)
  return [key, isPath ? resolve(dirname(file), value) : value, place]
}

/** What is picked to fit the adapter is picked once for all tasks, and a quick run is no task of a full one. */
function refuseMode(settings: readonly GivenValue[][]): void {
  const mode = settings.flat().find(([key]) => key === 'mode')
  if (mode) throw new InputError(`${mode[2].value}: the same for all tasks: say it under 'set:'`)
}

function chunked(seeds: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => seeds.slice(i * size, (i + 1) * size))
}
