/** infoflow sweep: many runs that differ in a few keys, on one machine or on a cluster. What works is imported when it begins. */
import type { Argv, CommandModule } from 'yargs'
import { switched, type Typed } from './run-options.js'
import * as options from './sweep-options.js'

const exitText =
  'Exit codes: 0 fine, 1 a fault of infoflow, 2 input or environment, 3 tasks failed or\nare missing, 130 interrupted.'

const plan: CommandModule<object, Typed> = {
  command: 'plan <file>',
  describe: 'Write the tasks of a sweep, and say what they will cost',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 sweep plan <file> [options]\n
Writes a folder with the tasks of a sweep: every combination of the values under
'grid', or every entry of 'list', over any keys of the configuration, for each
of 'seeds'. What a run would pick to fit the adapter is picked once, here, so
that all tasks are measured alike. A sweep is a YAML or JSON file:

  run: szt                        # an experiment, or a file such as my.yaml
  set:                            # the same in every task
    training.epochs: 300
  grid:                           # every combination; or list: [{...}, {...}]
    noise.std: [0.005, 0.01, 0.05]
    training.learningRate: [0.0005, 0.001]
  seeds: 0..3                     # a task for each (or seedsPerTask: 4)`,
      )
      .positional('file', options.positional.file)
      .options(options.planOptions)
      .example('$0 sweep plan sweep.yaml', 'into the next free results/sweep-001')
      .example('$0 sweep plan sweep.yaml --out results/noise', 'a folder by name')
      .epilogue(exitText) as Argv<Typed>,
  handler: async (typed) => {
    const { performPlan } = await import('./sweep-plan.js')
    await performPlan(typed)
  },
}

const run: CommandModule<object, Typed> = {
  command: 'run <folder>',
  describe: 'Run one task of a sweep, or all of them here',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 sweep run <folder> [options]\n
Runs one task, as infoflow run does, in FOLDER/tasks/NNNNN; one that is finished
is left as it is. The task is --index, or that of the array job this runs in:
SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX and
AWS_BATCH_JOB_ARRAY_INDEX count from 0, SGE_TASK_ID and LSB_JOBINDEX from 1.`,
      )
      .positional('folder', options.positional.folder)
      .options(options.sweepRunOptions)
      .example('$0 sweep run results/sweep-001 --local', 'everything, on this machine')
      .example('$0 sweep run results/sweep-001 --index 3', 'one task, the fourth')
      .example('$0 sweep run results/sweep-001', 'in a job of an array: its task')
      .epilogue(exitText) as Argv<Typed>,
  handler: async (typed) => {
    const { performSweepRun } = await import('./sweep-run.js')
    process.exitCode = await performSweepRun(typed)
  },
}

const merge: CommandModule<object, Typed> = {
  command: 'merge <folder>',
  describe: 'Put the tables of all tasks together, with a summary over seeds',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 sweep merge <folder> [options]\n
Writes FOLDER/merged: each table of all tasks as one, with the task and the
swept keys as columns; summary.arrow, medians and 95 % intervals over seeds of
I(X;T) in nats; and a picture of it. Where tasks are missing it lists them and
writes nothing, unless --partial is given.`,
      )
      .positional('folder', options.positional.folder)
      .options(options.mergeOptions)
      .example('$0 sweep merge results/sweep-001', 'when all tasks are finished')
      .example('$0 sweep merge results/sweep-001 --partial', 'what there is so far')
      .epilogue(exitText) as Argv<Typed>,
  handler: async (typed) => {
    const { performMerge } = await import('./sweep-merge.js')
    process.exitCode = await performMerge(String(typed.folder), switched(typed, 'partial') ?? false)
  },
}

const status: CommandModule<object, Typed> = {
  command: 'status <folder>',
  describe: 'Say which tasks are finished, running, failed or missing',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 sweep status <folder> [options]\n\nReads the folder, and the queue of Slurm where the sweep was submitted.`,
      )
      .positional('folder', options.positional.folder)
      .options(options.statusOptions)
      .example('$0 sweep status results/sweep-001', 'how far is it?')
      .epilogue(exitText) as Argv<Typed>,
  handler: async (typed) => {
    const { performStatus } = await import('./sweep-status.js')
    performStatus(String(typed.folder), switched(typed, 'json') ?? false)
  },
}

const submit: CommandModule<object, Typed> = {
  command: 'submit <folder>',
  describe: 'Submit the tasks as a job array, with the merge behind it',
  builder: (command: Argv) =>
    command
      .usage(
        `$0 sweep submit <folder> --engine slurm [options]\n
Writes and submits a job array of the tasks that are not finished, and a job
that merges when all of them have ended, however they ended. Anything else that
sbatch takes can be said in its SBATCH_ variables, such as SBATCH_ACCOUNT.`,
      )
      .positional('folder', options.positional.folder)
      .options(options.submitOptions)
      .example('$0 sweep submit results/sweep-001 --engine slurm --gpus 1 --time 60', 'an hour and a GPU for each task')
      .example('$0 sweep submit results/sweep-001 --engine slurm --dry-run', 'only print the scripts')
      .epilogue(exitText) as Argv<Typed>,
  handler: async (typed) => {
    const { performSubmit } = await import('./sweep-submit.js')
    performSubmit(typed)
  },
}

export const sweep: CommandModule = {
  command: 'sweep',
  describe: 'Run an experiment over settings and seeds, here or on a cluster, and merge the results',
  builder: (command: Argv) =>
    [plan, run, merge, status, submit]
      .reduce((all, one) => all.command(one), command)
      .usage(
        `$0 sweep <command>\n
Many runs that differ in a few keys and in seeds: planned once, run as tasks
that do not need each other, merged into one table of each kind.`,
      )
      .demandCommand(1)
      .example('$0 sweep plan sweep.yaml', 'the tasks and their cost (its --help shows a file)')
      .example('$0 sweep run results/sweep-001 --local', 'all of them here')
      .example('$0 sweep merge results/sweep-001', 'tables, summary and picture')
      .epilogue(exitText),
  handler: () => undefined,
}
