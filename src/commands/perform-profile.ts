/** One profile from its first line to its last. Lines on the way go to stderr, the tables to stdout. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import type { Config } from '../experiments/config.js'
import type { ExperimentDefinition } from '../experiments/definition.js'
import { seedsNamed } from '../experiments/seeds.js'
import { applyData, applyMode, settle, toDraft, toExperiment, type SettledConfig } from '../experiments/settle.js'
import { titleOf } from '../experiments/variant.js'
import { kernelRows } from '../profile/kernel-rows.js'
import { phaseRows, type PhaseRow } from '../profile/phase-rows.js'
import { profile, shortened, stepsOf, type Profile } from '../profile/profile.js'
import { profileText, roofText, slowdowns } from '../profile/text.js'
import { traceOf } from '../profile/trace.js'
import { counted, ranges, visible } from '../report/numbers.js'
import type { Experiment } from '../scheduler.js'
import { diskError } from '../tables/disk.js'
import { writeKernels, type KernelRow } from '../tables/kernels.js'
import { writeRunRecord } from '../tables/run-folder.js'
import { trainingPath } from '../training/fused.js'
import { ClaimedFolder, type Where } from './claimed-folder.js'
import { exitCodes } from './failure.js'
import { dataLine } from './perform-run.js'
import { withSession, type Session } from './session.js'
import { recordOf, tableMetadata } from './run-record.js'
import { shellCommand } from './shell.js'

export interface How {
  steps?: number
  /** Train with a dispatch a layer, whatever the network. */
  perLayer: boolean
  /** Times by the host's clock, whatever the device has. */
  hostTimes: boolean
}

/** Where nobody says: enough dispatches for a median, in seconds on two cores. */
const usualSteps = { fused: 200, 'per-layer': 20 }

/** What is picked where nobody gave a value: the same on every adapter, so that profiles can be compared. */
const sampling = { replicas: 4, ownReplicas: 256, batches: 4, queries: 1 }

/** Profiles the experiment's network; returns the exit code. Throws InputError for what configuration or machine lack. */
export async function performProfile(
  definition: ExperimentDefinition,
  config: Config,
  where: Where,
  how: How,
): Promise<number> {
  const moded = applyMode({ ...config, seeds: config.seeds === 'auto' ? [1] : config.seeds }, definition)
  const data = await definition.data(moded)
  const once = { ...moded.measurement, epochs: undefined, count: 'auto' as const }
  const resolved = { ...applyData(moded, data), measurement: once }
  const draft = toDraft(resolved, data)
  const settled = settle(resolved, { seeds: [1], epochs: 1, measurements: 1, ...sampling })
  const folder = await ClaimedFolder.claim(`${definition.name}-profile`, where)
  return withSession(config.adapter, folder, async (session) => {
    session.progress.log(dataLine(data))
    const { path, why } = how.perLayer
      ? { path: 'per-layer' as const, why: 'as --per-layer says' }
      : trainingPath(session.gpu, draft)
    const experiment = shortened({ ...toExperiment(settled, draft), path }, how.steps ?? usualSteps[path])
    const line = workLine(experiment)
    session.progress.log(`${line} (${why})`)
    return profileAndWrite(session, folder, { definition, settled, experiment, line, hostTimes: how.hostTimes })
  })
}

/** What to say of an experiment that trains nothing. */
export function withoutNetwork(name: string): InputError {
  return new InputError(
    `${name}: has no network to profile: expected an experiment with one, such as szt, or a file such as my.yaml`,
  )
}

interface Work {
  definition: ExperimentDefinition
  settled: SettledConfig
  experiment: Experiment
  /** What was done, in a line. */
  line: string
  hostTimes: boolean
}

async function profileAndWrite(session: Session, folder: ClaimedFolder, work: Work): Promise<number> {
  const { gpu, progress, signal, check, open } = session
  const { definition, settled, experiment, hostTimes } = work
  const tell = (line: string) => progress.log(line)
  const seen = await profile(gpu, { experiment, hostTimes, signal, tell })
  check()
  if (seen === null) {
    progress.log('interrupted: nothing was written')
    return exitCodes.interrupted
  }
  const [kernels, phases] = [kernelRows(seen.dispatches, seen.roof), phaseRows(seen)]
  const command = shellCommand(['infoflow', ...process.argv.slice(2)])
  const record = {
    ...recordOf(settled, titleOf(definition, settled), command, open.adapter),
    profile: aboutOf(seen, phases, work),
  }
  const written = await write(folder.keep(), record, seen, kernels, work.line)
  const measured = `${profileText(seen, kernels, phases)}\n\n${measuredLine(seen)}`
  process.stdout.write(`${measured}\n\nWritten\n${written.map((path) => `  ${visible(path)}`).join('\n')}\n`)
  return exitCodes.fine
}

/** For run.json and, as text, for the table. */
function aboutOf(seen: Profile, phases: readonly PhaseRow[], { experiment }: Work) {
  return {
    ...{ steps: stepsOf(experiment), path: experiment.path!, clock: seen.clock, roof_per_second: seen.roof },
    slowdown: Object.fromEntries(slowdowns(seen, phases).map(({ phase, times }) => [phase, times])),
    wall_seconds: (seen.end - seen.start) / 1000,
    phases,
  }
}

async function write(
  folder: string,
  record: ReturnType<typeof recordOf> & { profile: ReturnType<typeof aboutOf> },
  seen: Profile,
  kernels: readonly KernelRow[],
  line: string,
): Promise<string[]> {
  const about = Object.fromEntries(Object.entries(record.profile).map(([key, value]) => [key, JSON.stringify(value)]))
  const [table, trace] = [join(folder, 'kernels.arrow'), join(folder, 'trace.json')]
  writeKernels(table, kernels, { ...tableMetadata(record), adapter: record.adapter.name, ...about })
  const told = { title: record.title, adapter: record.adapter.name, command: record.command }
  try {
    writeFileSync(trace, JSON.stringify(traceOf(seen, told)))
    const { rooflineSpecification } = await import('../report/roofline-picture.js')
    const { writePicture } = await import('../report/picture.js')
    const drawn = kernels.map((row) => ({ ...row, seconds: row.total_seconds }))
    const subtitle = `${line}\n${record.adapter.name}; roof, measured beside them: ${roofText(seen.roof)}`
    const specification = rooflineSpecification({ title: record.title, subtitle, roof: seen.roof, kernels: drawn })
    const pictures = await writePicture('roofline', specification, folder)
    writeRunRecord(folder, { status: 'finished', ...record, ended: new Date().toISOString() })
    return [table, ...pictures, trace, join(folder, 'run.json')]
  } catch (error) {
    throw diskError(error, `${folder}: cannot write the trace or the picture`, 'the table is kept')
  }
}

function workLine(experiment: Experiment): string {
  const { seeds, training, path, measurement } = experiment
  const { replicas, ownReplicas, batches } = measurement
  const steps = `${counted(stepsOf(experiment), 'step')} in ${counted(training.epochs, 'epoch')} of ${seedsNamed(seeds)}`
  const dispatches = path === 'fused' ? 'many steps a dispatch' : 'a dispatch a layer'
  return (
    `${steps}, ${dispatches}; one measurement with ${replicas} replicas, ${ownReplicas} own replicas, ` +
    `${batches} batches`
  )
}

/** Which layers the measurement has estimated. */
function measuredLine({ information }: Profile): string {
  const layers = information.filter(({ mi }) => mi !== null).map(({ layer }) => layer)
  if (layers.length === 0)
    return 'I(X;T) was estimated of no layer: there is no noise, or there are too few samples for its width.'
  return `I(X;T) was estimated of ${layers.length === 1 ? 'layer' : 'layers'} ${ranges(layers)}.`
}
