/**
 * Where each task stands. Its run's folder says what it measured; DIR/states/NNNNN.json says who began it and how that ended,
 * also where the run failed before it had a folder, and for which plan.
 */
import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { plainJson } from '../tables/plain-json.js'
import { exists } from '../tables/process-identity.js'
import { readRunRecord } from '../tables/run-folder.js'
import { taskFolder, taskName, type Plan } from './plan.js'

const stateSchema = z.strictObject({
  plan: z.string(),
  task: z.int(),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** From 1. */
  attempt: z.int().min(1),
  host: z.string(),
  pid: z.int().min(1),
  started: z.string(),
  seconds: z.number().optional(),
  error: z.string().optional(),
})

type State = z.infer<typeof stateSchema>

/**
 * waiting: never begun. running: its process is alive here, or it was begun on another host and has not ended.
 * broken: its process is gone without a word. stray: of another plan.
 */
export type Standing = 'waiting' | 'running' | 'finished' | 'interrupted' | 'failed' | 'broken' | 'stray'

export interface TaskStanding {
  task: number
  standing: Standing
  state: State | null
}

export function standingOf(folder: string, plan: Plan, task: number): TaskStanding {
  const state = readState(folder, task)
  return { task, state, standing: state === null ? 'waiting' : judged(folder, plan, state) }
}

/** Of every task, by index. */
export function standings(folder: string, plan: Plan): TaskStanding[] {
  return plan.tasks.map((_, task) => standingOf(folder, plan, task))
}

function judged(folder: string, plan: Plan, state: State): Standing {
  if (state.plan !== plan.hash) return 'stray'
  if (state.status === 'running') return alive(state) ? 'running' : 'broken'
  if (state.status !== 'finished') return state.status
  return readRunRecord(taskFolder(folder, state.task))?.status === 'finished' ? 'finished' : 'waiting'
}

/** Only of this host's processes can it be told that they are gone. */
const alive = ({ host, pid }: State) => host !== hostname() || exists(pid)

/** Whether it is another process of this very host that runs the task now. */
export function runsHere({ standing, state }: TaskStanding): boolean {
  return standing === 'running' && state!.host === hostname() && state!.pid !== process.pid
}

/** Takes the task for this process; returns what ends it. Throws InputError on a full disk. */
export function beginTask(folder: string, plan: Plan, task: number): (ending: Partial<State>) => void {
  const attempt = (readState(folder, task)?.attempt ?? 0) + 1
  const own = { plan: plan.hash, task, attempt, host: hostname(), pid: process.pid, started: new Date().toISOString() }
  const start = performance.now()
  writeState(folder, { ...own, status: 'running' })
  return (ending) =>
    writeState(folder, { ...own, status: 'failed', seconds: (performance.now() - start) / 1000, ...ending })
}

/** For a child that ended without a word: killed, out of memory. A state that says how it ended stays. */
export function endBroken(folder: string, task: number, error: string): void {
  const state = readState(folder, task)
  if (state?.status === 'running') writeState(folder, { ...state, status: 'failed', error })
}

const statePath = (folder: string, task: number) => join(folder, 'states', `${taskName(task)}.json`)

/** Null where there is none that infoflow wrote for this task. */
function readState(folder: string, task: number): State | null {
  try {
    const { data } = stateSchema.safeParse(plainJson(statePath(folder, task)))
    return data?.task === task ? data : null
  } catch {
    return null
  }
}

function writeState(folder: string, state: State): void {
  const path = statePath(folder, state.task)
  try {
    mkdirSync(join(folder, 'states'), { recursive: true })
    writeAtomically(path, (file) => writeFully(file, Buffer.from(`${JSON.stringify(state, null, 2)}\n`)))
  } catch (error) {
    throw diskError(error, `${path}: cannot write`)
  }
}
