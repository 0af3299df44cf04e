/** How tasks stand, in words: for status, for a merge that cannot be, and after a local run. */
import { counted, ranges, visible } from '../report/numbers.js'
import { taskTitle, type Plan } from './plan.js'
import type { Standing, TaskStanding } from './task-state.js'

const meanings: Record<Standing, string> = {
  finished: 'finished',
  running: 'running',
  waiting: 'not begun',
  interrupted: 'interrupted',
  failed: 'failed',
  broken: 'broken off (killed, or its machine died)',
  stray: 'of another plan, in this folder by mistake',
}

/** Errors told one by one, at most; logs have all. */
const mostErrors = 10

/** A line for each standing there is, then what failed and why. */
export function standingLines(plan: Plan, all: readonly TaskStanding[]): string[] {
  const lines = Object.entries(meanings).flatMap(([standing, meaning]) => {
    const tasks = all.filter((one) => one.standing === standing).map(({ task }) => task)
    if (tasks.length === 0) return []
    return [`  ${meaning}: ${counted(tasks.length, 'task')} (${shortened(tasks)})`]
  })
  const failed = all.filter(({ standing, state }) => standing === 'failed' && state?.error !== undefined)
  const errors = failed.slice(0, mostErrors).map(({ task, state }) => {
    return `  task ${task} (${visible(taskTitle(plan, task))}): ${visible(state!.error!)}`
  })
  const more = failed.length > mostErrors ? [`  and ${failed.length - mostErrors} more; logs/ has them all`] : []
  return [...lines, ...(errors.length > 0 ? ['Errors', ...errors, ...more] : [])]
}

function shortened(tasks: readonly number[]): string {
  const text = ranges(tasks)
  return text.length <= 200 ? text : `${text.slice(0, text.lastIndexOf(',', 200))}, ...`
}
