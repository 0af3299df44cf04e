/**
 * The page to read first: networks train, now and then they are asked what they have learnt, and everything seen becomes rows.
 */
import type { DataSet } from './data/dataset.js'
import { Measurer } from './information/measurer.js'
import type { MeasurementOptions } from './information/options.js'
import { Lane } from './machine/lane.js'
import { layerTable, type NetworkSpec } from './network/network.js'
import { InputError } from './errors.js'
import { clusteringRows } from './clustering/clustering.js'
import { scatterRows } from './clustering/scatter.js'
import { stateDict } from './network/parameters.js'
import type { Machine } from './plan.js'
import type {
  ActivationRows,
  BinnedEntropyRow,
  ClusteringRow,
  InformationRow,
  Recorder,
  TrainingRow,
} from './tables/rows.js'
import { networksAtOnce, type TrainingPath } from './training/fused.js'
import { learningRateAt, type TrainingOptions } from './training/options.js'
import { shared } from './training/setup.js'
import { Loaded, type Networks, type WeightsAt } from './training/networks.js'
import { Trainer } from './training/trainer.js'

/** Everything that determines a run's numbers, on a given adapter and version. */
export interface Experiment {
  /** One network each, alike but for initialisation, split, order and noise. */
  seeds: readonly number[]
  data: DataSet
  network: NetworkSpec
  training: TrainingOptions
  measurement: MeasurementOptions
  /** Epochs at which I(X;T_l) is measured, ascending; 0 = before the first step. */
  measuredEpochs: number[]
  /** Epochs at which loss and accuracy are evaluated (noiseless), ascending; contains measuredEpochs. */
  evaluatedEpochs: number[]
  /** Inputs whose activations without noise are looked at in each measurement, and those among them that form pairs. */
  clustering: { inputs: number; pairs: number }
  /** Replicas of each input whose samples are kept in activations/ at every measurement; 0 keeps none. */
  saveReplicas: number
  saveWeights: boolean
  /** Instead of the path that fits the network (training/fused.ts); `per-layer` trains one network at a time. */
  path?: TrainingPath
  /** Instead of training: weights that are there for every one of evaluatedEpochs. */
  weightsAt?: WeightsAt
}

/** A network in the middle of its training, at an epoch that was measured. */
export interface Look {
  seed: number
  epoch: number
  rows: InformationRow[]
  /** Laid out as parameterLayout says. */
  parameters(): Promise<Float32Array>
  /** S_l of every input in a pass without noise: inputs x width. */
  activations(layer: number): Promise<Float32Array>
  /** The same of some inputs and all hidden layers that compute something. */
  monitored: Monitored
  /** What the measurement drew, `replicas` of each input at most; of networks with noise only. */
  samples(replicas: number): Promise<ActivationRows[]>
}

/** Activations without noise: of each layer named, rows x width, a row for each input named. */
export interface Monitored {
  inputs: Uint32Array
  layers: number[]
  s: Float32Array[]
  /** What was recorded of them. */
  clustering: ClusteringRow[]
  binned: BinnedEntropyRow[]
}

/** What the run tells while it goes on. */
export interface Observer {
  /** One row a network that trains now. */
  evaluated(rows: TrainingRow[]): void
  /** Those networks' layers. */
  measured(rows: InformationRow[]): void
  /** The network as the measurement found it, for whoever wants to see more of it; its time counts as measuring. */
  looked?(look: Look): Promise<void>
  /** Not all networks train at once; before the first, and then each time that others begin: these do now. */
  split?(seeds: readonly number[]): void
  /** Part of the expected work done, 0..1, and what it does now. */
  progress(fraction: number, epoch: number, doing: 'training' | 'measuring'): void
}

/** Wall-clock seconds, exclusive. */
export interface Phases {
  preparing: number
  training: number
  evaluating: number
  measuring: number
  clustering: number
  writing: number
}

/** When a phase was on, in milliseconds of performance.now(); spans follow one another. */
export interface Span {
  phase: keyof Phases
  start: number
  end: number
}

/**
 * Trains, measures and records; as many networks at once as the device takes. Ends early, between epochs, when the signal is
 * aborted; what was recorded until then stays. Rows are the same for the same experiment, adapter and version, but for `seconds`,
 * and those of a seed do not depend on the other seeds.
 */
export async function runExperiment(
  machine: Machine,
  experiment: Experiment,
  recorder: Recorder,
  observer: Observer,
  signal?: AbortSignal,
): Promise<{ phases: Phases; spans: readonly Span[]; interrupted: boolean }> {
  const clock = new Clock()
  const together = experiment.path === 'per-layer' ? 1 : networksAtOnce(machine, experiment)
  const groups = chunked(experiment.seeds, together)
  const progress = new Expectation(experiment, groups.length, clock.phases, observer)
  for (const seeds of groups) {
    if (signal?.aborted) break
    if (groups.length > 1) observer.split?.(seeds)
    machine.release()
    await trainTogether(machine, { ...experiment, seeds }, { recorder, observer, signal, clock, progress })
  }
  return { ...clock, interrupted: !progress.complete }
}

interface Going {
  recorder: Recorder
  observer: Observer
  signal?: AbortSignal
  clock: Clock
  progress: Expectation
}

async function trainTogether(machine: Machine, experiment: Experiment, going: Going): Promise<void> {
  const { seeds, data, network, measurement, training } = experiment
  const { recorder, observer, signal, clock, progress } = going
  const [evaluated, measured] = [new Set(experiment.evaluatedEpochs), new Set(experiment.measuredEpochs)]
  const networks = await clock.time('preparing', () => begin(machine, experiment))
  const setup = { seed: seeds[0], data, network, options: measurement, buffers: shared }
  // two at a time: one network's lists are made while the device sums for the other
  const lanes = [machine, ...(seeds.length > 1 ? [new Lane(machine, 'beside', Object.values(shared))] : [])]
  const measurers: Measurer[] = []
  for (const lane of lanes) measurers.push(await clock.time('preparing', () => Measurer.create(lane, setup)))

  for (;;) {
    const { epoch } = networks
    if (evaluated.has(epoch)) {
      const rows = await clock.time('evaluating', () => evaluationRows(networks, experiment))
      await clock.time('writing', () => rows.forEach((row) => recorder.training(row)))
      observer.evaluated(rows)
      requireFinite(rows, experiment.weightsAt !== undefined)
    }

    // now and then: how much does each layer still know about its input?
    if (measured.has(epoch) && !signal?.aborted) {
      observer.measured(await measureAll(networks, measurers, experiment, going))
    }

    if (epoch === training.epochs || signal?.aborted) break

    const next = experiment.evaluatedEpochs.find((e) => e > epoch) ?? training.epochs
    await clock.time('training', () => networks.advance(next, signal, (e) => progress.tell(e, 'training')))
  }
  progress.trained(networks.epoch, seeds.length)
}

// ---------------------------------------------------------------------- only bookkeeping from here on

/** Networks before their first step, or with the first weights that there are. */
function begin(
  machine: Machine,
  { seeds, data, network, training, path, ...experiment }: Experiment,
): Promise<Networks> {
  const setup = { seeds, data, network, training }
  const { weightsAt, evaluatedEpochs } = experiment
  return weightsAt ? Loaded.create(machine, setup, weightsAt, evaluatedEpochs[0]) : Trainer.create(machine, setup, path)
}

/** The rows of all networks, as many at a time as there are measurers. */
async function measureAll(
  networks: Networks,
  measurers: readonly Measurer[],
  experiment: Experiment,
  { recorder, observer, signal, clock, progress }: Going,
): Promise<InformationRow[]> {
  const { seeds } = experiment
  const { epoch } = networks
  const all: InformationRow[] = []
  for (let first = 0; first < seeds.length && !signal?.aborted; first += measurers.length) {
    progress.tell(epoch, 'measuring')
    const now = measurers.slice(0, seeds.length - first)
    const found = await clock.time('measuring', () =>
      Promise.all(
        now.map((measurer, i) => {
          networks.select(first + i)
          return measurer.measure(epoch, { seed: seeds[first + i] })
        }),
      ),
    )
    for (const [i, measurer] of now.entries()) {
      const [place, rows] = [first + i, found[i]]
      await clock.time('writing', () => record(rows, { networks, measurer, place }, experiment, recorder))
      progress.measurements++
      all.push(...rows)
      const monitored = await clock.time('clustering', () => monitor(networks, place, experiment, recorder))
      const look = lookAt(networks, measurer, place, rows, monitored)
      await clock.time('measuring', () => observer.looked?.(look))
    }
  }
  return all
}

async function evaluationRows(networks: Networks, { seeds, training, weightsAt }: Experiment): Promise<TrainingRow[]> {
  const rows: TrainingRow[] = []
  for (const [k, seed] of seeds.entries()) {
    const { trainLoss, testLoss, trainAccuracy, testAccuracy } = await networks.evaluate(k)
    rows.push({
      seed,
      epoch: networks.epoch,
      train_loss: trainLoss,
      test_loss: testLoss,
      train_accuracy: trainAccuracy,
      test_accuracy: testAccuracy,
      learning_rate: weightsAt ? null : learningRateAt(training, Math.max(0, networks.epoch - 1)),
    })
  }
  return rows
}

/** @throws InputError: training has diverged, or weights that were `given` lead beyond f32; what was recorded before stays */
function requireFinite(rows: TrainingRow[], given: boolean): void {
  const lost = rows.find(({ train_loss }) => train_loss !== null && !Number.isFinite(train_loss))
  if (!lost) return
  if (given)
    throw new InputError(
      `--weights: under those of epoch ${lost.epoch} the loss is ${lost.train_loss}: expected outputs that 32-bit floats hold (up to ` +
        '3.4e38): take a checkpoint from before training diverged (the tables up to here are kept)',
    )
  throw new InputError(
    `training: the loss of seed ${lost.seed} is ${lost.train_loss} at epoch ${lost.epoch}: it has diverged, most likely because ` +
      'the learning rate is too large: lower training.learningRate (the tables up to here are kept)',
  )
}

async function record(
  rows: InformationRow[],
  { networks, measurer, place }: { networks: Networks; measurer: Measurer; place: number },
  { seeds, network, saveReplicas, saveWeights }: Experiment,
  recorder: Recorder,
): Promise<void> {
  for (const row of rows) recorder.information(row)
  if (saveReplicas > 0)
    for (const table of await measurer.activations(networks.epoch, saveReplicas)) recorder.activations(table)
  if (saveWeights) recorder.weights(networks.epoch, seeds[place], stateDict(network, await networks.parameters(place)))
}

/** How the classes lie in every hidden layer, noise off. */
async function monitor(
  networks: Networks,
  place: number,
  { seeds, data, network, clustering }: Experiment,
  recorder: Recorder,
): Promise<Monitored> {
  const { epoch } = networks
  const seed = seeds[place]
  const table = layerTable(network)
  const layers = table.slice(0, -1).flatMap(({ type }, i) => (type === 'flatten' || type === 'dropout' ? [] : [i + 1]))
  const inputs = monitoredInputs(data, clustering.inputs)
  const s = await networks.activations(layers, place, inputs.length < data.count ? inputs : undefined)
  const labels = inputs.map((input) => data.labels[input])
  const looks = layers.map((layer, i) => {
    const { width, noiseStd, activation } = table[layer - 1]
    const about = { seed, epoch, layer, width, count: inputs.length, s: s[i], labels, classes: data.classes }
    return { ...about, noiseStd, activation }
  })
  const found = looks.map((look) => clusteringRows(look, { pairInputs: clustering.pairs }))
  const rows = { clustering: found.map((one) => one.clustering), binned: found.flatMap((one) => one.binned) }
  recorder.clustering(...rows.clustering)
  recorder.binnedEntropy(...rows.binned)
  recorder.histogram(...found.flatMap((one) => one.histograms))
  if (looks.length > 0) recorder.scatter(...scatterRows(looks.at(-1)!, inputs))
  return { inputs, layers, s, ...rows }
}

/** As many as wanted, evenly spaced; of the test set where data come with one. */
function monitoredInputs({ count, testFrom = 0 }: DataSet, wanted: number): Uint32Array {
  const available = count - testFrom
  const taken = Math.min(wanted, available)
  return Uint32Array.from({ length: taken }, (_, i) => testFrom + Math.floor((i * available) / taken))
}

function lookAt(
  networks: Networks,
  measurer: Measurer,
  place: number,
  rows: InformationRow[],
  monitored: Monitored,
): Look {
  return {
    seed: networks.seeds[place],
    epoch: networks.epoch,
    rows,
    monitored,
    parameters: () => networks.parameters(place),
    activations: async (layer) => (await networks.activations([layer], place))[0],
    samples: (replicas) => measurer.activations(networks.epoch, replicas),
  }
}

function chunked<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, i) => list.slice(i * most, (i + 1) * most))
}

/** Wall-clock time by phase, exclusive. */
class Clock {
  readonly phases: Phases = { preparing: 0, training: 0, evaluating: 0, measuring: 0, clustering: 0, writing: 0 }
  readonly spans: Span[] = []

  async time<T>(phase: keyof Phases, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      const end = performance.now()
      this.phases[phase] += (end - start) / 1000
      this.spans.push({ phase, start, end })
    }
  }
}

/** How much of the expected work is done, from the times that epochs and measurements have taken so far. */
class Expectation {
  /** Of single networks. */
  measurements = 0
  /** Epochs of the groups that are through, and networks among them that got to the end. */
  #epochs = 0
  #trained = 0
  readonly #experiment: Experiment
  readonly #phases: Phases
  readonly #observer: Observer
  readonly #groups: number

  constructor(experiment: Experiment, groups: number, phases: Phases, observer: Observer) {
    this.#experiment = experiment
    this.#groups = groups
    this.#phases = phases
    this.#observer = observer
  }

  get complete(): boolean {
    const { seeds, measuredEpochs } = this.#experiment
    return this.#trained === seeds.length && this.measurements === seeds.length * measuredEpochs.length
  }

  /** A group of networks is through, or was left at this epoch. */
  trained(epoch: number, networks: number): void {
    this.#epochs += epoch
    if (epoch === this.#experiment.training.epochs) this.#trained += networks
  }

  tell(epoch: number, doing: 'training' | 'measuring'): void {
    const { seeds, training, measuredEpochs } = this.#experiment
    const epochs = this.#epochs + epoch
    const epochSeconds = epochs > 0 ? (this.#phases.training + this.#phases.evaluating) / epochs : 0.03
    const measurementSeconds = this.measurements > 0 ? this.#phases.measuring / this.measurements : 3
    const done = epochs * epochSeconds + this.measurements * measurementSeconds
    const measurements = seeds.length * measuredEpochs.length
    const all = this.#groups * training.epochs * epochSeconds + measurements * measurementSeconds
    this.#observer.progress(all > 0 ? Math.min(1, done / all) : 1, epoch, doing)
  }
}
