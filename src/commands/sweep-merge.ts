/** infoflow sweep merge: whether all tasks are there, then their tables as one, a summary and a picture. */
import { join } from 'node:path'
import { counted, visible } from '../report/numbers.js'
import { mergeTasks } from '../sweep/merge.js'
import { readPlan, type Plan } from '../sweep/plan.js'
import { standingLines } from '../sweep/standing-words.js'
import { summaryText } from '../sweep/summary-text.js'
import { standings, type TaskStanding } from '../sweep/task-state.js'
import { diskError } from '../tables/disk.js'
import { exitCodes } from './failure.js'
import { shellCommand } from './shell.js'
import { versions } from './versions.js'

/** Returns the exit code: 3 where tasks are missing. @throws InputError: no plan, damaged tables, a full disk */
export async function performMerge(folder: string, partial: boolean): Promise<number> {
  const plan = readPlan(folder)
  const all = standings(folder, plan)
  const tasks = all.filter(({ standing }) => standing === 'finished').map(({ task }) => task)
  const whole = tasks.length === plan.tasks.length
  if (!whole) process.stderr.write(`${missingText(folder, plan, all, partial)}\n`)
  if (tasks.length === 0 || (!whole && !partial)) return exitCodes.checkFailed
  const { written, summary } = mergeTasks(folder, plan, tasks, versions().infoflow)
  const pictures = summary.length === 0 ? [] : await draw(folder, plan, summary, tasks.length)
  const files = [
    ...pictures
      .filter((path) => path.endsWith('.png'))
      .map((path) => `  ${visible(path)}: the picture, also as .svg and .vl.json`),
    ...written.map(({ path, rows }) => `  ${visible(path)}: ${counted(rows, 'row')}`),
  ]
  process.stdout.write(
    `${[summaryText(plan, summary), ['Written', ...files].join('\n')].filter(Boolean).join('\n\n')}\n`,
  )
  return whole ? exitCodes.fine : exitCodes.checkFailed
}

function missingText(folder: string, plan: Plan, all: readonly TaskStanding[], partial: boolean): string {
  const finished = all.filter(({ standing }) => standing === 'finished').length
  const command = (...words: string[]) => shellCommand(['infoflow', 'sweep', ...words])
  const first = all.find(({ standing }) => standing !== 'finished')!.task
  return [
    `${finished} of ${counted(all.length, 'task')} finished${partial ? '' : '; nothing was merged'}`,
    ...standingLines(
      plan,
      all.filter(({ standing }) => standing !== 'finished'),
    ),
    `run what is missing: ${command('run', folder, '--local')}, or one: ${command('run', folder, '--index', String(first))}`,
    ...(partial || finished === 0 ? [] : [`merge what is there: ${command('merge', folder, '--partial')}`]),
  ].join('\n')
}

async function draw(
  folder: string,
  plan: Plan,
  summary: Parameters<typeof summaryText>[1],
  tasks: number,
): Promise<string[]> {
  const { summarySpecification } = await import('../sweep/summary-picture.js')
  const { writePicture } = await import('../report/picture.js')
  const out = join(folder, 'merged')
  try {
    return await writePicture('summary', summarySpecification(plan, summary, tasks), out)
  } catch (error) {
    throw diskError(error, `${out}: cannot write the picture`, 'the tables are kept')
  }
}
