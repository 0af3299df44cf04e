/**
 * plan.json: every task of a sweep with what makes it one, small and readable, under a hash of its own, so that a plan
 * that was changed by hand is refused instead of mixed with what ran before. A task's folder is named by its number alone.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../errors.js'
import { configurationHash } from '../tables/configuration-hash.js'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { plainJson } from '../tables/plain-json.js'
import { mostTasks } from './sweep-file.js'

const group = z.record(z.string(), z.unknown())
const seed = z.int().min(0)

const planSchema = z.strictObject({
  plan_version: z.literal(1),
  infoflow: z.string(),
  experiment: z.string(),
  /** Values of the configuration file that the sweep names. */
  base: group,
  /** Over the base, the same in every task; by dotted key. */
  set: group,
  /** What was left to pick, picked once, so that tasks are measured alike; by dotted key, for tasks that leave it open. */
  picked: group,
  /** Swept keys. */
  keys: z.array(z.string()),
  /** By dotted key; a key that its experiment leaves open is absent. */
  settings: z.array(group).min(1),
  tasks: z
    .array(z.strictObject({ setting: z.int().min(0), seeds: z.array(seed).min(1) }))
    .min(1)
    .max(mostTasks),
  hash: z.string(),
})

export type Plan = z.infer<typeof planSchema>
export type Setting = Plan['settings'][number]

export const planPath = (folder: string) => join(folder, 'plan.json')
export const taskName = (index: number) => String(index).padStart(5, '0')
/** The run's folder of a task. */
export const taskFolder = (folder: string, index: number) => join(folder, 'tasks', taskName(index))

/** The plan with its hash, which covers everything else. */
export function hashed(plan: Omit<Plan, 'hash' | 'plan_version'>): Plan {
  const whole = { plan_version: 1 as const, ...plan }
  return { ...whole, hash: configurationHash(whole) }
}

/**
 * Writes DIR/plan.json, whole or not at all; false if the very same plan lies there already.
 * @throws InputError: the folder holds another plan, or other files; a full disk
 */
export function writePlan(folder: string, plan: Plan): boolean {
  const path = planPath(folder)
  if (existsSync(path)) {
    if (readPlan(folder).hash === plan.hash) return false
    throw new InputError(`${folder}: holds another plan: choose another --out DIR, or remove it first`)
  }
  const text = Buffer.from(planText(plan))
  if (text.length > longest) {
    throw new InputError(
      `${path}: ${text.length} bytes, expected at most ${longest}: sweep fewer values, or in several sweeps`,
    )
  }
  try {
    mkdirSync(folder, { recursive: true })
    if (readdirSync(folder).length > 0) {
      throw new InputError(`${folder}: not empty, and no sweep's folder: choose a new or an empty one with --out DIR`)
    }
    writeAtomically(path, (file) => writeFully(file, text))
  } catch (error) {
    throw diskError(error, `${path}: cannot write the plan`)
  }
  return true
}

/** Of plan.json, in bytes: 300 for each of the most tasks there may be. */
const longest = 2 ** 25

/** A line for each setting and each task. */
function planText({ settings, tasks, ...rest }: Plan): string {
  const lines = (items: object[]) => `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
  const head = JSON.stringify(rest, null, 2).replace(/\n}$/, '')
  return `${head},\n  "settings": ${lines(settings)},\n  "tasks": ${lines(tasks)}\n}\n`
}

/** @throws InputError: no plan, or one that is not as it was written */
export function readPlan(folder: string): Plan {
  const path = planPath(folder)
  const { success, data } = planSchema.safeParse(contentOf(path))
  if (!success) throw new InputError(`${path}: is not a plan: expected one written by infoflow sweep plan`)
  const { hash, ...rest } = data
  if (hashed(rest).hash !== hash || data.tasks.some(({ setting }) => setting >= data.settings.length)) {
    throw new InputError(`${path}: was changed after it was written: plan the sweep anew, into another folder`)
  }
  return data
}

function contentOf(path: string): unknown {
  try {
    return plainJson(path, longest)
  } catch (error) {
    const anew = 'plan the sweep anew, into another folder'
    if (error instanceof SyntaxError) throw new InputError(`${path}: is not JSON: was it cut? Then ${anew}`)
    if (error instanceof RangeError) throw new InputError(`${path}: ${error.message}, which is no plan: ${anew}`)
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`${path}: cannot be read (${code}): expected the folder of infoflow sweep plan`)
  }
}

/** 'noise.std=0.01, seed 3'; what a person calls a task. */
export function taskTitle(plan: Plan, index: number): string {
  const { setting, seeds } = plan.tasks[index]
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`
  return [settingTitle(plan.settings[setting]), which].filter(Boolean).join(', ')
}

/** 'noise.std=0.01, variant=relu'; '' where nothing but seeds is swept. */
export function settingTitle(setting: Setting): string {
  return Object.entries(setting)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
