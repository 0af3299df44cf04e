/** One run from its first line to its last. Lines on the way go to stderr, the closing table to stdout. */
import { calibrate } from '../calibration.js'
import { InputError } from '../errors.js'
import type { DataSet } from '../data/dataset.js'
import type { Config } from '../experiments/config.js'
import { comparison } from '../experiments/comparison.js'
import type { Companion, ExperimentDefinition, GivenWeights } from '../experiments/definition.js'
import { seedsNamed } from '../experiments/seeds.js'
import {
  applyData,
  applyMode,
  settle,
  toDraft,
  toExperiment,
  type Draft,
  type SettledConfig,
} from '../experiments/settle.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import type { Machine } from '../plan.js'
import { counted, duration, ranges } from '../report/numbers.js'
import type { Progress } from '../report/progress.js'
import { runExperiment, type Observer } from '../scheduler.js'
import { RunRecorder } from '../tables/recorder.js'
import { networksAtOnce, trainingPath } from '../training/fused.js'
import { writeRunRecord } from '../tables/run-folder.js'
import { ClaimedFolder, type Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { goingOn, isFinished, resumedLine } from './going-on.js'
import { goneOnWith, pickedOf, requireSame, type Begun } from './resumed.js'
import { RunKeeper } from './run-keeper.js'
import { conclude, keepBroken, type Rows } from './run-outcome.js'
import { runRecord, tableMetadata } from './run-record.js'
import { withSession, type Session } from './session.js'

/** What a run goes through. */
export interface Run extends Session {
  definition: ExperimentDefinition
  config: Config
  draft: Draft
  companion: Companion | null
  folder: ClaimedFolder
}

/** Runs an experiment, or goes on with it; returns the exit code. Throws InputError for what the configuration or the machine lacks. */
export async function performRun(definition: ExperimentDefinition, config: Config, where: Where): Promise<number> {
  if (isFinished(where)) return exitCodes.fine
  const moded = applyMode(config, definition)
  const data = await definition.data(moded)
  const resolved = applyData(moded, data, definition.weights)
  const draft = toDraft(resolved, data, definition.weights)
  const companion = (await definition.companion?.(resolved, draft.data)) ?? null
  const folder = await ClaimedFolder.claim(definition.name, where)
  return withSession(adapterOf(folder, config), folder, (session) =>
    prepareAndRun({ ...session, definition, config: resolved, draft, companion, folder }),
  )
}

/** By its full name the one that a run began on. */
export const adapterOf = ({ resumed }: ClaimedFolder, { adapter }: { adapter?: string }) =>
  resumed ? (resumed as Begun).adapter.name : adapter

async function prepareAndRun(run: Run): Promise<number> {
  const { definition, config, draft, gpu, machine, progress, signal, folder } = run
  const start = performance.now()
  const begun = folder.resumed as Begun | null
  const picked = begun ? pickedOf(begun) : await calibrate(gpu, draft, config.mode)
  const calibration = (performance.now() - start) / 1000
  run.check()
  if (signal.aborted) {
    progress.log(begun ? 'interrupted' : 'interrupted before the first epoch: nothing was written')
    return exitCodes.interrupted
  }
  const settled = settle(config, picked)
  const { classNames } = draft.data
  const now = {
    ...runRecord(settled, definition, run.open.adapter, machine.from),
    ...(classNames && { class_names: classNames }),
    expected_seconds: picked.seconds,
  }
  if (begun) requireSame(folder.keep(), begun, now)
  const record = begun ? goneOnWith(begun) : now
  progress.log(dataLine(draft.data))
  for (const line of headerLines(settled, draft.network, picked.seconds, definition.weights)) progress.log(line)
  if (!definition.weights) progress.log(trainingLine(machine, settled, draft))
  if (run.companion?.beside) progress.log(run.companion.beside)
  progress.log(`reproduce: ${record.reproduce}`)
  const { code, text } = await trainAndMeasure(run, settled, record, calibration)
  if (code !== exitCodes.fine) progress.log(`to go on: ${goingOn(folder.keep())}`)
  process.stdout.write(`${text}\n`)
  return code
}

/** What a run came to: its exit code, the closing table, and what it measured. */
export interface Outcome {
  code: number
  text: string
  rows: Rows
}

/** Trains, measures and writes one run's folder, or what is left to do of it. */
export async function trainAndMeasure(
  run: Run,
  settled: SettledConfig,
  record: ReturnType<typeof runRecord> & { expected_seconds: number },
  calibration: number,
): Promise<Outcome> {
  const { draft, companion, folder, machine, progress, signal } = run
  const experiment = toExperiment(settled, draft)
  const path = folder.keep()
  const keeper = new RunKeeper(path, draft.data, folder.resumed !== null)
  const guard = () => folder.hold()
  guard()
  writeRunRecord(path, { status: 'running', ...record })
  const from = folder.resumed ? keeper.recorded : undefined
  const recorder = new RunRecorder(path, settled.seeds, tableMetadata(record), { from, guard })
  const rows = keeper.begin({ recorder, companion, guard })
  if (folder.resumed) progress.log(resumedLine(keeper))
  try {
    const told: Observer = {
      ...observer(progress, rows),
      looked: async (look) => {
        await comparison(look, settled, draft.data, recorder, signal)
        await companion?.looked?.(look, recorder)
      },
    }
    const { phases, interrupted: early } = await runExperiment(machine, experiment, recorder, told, signal, keeper)
    const start = performance.now()
    const log = (line: string) => progress.log(line)
    const keep = () => keeper.again()
    const whole = early || (await companion?.finished?.({ machine, experiment, recorder, signal, log, keep })) !== false
    phases.measuring += (performance.now() - start) / 1000
    run.check()
    progress.stop()
    const interrupted = early || !whole
    const status = interrupted ? 'interrupted' : 'finished'
    const seen = { settled, experiment, rows, companion, phases: { ...phases, calibration } }
    const text = await conclude({ status, recorder, record, ...seen })
    if (!interrupted) keeper.remove()
    if (interrupted) progress.log(`interrupted: ${keptRows(rows)}, kept in ${path}`)
    return { code: interrupted ? exitCodes.interrupted : exitCodes.fine, text, rows }
  } catch (error) {
    progress.stop()
    const cause = await run.cause(error)
    keepBroken(recorder, record, cause, guard)
    if (!(cause instanceof InputError)) progress.log(`the run broke off: ${keptRows(rows)}, kept in ${path}`)
    throw cause
  }
}

function observer(progress: Progress, rows: Rows): Observer {
  return {
    evaluated: (evaluated) => {
      rows.training.push(...evaluated)
      progress.evaluated(evaluated)
    },
    measured: (measured) => {
      rows.information.push(...measured)
      progress.measured(measured)
    },
    progress: (fraction, epoch, doing) => progress.progress(fraction, epoch, doing),
    split: (seeds) => progress.log(`training now: ${seedsNamed(seeds)}`),
  }
}

/** What X is, which every number depends on. */
export function dataLine({ name, count, width, classes, enumerated }: DataSet): string {
  const what = `data: ${name}, ${counted(count, 'input')} of ${counted(width, 'number')}, ${classes} classes`
  return enumerated
    ? `${what}; X is uniform on exactly these, so I(X;T) <= log ${count} = ${Math.log(count).toFixed(3)} nats (regime all)`
    : `${what}; they are a sample of X (regime sample)`
}

/** How many networks train at once, in how many dispatches, and why so. */
export function trainingLine(machine: Machine, { seeds, training }: SettledConfig, { network }: Draft): string {
  const { path, why } = trainingPath(machine, { network })
  const together = Math.min(seeds.length, networksAtOnce(machine, { network, training }))
  const dispatches = path === 'fused' ? 'many steps a dispatch' : 'a dispatch a layer'
  const each = together < seeds.length ? `, ${together} at a time` : ''
  return `training: ${counted(seeds.length, 'network')}${each}, ${dispatches}: ${why}`
}

/** What was picked, and how long it is expected to take. */
export function headerLines(
  settled: SettledConfig,
  network: NetworkSpec,
  seconds: number,
  weights?: GivenWeights,
): string[] {
  const { experiment, mode, seeds, training, measurement } = settled
  const { count, epochs, replicas, ownReplicas, batches, queries } = measurement
  const which = weights && epochs ? ` (${inFew(epochs)})` : ''
  const when = epochs ? `at ${counted(epochs.length, 'epoch')}${which}` : `before the first and after ${count} of them`
  const whose = `${experiment} (${mode}), ${seedsNamed(seeds)}`
  const length = weights
    ? `${whose}: ${counted(weights.files.length, 'file')} of weights, no training`
    : `${whose}: ${counted(training.epochs, 'epoch')}`
  const rivals = settled.compare ? ['rivals: at each measurement too, which the expected time leaves out'] : []
  if (layerTable(network).every(({ noiseStd }) => noiseStd === 0)) {
    return [`${length}, no noise, so nothing to estimate; expected time ${duration(seconds)}`, ...rivals]
  }
  if (measurement.layers.length === 0) return [`${length}; expected time ${duration(seconds)}`, ...rivals]
  return [
    `${length}, I(X;T) ${when}; expected time ${duration(seconds)}`,
    `estimator: ${replicas} replicas, ${ownReplicas} own replicas, ${batches} batches, ` +
      `${queries} ${queries === 1 ? 'query' : 'queries'} per input and batch`,
    ...rivals,
  ]
}

/** Which epochs file names were taken for is to be seen. */
function inFew(epochs: number[]): string {
  const all = ranges(epochs)
  return all.length <= 60 ? all : `${epochs[0]} to ${epochs.at(-1)}`
}

function keptRows({ training, information }: Rows): string {
  const measured = new Set(information.map((row) => row.epoch)).size
  const last = training.at(-1)?.epoch ?? 0
  return `${counted(measured, 'measurement')} and ${counted(training.length, 'evaluation')} up to epoch ${last}`
}
