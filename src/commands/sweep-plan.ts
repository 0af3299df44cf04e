/** infoflow sweep plan: the tasks written, their number and cost told, and what comes next. */
import { basename } from 'node:path'
import { InputError } from '../errors.js'
import { counted, duration, visible } from '../report/numbers.js'
import { planSweep } from '../sweep/plan-sweep.js'
import { planPath, writePlan, type Plan } from '../sweep/plan.js'
import { readSweep } from '../sweep/sweep-file.js'
import { keysLeftOpen } from '../sweep/task-config.js'
import { nextFolder } from '../tables/run-folder.js'
import { folderName } from './run-request.js'
import { single, switched, type Typed } from './run-options.js'
import { shellCommand } from './shell.js'
import { SweepCost } from './sweep-cost.js'
import { versions } from './versions.js'

/** @throws InputError: the first mistake in the file, a folder that is taken */
export async function performPlan(typed: Typed): Promise<void> {
  const file = String(typed.file)
  const uncalibrated = switched(typed, 'uncalibrated') ?? false
  const cost = new SweepCost()
  try {
    const sweep = readSweep(file)
    const plan = await planSweep(sweep, file, versions().infoflow, async (first) => {
      if (!uncalibrated) return cost.pick(first)
      refuseOpen(file, keysLeftOpen(first))
      return {}
    })
    const seconds = uncalibrated ? null : await cost.seconds(plan)
    const folder = single(typed, 'out') ?? nextFolder('results', folderName(basename(file), 'sweep'))
    const isNew = writePlan(folder, plan)
    process.stdout.write(`${words(plan, folder, { isNew, seconds, adapter: cost.adapter })}\n`)
  } finally {
    cost.close()
  }
}

function refuseOpen(file: string, open: readonly string[]): void {
  if (open.length === 0) return
  throw new InputError(
    `${file}: ${open.join(', ')}: left for the adapter to pick, which --uncalibrated does not: give values under 'set:'`,
  )
}

interface Told {
  isNew: boolean
  seconds: number | null
  adapter: string | null
}

function words(plan: Plan, folder: string, { isNew, seconds, adapter }: Told): string {
  const { experiment, keys, settings, tasks, picked } = plan
  const runs = tasks.reduce((all, { seeds }) => all + seeds.length, 0)
  const swept = keys.length === 0 ? '' : `${counted(settings.length, 'setting')} of ${keys.map(visible).join(', ')}; `
  const picks = Object.entries(picked).map(([key, value]) => `${key}=${String(value)}`)
  const command = (...rest: string[]) => `  ${shellCommand(['infoflow', 'sweep', ...rest])}`
  return [
    `${experiment}: ${counted(tasks.length, 'task')} (${swept}${counted(runs, 'network')})`,
    ...(picks.length === 0 ? [] : [`picked once, for all tasks: ${picks.join(', ')}`]),
    ...(adapter === null ? [] : [adapter]),
    seconds === null
      ? 'expected time: not told'
      : `expected time here: ${duration(seconds / tasks.length)} a task, ${duration(seconds)} one after the other`,
    `${isNew ? 'written' : 'written before, and the same'}: ${visible(planPath(folder))}`,
    'next, all tasks here, or on a cluster; then the tables of all:',
    command('run', folder, '--local'),
    command('submit', folder, '--engine', 'slurm', '--gpus', '1', '--dry-run'),
    command('merge', folder),
  ].join('\n')
}
