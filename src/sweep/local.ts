/**
 * Many tasks on one machine, each in a process of its own, so that no failure of one reaches another. The children have
 * process groups of their own: an interruption is handed on exactly once, as a second one would end them at once.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { diskError } from '../tables/disk.js'
import { taskName } from './plan.js'

/** How a child ended, and what it took, in seconds. */
export interface Ending {
  task: number
  code: number | null
  signal: NodeJS.Signals | null
  seconds: number
}

export interface LocalRun {
  folder: string
  tasks: readonly number[]
  /** At once. */
  jobs: number
  /** The command of one task. */
  command(task: number): string[]
  ended(ending: Ending): void
  /** No more are begun, and those that run are asked to end. */
  signal: AbortSignal
}

/** Runs all tasks, in order, `jobs` at a time; returns when the last child has ended. Throws InputError where no log can be written. */
export async function runLocally({ tasks, jobs, signal, ...rest }: LocalRun): Promise<void> {
  const waiting = [...tasks]
  const children = new Set<ChildProcess>()
  const endAll = (how: NodeJS.Signals) => children.forEach((child) => child.kill(how))
  const interrupt = () => endAll('SIGINT')
  const kill = () => endAll('SIGKILL')
  signal.addEventListener('abort', interrupt)
  process.on('exit', kill)
  const worker = async () => {
    while (waiting.length > 0 && !signal.aborted) await oneTask(waiting.shift()!, children, rest)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, worker))
  } finally {
    signal.removeEventListener('abort', interrupt)
    process.off('exit', kill)
  }
}

async function oneTask(
  task: number,
  children: Set<ChildProcess>,
  { folder, command, ended }: Pick<LocalRun, 'folder' | 'command' | 'ended'>,
): Promise<void> {
  const log = openLog(folder, task)
  const start = performance.now()
  const [program, ...words] = command(task)
  const child = spawn(program, words, { stdio: ['ignore', log, log], detached: true })
  children.add(child)
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
      child.on('error', fail)
      child.on('close', (...how) => done(how))
    })
    ended({ task, code, signal, seconds: (performance.now() - start) / 1000 })
  } finally {
    children.delete(child)
    closeSync(log)
  }
}

export const logPath = (folder: string, task: number) => join(folder, 'logs', `${taskName(task)}.log`)

/** Attempts of one task follow one another in one file. */
function openLog(folder: string, task: number): number {
  const path = logPath(folder, task)
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true })
    return openSync(path, 'a')
  } catch (error) {
    throw diskError(error, `${path}: cannot write the log`)
  }
}
