/** infoflow sweep run: one task by the way of any run, or many, each in a process of its own. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import { listAdapters } from '../gpu/adapter.js'
import { counted, visible } from '../report/numbers.js'
import { arrayIndex, schedulers } from '../sweep/array-index.js'
import { readPlan, taskFolder, taskTitle, type Plan } from '../sweep/plan.js'
import { taskRun, type TaskRun } from '../sweep/task-config.js'
import { beginTask, runsHere, standingOf } from '../sweep/task-state.js'
import { readRunRecord } from '../tables/run-folder.js'
import type { Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import type { Begun } from './resumed.js'
import { switched, type Typed } from './run-options.js'
import { whole } from './sweep-options.js'
import { versions } from './versions.js'

/** Returns the exit code. @throws InputError: no plan, or one that was changed; no task, or one that runs already */
export async function performSweepRun(typed: Typed): Promise<number> {
  const folder = String(typed.folder)
  const plan = readPlan(folder)
  const [index, jobs, chunk = 1] = [whole(typed, 'index', 0), whole(typed, 'jobs', 1), whole(typed, 'chunk', 1)]
  if (switched(typed, 'local')) {
    if (index !== undefined) throw new InputError('--local, --index: given together, expected one of them')
    const { performLocal } = await import('./sweep-local.js')
    return performLocal(folder, plan, [...plan.tasks.keys()], jobs)
  }
  if (jobs !== undefined) throw new InputError('--jobs: only with --local, which runs several tasks')
  const tasks = tasksOf(plan, index ?? fromArray(), chunk)
  if (tasks.length === 1) return performTask(folder, plan, tasks[0])
  const { performLocal } = await import('./sweep-local.js')
  return performLocal(folder, plan, tasks, 1)
}

function fromArray(): number {
  const found = arrayIndex(process.env)
  if (found) return found.index
  const variables = schedulers.map(({ variable }) => variable).join(', ')
  throw new InputError(`no task given: expected --index K, --local, or an array job (${variables})`)
}

function tasksOf({ tasks }: Plan, index: number, chunk: number): number[] {
  const last = Math.ceil(tasks.length / chunk) - 1
  if (index > last) {
    const each = chunk === 1 ? '' : `, in chunks of ${chunk}`
    throw new InputError(`task ${index}: the plan has ${counted(tasks.length, 'task')}${each}: expected 0 to ${last}`)
  }
  const from = index * chunk
  return Array.from({ length: Math.min(chunk, tasks.length - from) }, (_, i) => from + i)
}

/** Runs one task in this process; says so where it is finished already. */
export async function performTask(folder: string, plan: Plan, task: number): Promise<number> {
  const title = `task ${task} of ${plan.tasks.length} (${visible(taskTitle(plan, task))})`
  const standing = standingOf(folder, plan, task)
  if (standing.standing === 'finished') {
    process.stdout.write(`${title}: finished already, in ${taskFolder(folder, task)}\n`)
    return exitCodes.fine
  }
  if (standing.standing === 'stray') {
    throw new InputError(`${title}: ${folder} holds a run of it from another plan: plan into an empty folder`)
  }
  if (runsHere(standing)) {
    throw new InputError(`${title}: process ${standing.state!.pid} is running it: wait for it, or stop it first`)
  }
  const run = await taskRun(plan, task)
  const end = beginTask(folder, plan, task)
  process.stderr.write(`${title}\n`)
  try {
    removeStub(taskFolder(folder, task))
    const code = await perform(run, await placeOf(taskFolder(folder, task)))
    end({ status: code === exitCodes.fine ? 'finished' : code === exitCodes.interrupted ? 'interrupted' : 'failed' })
    return code
  } catch (error) {
    end({ status: 'failed', error: error instanceof Error ? error.message : String(error) })
    throw error
  }
}

/** An earlier attempt is gone on with, but for one of another adapter or version, whose rows and ours would not be of one computation. */
async function placeOf(out: string): Promise<Where> {
  const { adapter, versions: were } = (readRunRecord(out) ?? {}) as Partial<Pick<Begun, 'adapter' | 'versions'>>
  if (!adapter || !were) return { out, force: false, resume: true }
  const now = versions()
  const same = were.infoflow === now.infoflow && were.webgpu === now.webgpu
  if (same && (await listAdapters()).some(({ name }) => name === adapter.name))
    return { out, force: false, resume: true }
  const before = `${adapter.name}, infoflow ${were.infoflow}, webgpu ${were.webgpu}`
  process.stderr.write(`begins anew: an earlier attempt was on ${visible(before)}, which is not what is here\n`)
  return { out, force: true }
}

/** What is left of a run that was killed between taking its folder and saying so: an empty run.json, nobody's work. */
function removeStub(folder: string): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  if (names.every((name) => /^run\.json(\.tmp)?$/.test(name) && statSync(join(folder, name)).size === 0)) {
    for (const name of names) rmSync(join(folder, name), { force: true })
  }
}

async function perform(run: TaskRun, where: Where): Promise<number> {
  if (run.kind === 'study') {
    const { performStudy } = await import('./perform-study.js')
    return performStudy(run.definition, run.config, where)
  }
  if (run.definition.panel) {
    const { performConditions } = await import('./perform-conditions.js')
    return performConditions(run.definition, run.config, where)
  }
  const { performRun } = await import('./perform-run.js')
  return performRun(run.definition, run.config, where)
}
