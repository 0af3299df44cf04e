/**
 * The same work three times on one device: once to warm up, once as any run does it, and once with every dispatch timed, so that a
 * profile says what it costs itself. The work is that of the scheduler: so many steps of training, and one measurement.
 */
import type { GpuMachine } from '../machine/gpu.js'
import { PassTimer, type TimedDispatch } from '../machine/pass-timer.js'
import type { Phases, Span } from '../expectation.js'
import { runExperiment, type Experiment, type Observer } from '../scheduler.js'
import type { InformationRow, Recorder } from '../tables/rows.js'
import { HostTimedMachine } from './host-timed.js'
import { ObservedMachine, type Call } from './observed.js'
import { measureRoof, type Roof } from './roof.js'

export interface Profile {
  /** Whose clock timed the dispatches. */
  clock: 'device' | 'host'
  roof: Roof
  /** Begin and end on the host's clock, in the order of the calls. */
  dispatches: TimedDispatch[]
  calls: Call[]
  spans: readonly Span[]
  /** Of the profiled work: milliseconds of performance.now(). */
  start: number
  end: number
  /** Wall-clock seconds by phase, of the same work not profiled. */
  plain: Phases
  /** Of the one measurement. */
  information: InformationRow[]
}

export interface Profiled {
  experiment: Experiment
  /** Times by the host's clock even where the device has one. */
  hostTimes: boolean
  signal: AbortSignal
  /** What is done now. */
  tell(line: string): void
}

/**
 * The experiment cut down to so many steps and one measurement behind them. Fewer than an epoch has are an epoch of fewer inputs; of
 * more, epochs of equal length, so that they may be a few more than asked.
 */
export function shortened(experiment: Experiment, steps: number): Experiment {
  const { trainCount, batchSize } = experiment.training
  const epochs = Math.ceil(steps / Math.ceil(trainCount / batchSize))
  const taken = Math.min(trainCount, Math.ceil(steps / epochs) * batchSize)
  const training = { ...experiment.training, trainCount: taken, epochs }
  const looks = { measuredEpochs: [epochs], evaluatedEpochs: [epochs] }
  return { ...experiment, ...looks, training, saveReplicas: 0, saveWeights: false }
}

/** Steps of each network that the experiment trains. */
export function stepsOf({ training }: Experiment): number {
  return training.epochs * Math.ceil(training.trainCount / training.batchSize)
}

/** Null when the signal is aborted before the end. Frees what it allocates. */
export async function profile(gpu: GpuMachine, profiled: Profiled): Promise<Profile | null> {
  const { experiment, signal, tell } = profiled
  tell('measuring the roof: multiplications and additions, exponentials, bytes')
  const roof = await measureRoof(gpu)
  tell('warming up')
  if ((await runExperiment(gpu, experiment, nobody, quiet(), signal)).interrupted) return null
  tell('the same, not profiled')
  const plain = await runExperiment(gpu, experiment, nobody, quiet(), signal)
  if (plain.interrupted) return null
  tell('the same, profiled')
  const seen = await timed(gpu, profiled)
  gpu.release()
  return seen && { ...seen, roof, plain: plain.phases }
}

async function timed(
  gpu: GpuMachine,
  { experiment, hostTimes, signal }: Profiled,
): Promise<Omit<Profile, 'roof' | 'plain'> | null> {
  const timer = hostTimes || !PassTimer.fits(gpu.device) ? null : new PassTimer(gpu.device)
  const byHost = timer ? null : new HostTimedMachine(gpu)
  const machine = new ObservedMachine(byHost ?? gpu)
  const information: InformationRow[] = []
  gpu.timer = timer
  try {
    const start = performance.now()
    const { spans, interrupted } = await runExperiment(machine, experiment, nobody, quiet(information), signal)
    const end = performance.now()
    if (interrupted) return null
    const dispatches = timer ? onHostClock(await timer.collect()) : byHost!.dispatches
    return { clock: timer ? 'device' : 'host', dispatches, calls: machine.calls, spans, start, end, information }
  } finally {
    gpu.timer = null
  }
}

/**
 * Moved by one offset: as far as must be so that nothing begins before it was encoded. What began soonest then begins at once; the
 * clocks' drift against one another is left in.
 */
export function onHostClock(dispatches: readonly TimedDispatch[]): TimedDispatch[] {
  const offset = dispatches.reduce((most, { encoded, begin }) => Math.max(most, encoded - begin), -Infinity)
  return dispatches.map((one) => ({ ...one, begin: one.begin + offset, end: one.end + offset }))
}

const nothing = () => {}

/** Keeps nothing. */
const nobody: Recorder = {
  ...{ training: nothing, information: nothing, rival: nothing, noiseLevel: nothing, entropy: nothing },
  ...{ clustering: nothing, binnedEntropy: nothing, histogram: nothing, scatter: nothing },
  ...{ activations: nothing, weights: nothing },
}

function quiet(information: InformationRow[] = []): Observer {
  return { evaluated: nothing, progress: nothing, measured: (rows) => void information.push(...rows) }
}
