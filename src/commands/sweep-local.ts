/** Many tasks of a sweep on this machine: a line for each that ends, with the time that is left, and at the end what failed. */
import { listAdapters } from '../gpu/adapter.js'
import { counted, duration, visible } from '../report/numbers.js'
import { runLocally, logPath, type Ending } from '../sweep/local.js'
import { taskTitle, type Plan } from '../sweep/plan.js'
import { standingLines } from '../sweep/standing-words.js'
import { endBroken, standingOf } from '../sweep/task-state.js'
import { exitCodes } from './failure.js'
import { watchInterrupts } from './interrupts.js'
import { shellCommand } from './shell.js'

/** The words that begin a command line of this very infoflow. */
export const ownCommand = (): string[] => [process.execPath, ...process.execArgv, process.argv[1]]

/** Runs those of the tasks that are not finished; one that fails stops none of the others. Returns the exit code. */
export async function performLocal(
  folder: string,
  plan: Plan,
  tasks: readonly number[],
  jobs?: number,
): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const left = tasks.filter((task) => standingOf(folder, plan, task).standing !== 'finished')
  const done = tasks.length - left.length
  if (done > 0) say(`${counted(done, 'task')} of ${tasks.length} finished already`)
  const start = performance.now()
  const together = Math.min(jobs ?? (await usualJobs(left.length)), Math.max(1, left.length))
  if (left.length > 0)
    say(
      `${counted(left.length, 'task')}, ${together} at a time; what each says is in its log, ${logPath(folder, left[0])}`,
    )
  const interrupts = watchInterrupts(() =>
    say('interrupted: the tasks that run are finishing their tables (Ctrl-C again ends them at once)'),
  )
  let ended = 0
  try {
    await runLocally({
      folder,
      tasks: left,
      jobs: together,
      signal: interrupts.signal,
      command: (task) => [...ownCommand(), 'sweep', 'run', folder, '--index', String(task)],
      ended: (ending) => {
        if (ending.code === null) endBroken(folder, ending.task, `ended by ${String(ending.signal)}`)
        const seconds = (performance.now() - start) / 1000
        const rest = (seconds / ++ended) * (left.length - ended)
        say(`${ended}/${left.length} ${endingText(plan, ending)}; ${duration(rest)} left`)
      },
    })
  } finally {
    interrupts.release()
  }
  return conclude(folder, plan, tasks, interrupts.signal.aborted)
}

/** A software adapter uses every core already; on a GPU one task computes while the host of another sums up. */
async function usualJobs(tasks: number): Promise<number> {
  if (tasks < 2) return 1
  const taken = (await listAdapters()).find(({ chosen }) => chosen)
  return taken?.kind === 'software' ? 1 : 2
}

function endingText(plan: Plan, { task, code, signal, seconds }: Ending): string {
  const how: Record<number, string> = { [exitCodes.fine]: 'finished', [exitCodes.interrupted]: 'interrupted' }
  const text = code === null ? `ended by ${String(signal)}` : (how[code] ?? `failed (exit code ${code})`)
  return `task ${task} (${visible(taskTitle(plan, task))}): ${text}, ${duration(seconds)}`
}

function conclude(folder: string, plan: Plan, tasks: readonly number[], interrupted: boolean): number {
  const all = tasks.map((task) => standingOf(folder, plan, task))
  const whole = all.every(({ standing }) => standing === 'finished')
  const own = tasks.length === plan.tasks.length
  const next = whole ? ['merge', folder] : ['run', folder, '--local']
  const lines = [
    `${all.filter(({ standing }) => standing === 'finished').length} of ${counted(tasks.length, 'task')} finished`,
    ...(whole ? [] : standingLines(plan, all)),
    ...(own ? [`next: ${shellCommand(['infoflow', 'sweep', ...next])}`] : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return whole ? exitCodes.fine : interrupted ? exitCodes.interrupted : exitCodes.checkFailed
}
