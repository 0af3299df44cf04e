/** infoflow sweep status: where the tasks stand, by their folder, and by Slurm's queue where they were submitted. */
import { execFileSync } from 'node:child_process'
import { counted } from '../report/numbers.js'
import { readPlan, taskTitle } from '../sweep/plan.js'
import { queueCounts } from '../sweep/slurm.js'
import { standingLines } from '../sweep/standing-words.js'
import { standings } from '../sweep/task-state.js'
import { submittedJobs } from '../sweep/submitted.js'

/** @throws InputError: no plan, or one that was changed */
export function performStatus(folder: string, json: boolean): void {
  const plan = readPlan(folder)
  const all = standings(folder, plan)
  const queue = queueOf(folder)
  if (json) {
    const tasks = all.map(({ task, standing, state }) => ({ task, title: taskTitle(plan, task), standing, ...state }))
    process.stdout.write(`${JSON.stringify({ tasks, queue: queue.counts }, null, 2)}\n`)
    return
  }
  const finished = all.filter(({ standing }) => standing === 'finished').length
  const lines = [`${finished} of ${counted(all.length, 'task')} finished`, ...standingLines(plan, all), ...queue.lines]
  process.stdout.write(`${lines.join('\n')}\n`)
}

interface Queue {
  /** Members of the array and merges by Slurm's state; null where there is nothing to ask. */
  counts: Record<string, number> | null
  lines: string[]
}

function queueOf(folder: string): Queue {
  const jobs = submittedJobs(folder)
  if (jobs.length === 0) return { counts: null, lines: [] }
  try {
    const ids = jobs.flatMap(({ tasks, merge }) => [tasks, merge]).join(',')
    const words = ['--noheader', '--array', '--format=%T', `--jobs=${ids}`]
    const printed = execFileSync('squeue', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    })
    const counts = queueCounts(printed)
    const text = [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
    return { counts: Object.fromEntries(counts), lines: [`Slurm: ${text || 'no job of this sweep in the queue'}`] }
  } catch (error) {
    return { counts: null, lines: [`Slurm: ${reason(error)}: the above is from the folder alone`] }
  }
}

/** squeue refuses the numbers of jobs that have left the queue long ago. */
function reason(error: unknown): string {
  const { code, stderr } = error as { code?: string; stderr?: string }
  if (code === 'ENOENT') return 'squeue is not on this machine'
  if (/invalid job id/i.test(stderr ?? '')) return 'no job of this sweep in the queue'
  return `squeue does not answer (${stderr?.trim().split('\n')[0] ?? code})`
}
