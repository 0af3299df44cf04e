/** The options of `infoflow sweep`, command by command, and how they are read. */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import { single, type Typed } from './run-options.js'

const folder = 'Folder of the sweep, such as results/sweep-001'

export const sweepCommands = ['plan', 'run', 'merge', 'status', 'submit']

export const positional = {
  file: { type: 'string', describe: 'The sweep, a YAML or JSON file such as sweep.yaml' },
  folder: { type: 'string', describe: folder },
} as const

export const planOptions: Record<string, Options> = {
  out: { type: 'string', describe: 'Folder of the sweep (default: the next free results/NAME-001, -002, ...)' },
  uncalibrated: {
    type: 'boolean',
    describe: 'Open no adapter and tell no cost: whatever a run would pick must be in the file',
  },
}

export const sweepRunOptions: Record<string, Options> = {
  index: { type: 'string', describe: 'Run this task, such as 0, the first (default: from an array job, see below)' },
  chunk: { type: 'string', describe: 'Tasks of each index: with --chunk 10 index 2 is tasks 20 to 29 (default 1)' },
  local: { type: 'boolean', describe: 'Run every task that is not finished, on this machine' },
  jobs: {
    type: 'string',
    describe: 'With --local: tasks at once, such as 2 (default: 1 on software, which uses all cores; 2 on a GPU)',
  },
}

export const mergeOptions: Record<string, Options> = {
  partial: { type: 'boolean', describe: 'Merge what is finished, even if tasks are missing' },
}

export const statusOptions: Record<string, Options> = {
  json: { type: 'boolean', describe: 'Print { "tasks": [...], "queue": {...} } and nothing else' },
}

export const submitOptions: Record<string, Options> = {
  engine: { type: 'string', describe: 'What to submit to, such as slurm (the only one so far)' },
  gpus: { type: 'string', describe: 'GPUs of each task, such as 1 or a100:1 (default: none, software)' },
  partition: { type: 'string', describe: 'Partition, such as gpu' },
  time: { type: 'string', describe: 'Time limit of each member of the array, such as 30 (minutes) or 2:00:00' },
  throttle: { type: 'string', describe: 'Members that run at once, at most, such as 20' },
  chunk: { type: 'string', describe: 'Tasks of each member, such as 10 (default: as many as the array needs)' },
  'dry-run': { type: 'boolean', describe: 'Print the scripts and submit nothing' },
}

/** Every option of any of them, for the nearest one to a mistyped. */
export const sweepOptions = [planOptions, sweepRunOptions, mergeOptions, statusOptions, submitOptions]

/** A whole number in [least, 10^6); undefined when not given. @throws InputError: anything else */
export function whole(typed: Typed, option: string, least: number): number | undefined {
  const text = single(typed, option)
  if (text === undefined) return undefined
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text)
  throw new InputError(`--${option}: '${text}' is not a whole number >= ${least}`)
}
