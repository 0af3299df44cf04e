/** infoflow sweep submit: the tasks that are left as a Slurm array, and the merge behind it. */
import { execFileSync } from 'node:child_process'
import { basename, resolve } from 'node:path'
import { InputError } from '../errors.js'
import { counted } from '../report/numbers.js'
import { readPlan } from '../sweep/plan.js'
import * as slurm from '../sweep/slurm.js'
import { noteSubmitted, writeScripts } from '../sweep/submitted.js'
import { standings } from '../sweep/task-state.js'
import { single, switched, type Typed } from './run-options.js'
import { shellCommand } from './shell.js'
import { ownCommand } from './sweep-local.js'
import { whole } from './sweep-options.js'

/** Slurm's own default of MaxArraySize, where it cannot be asked. */
const usualArraySize = 1001

/** @throws InputError: options that are none, no Slurm, or what sbatch refuses */
export function performSubmit(typed: Typed): void {
  const engine = single(typed, 'engine')
  if (engine !== 'slurm') {
    throw new InputError(
      `--engine: ${engine === undefined ? 'nothing' : `'${engine}'`} is not slurm; for others see docs/cluster.md`,
    )
  }
  const folder = resolve(String(typed.folder))
  const plan = readPlan(folder)
  const all = standings(folder, plan)
  const left = all.filter(({ standing }) => standing !== 'finished').map(({ task }) => task)
  if (left.length === 0) {
    process.stdout.write(`all tasks are finished: ${shellCommand(['infoflow', 'sweep', 'merge', folder])}\n`)
    return
  }
  const chunk = whole(typed, 'chunk', 1) ?? slurm.chunkFor(plan.tasks.length, maxArraySize())
  const request: slurm.SlurmRequest = {
    folder,
    name: `infoflow-${basename(folder)}`,
    infoflow: ownCommand(),
    members: [...new Set(left.map((task) => Math.floor(task / chunk)))],
    chunk,
    gpus: single(typed, 'gpus'),
    partition: single(typed, 'partition'),
    time: single(typed, 'time'),
    throttle: whole(typed, 'throttle', 1),
  }
  slurm.checkRequest(request)
  const scripts = { tasks: slurm.arrayScript(request), merge: slurm.mergeScript(request) }
  if (switched(typed, 'dry-run')) {
    process.stdout.write(`${scripts.tasks}\n# behind it, with --dependency=afterany:JOB\n${scripts.merge}`)
    return
  }
  submit(folder, scripts, left.length)
}

function submit(folder: string, scripts: { tasks: string; merge: string }, tasks: number): void {
  const paths = writeScripts(folder, scripts)
  const array = slurm.jobId(asked('sbatch', '--parsable', paths.tasks))
  const merge = slurm.jobId(asked('sbatch', '--parsable', `--dependency=afterany:${array}`, paths.merge))
  noteSubmitted(folder, { tasks: array, merge, submitted: new Date().toISOString() })
  process.stdout.write(
    [
      `submitted: job ${array}, ${counted(tasks, 'task')}; job ${merge} merges when all have ended`,
      `how far it is: ${shellCommand(['infoflow', 'sweep', 'status', folder])}`,
      '',
    ].join('\n'),
  )
}

function maxArraySize(): number {
  try {
    return Number(/MaxArraySize\s*=\s*(\d+)/.exec(asked('scontrol', 'show', 'config'))?.[1] ?? usualArraySize)
  } catch {
    return usualArraySize
  }
}

/** What a program of Slurm prints. @throws InputError: it is not there, or refuses */
function asked(program: string, ...words: string[]): string {
  try {
    return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string }
    if (code === 'ENOENT')
      throw new InputError(`${program}: not on this machine: submit where Slurm is, or see --dry-run`)
    const said = stderr?.trim().split('\n').at(-1)?.replace(`${program}: `, '')
    throw new InputError(`${program}: ${said || `failed (${code})`}`)
  }
}
