/**
 * The page to read first: a network trains, now and then it is asked what it has learnt, and everything seen becomes rows.
 */
import type { DataSet } from './data/dataset.js'
import { Measurer } from './information/measurer.js'
import type { MeasurementOptions } from './information/options.js'
import type { NetworkSpec } from './network/network.js'
import { stateDict } from './network/parameters.js'
import type { Machine } from './plan.js'
import type { ActivationRows, InformationRow, Recorder, TrainingRow } from './tables/rows.js'
import type { TrainingOptions } from './training/options.js'
import { shared, Trainer } from './training/trainer.js'

/** Everything that determines a run's numbers, on a given adapter and version. */
export interface Experiment {
  seed: number
  data: DataSet
  network: NetworkSpec
  training: TrainingOptions
  measurement: MeasurementOptions
  /** Epochs at which I(X;T_l) is measured, ascending; 0 = before the first step. */
  measuredEpochs: number[]
  /** Epochs at which loss and accuracy are evaluated (noiseless), ascending; contains measuredEpochs. */
  evaluatedEpochs: number[]
  /** Replicas of each input whose samples are kept in activations/ at every measurement; 0 keeps none. */
  saveReplicas: number
  saveWeights: boolean
}

/** A network in the middle of its training, at an epoch that was measured. */
export interface Look {
  epoch: number
  rows: InformationRow[]
  /** Laid out as parameterLayout says. */
  parameters(): Promise<Float32Array>
  /** S_l of every input in a pass without noise: inputs x width. */
  activations(layer: number): Promise<Float32Array>
  /** What the measurement drew, `replicas` of each input at most; of networks with noise only. */
  samples(replicas: number): Promise<ActivationRows[]>
}

/** What the run tells while it goes on. */
export interface Observer {
  evaluated(row: TrainingRow): void
  measured(rows: InformationRow[]): void
  /** The network as the measurement found it, for whoever wants to see more of it; its time counts as measuring. */
  looked?(look: Look): Promise<void>
  /** Part of the expected work done, 0..1, and what it does now. */
  progress(fraction: number, epoch: number, doing: 'training' | 'measuring'): void
}

/** Wall-clock seconds, exclusive. */
export interface Phases {
  training: number
  evaluating: number
  measuring: number
  writing: number
}

/** Epochs started before the queue is waited for: short enough for Ctrl-C, long enough to keep the device busy. */
const secondsAhead = 0.25

/**
 * Trains, measures and records. Ends early, between epochs, when the signal is aborted; what was recorded until then stays.
 * Rows are the same for the same experiment, adapter and version, but for `seconds`.
 */
export async function runExperiment(
  machine: Machine,
  experiment: Experiment,
  recorder: Recorder,
  observer: Observer,
  signal?: AbortSignal,
): Promise<{ phases: Phases; interrupted: boolean }> {
  const { seed, data, network, measurement, training } = experiment
  const [evaluated, measured] = [new Set(experiment.evaluatedEpochs), new Set(experiment.measuredEpochs)]
  const clock = new Clock()
  const trainer = await Trainer.create(machine, { seeds: [seed], data, network, training })
  const measurer = await Measurer.create(machine, { seed, data, network, options: measurement, buffers: shared })
  const progress = new Expectation(experiment, clock.phases, observer)

  for (;;) {
    const { epoch } = trainer
    if (evaluated.has(epoch)) {
      const row = await clock.time('evaluating', () => evaluationRow(trainer, experiment))
      await clock.time('writing', () => recorder.training(row))
      observer.evaluated(row)
    }

    // now and then: how much does each layer still know about its input?
    if (measured.has(epoch) && !signal?.aborted) {
      progress.tell(epoch, 'measuring')
      const rows = await clock.time('measuring', () => measurer.measure(epoch))
      await clock.time('writing', () => record(rows, trainer, measurer, experiment, recorder))
      progress.measurements++
      observer.measured(rows)
      await clock.time('measuring', () => observer.looked?.(lookAt(trainer, measurer, rows)))
    }

    if (epoch === training.epochs || signal?.aborted) break

    const next = experiment.evaluatedEpochs.find((e) => e > epoch) ?? training.epochs
    await clock.time('training', () => trainUntil(trainer, next, signal, (e) => progress.tell(e, 'training')))
  }
  const complete = trainer.epoch === training.epochs && progress.measurements === measured.size
  return { phases: clock.phases, interrupted: !complete }
}

// ---------------------------------------------------------------------- only bookkeeping from here on

async function trainUntil(
  trainer: Trainer,
  epoch: number,
  signal: AbortSignal | undefined,
  tell: (epoch: number) => void,
) {
  let ahead = 1
  while (trainer.epoch < epoch && !signal?.aborted) {
    const start = performance.now()
    const count = Math.min(ahead, epoch - trainer.epoch)
    for (let i = 0; i < count; i++) trainer.startEpoch()
    await trainer.finish()
    tell(trainer.epoch)
    ahead = Math.max(1, Math.round((count * secondsAhead * 1000) / (performance.now() - start)))
  }
}

async function evaluationRow(trainer: Trainer, { seed, training }: Experiment): Promise<TrainingRow> {
  const { trainLoss, testLoss, trainAccuracy, testAccuracy } = await trainer.evaluate()
  return {
    seed,
    epoch: trainer.epoch,
    train_loss: trainLoss,
    test_loss: testLoss,
    train_accuracy: trainAccuracy,
    test_accuracy: testAccuracy,
    learning_rate: training.learningRate,
  }
}

async function record(
  rows: InformationRow[],
  trainer: Trainer,
  measurer: Measurer,
  { network, saveReplicas, saveWeights }: Experiment,
  recorder: Recorder,
): Promise<void> {
  for (const row of rows) recorder.information(row)
  if (saveReplicas > 0)
    for (const table of await measurer.activations(trainer.epoch, saveReplicas)) recorder.activations(table)
  if (saveWeights) recorder.weights(trainer.epoch, stateDict(network, await trainer.parameters()))
}

function lookAt(trainer: Trainer, measurer: Measurer, rows: InformationRow[]): Look {
  return {
    epoch: trainer.epoch,
    rows,
    parameters: () => trainer.parameters(),
    activations: (layer) => trainer.activations(layer),
    samples: (replicas) => measurer.activations(trainer.epoch, replicas),
  }
}

/** Wall-clock time by phase, exclusive. */
class Clock {
  readonly phases: Phases = { training: 0, evaluating: 0, measuring: 0, writing: 0 }

  async time<T>(phase: keyof Phases, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.phases[phase] += (performance.now() - start) / 1000
    }
  }
}

/** How much of the expected work is done, from the times that epochs and measurements have taken so far. */
class Expectation {
  measurements = 0
  readonly #experiment: Experiment
  readonly #phases: Phases
  readonly #observer: Observer

  constructor(experiment: Experiment, phases: Phases, observer: Observer) {
    this.#experiment = experiment
    this.#phases = phases
    this.#observer = observer
  }

  tell(epoch: number, doing: 'training' | 'measuring'): void {
    const { training, measuredEpochs } = this.#experiment
    const epochSeconds = epoch > 0 ? (this.#phases.training + this.#phases.evaluating) / epoch : 0.03
    const measurementSeconds = this.measurements > 0 ? this.#phases.measuring / this.measurements : 3
    const done = epoch * epochSeconds + this.measurements * measurementSeconds
    const all = training.epochs * epochSeconds + measuredEpochs.length * measurementSeconds
    this.#observer.progress(all > 0 ? Math.min(1, done / all) : 1, epoch, doing)
  }
}
