/**
 * The page to read first: networks train, now and then they are asked what they have learnt, and everything seen becomes rows.
 */
import type { DataSet } from './data/dataset.js'
import { Measurer } from './information/measurer.js'
import type { MeasurementOptions } from './information/options.js'
import { Lane } from './machine/lane.js'
import { layerTable, type NetworkSpec } from './network/network.js'
import { InputError } from './errors.js'
import { Clock, Expectation, type Phases, type Span } from './expectation.js'
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
  Tensor,
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

/** A moment before which everything is recorded, so that a run can go on from it. Plain JSON. */
export interface Moment {
  /** Of the networks that train now. */
  seeds: readonly number[]
  epoch: number
  /** Steps done of the epoch that follows. */
  steps: number
  /** How many of these networks have been measured at this epoch, where it is one of those. */
  measured: number
  phases: Phases
}

/** Keeps moments, so that a run that dies can go on; and knows the one that this run goes on from. */
export interface Keeper {
  from?: {
    moment: Moment
    /** As networks() of `keep` gave them. */
    networks: Tensor[]
    /** Of the networks that were measured at this epoch, where others are still to be. */
    rows: InformationRow[]
  }
  /** Where not much was done since the last one, a moment that is not `worthwhile` may be passed over. */
  keep(moment: Moment, networks: () => Promise<Tensor[]>, worthwhile: boolean): Promise<void>
}

/** Seconds of training between two moments, at most, as far as steps are short. */
const longestTraining = 10

/**
 * Trains, measures and records; as many networks at once as the device takes. Ends early, between steps, when the signal is
 * aborted; what was recorded until then stays. Rows are the same for the same experiment, adapter and version, but for `seconds`,
 * whether or not the run went on from a moment that was kept; and those of a seed do not depend on the other seeds.
 */
export async function runExperiment(
  machine: Machine,
  experiment: Experiment,
  recorder: Recorder,
  observer: Observer,
  signal?: AbortSignal,
  keeper?: Keeper,
): Promise<{ phases: Phases; spans: readonly Span[]; interrupted: boolean }> {
  const clock = new Clock(keeper?.from?.moment.phases)
  const together = experiment.path === 'per-layer' ? 1 : networksAtOnce(machine, experiment)
  const groups = chunked(experiment.seeds, together)
  const progress = expectation(experiment, groups, clock.phases, keeper?.from?.moment)
  for (const seeds of groups.slice(groupOf(groups, keeper?.from?.moment))) {
    if (signal?.aborted) break
    if (groups.length > 1) observer.split?.(seeds)
    machine.release()
    await trainTogether(machine, { ...experiment, seeds }, { recorder, observer, signal, keeper, clock, progress })
  }
  return { ...clock, interrupted: !progress.complete }
}

interface Going {
  recorder: Recorder
  observer: Observer
  signal?: AbortSignal
  keeper?: Keeper
  clock: Clock
  progress: Expectation
}

async function trainTogether(machine: Machine, experiment: Experiment, going: Going): Promise<void> {
  const { seeds, data, network, measurement, training } = experiment
  const { recorder, observer, signal, clock, progress } = going
  const [evaluated, measured] = [new Set(experiment.evaluatedEpochs), new Set(experiment.measuredEpochs)]
  let from = momentOf(experiment, going)
  const networks = await clock.time('preparing', () => begin(machine, experiment, from))
  const setup = { seed: seeds[0], data, network, options: measurement, buffers: shared }
  // two at a time: one network's lists are made while the device sums for the other
  const lanes = [machine, ...(seeds.length > 1 ? [new Lane(machine, 'beside', Object.values(shared))] : [])]
  const measurers: Measurer[] = []
  for (const lane of lanes) measurers.push(await clock.time('preparing', () => Measurer.create(lane, setup)))

  for (;;) {
    const { epoch } = networks
    if (evaluated.has(epoch) && networks.steps === 0 && !from) {
      const rows = await clock.time('evaluating', () => evaluationRows(networks, experiment))
      await clock.time('writing', () => rows.forEach((row) => recorder.training(row)))
      observer.evaluated(rows)
      requireFinite(rows, experiment.weightsAt !== undefined)
    }

    // now and then: how much does each layer still know about its input?
    const known = from?.moment.measured ?? (networks.steps > 0 ? seeds.length : 0)
    if (measured.has(epoch) && known < seeds.length && !signal?.aborted) {
      observer.measured(await measureAll(networks, measurers, experiment, going, { known, rows: from?.rows ?? [] }))
    } else await keep(networks, known, going, epoch === training.epochs || signal?.aborted === true)
    from = undefined

    if (epoch === training.epochs || signal?.aborted) break

    const next = experiment.evaluatedEpochs.find((e) => e > epoch) ?? training.epochs
    const tell = (e: number) => observer.progress(progress.fraction(e), e, 'training')
    await clock.time('training', () => networks.advance(next, { signal, tell, seconds: longestTraining }))
  }
  progress.trained(networks.epoch, seeds.length)
}

// ---------------------------------------------------------------------- only bookkeeping from here on

/** Networks before their first step, with the first weights that there are, or at the moment that was kept. */
function begin(
  machine: Machine,
  { seeds, data, network, training, path, ...experiment }: Experiment,
  from: Keeper['from'],
): Promise<Networks> {
  const setup = { seeds, data, network, training }
  const { weightsAt, evaluatedEpochs } = experiment
  if (weightsAt) return Loaded.create(machine, setup, weightsAt, from?.moment.epoch ?? evaluatedEpochs[0])
  return Trainer.create(machine, setup, { path, from: from && { ...from.moment, networks: from.networks } })
}

/** The rows of all networks, as many at a time as there are measurers; those of the first `known` are there. */
async function measureAll(
  networks: Networks,
  measurers: readonly Measurer[],
  experiment: Experiment,
  going: Going,
  { known, rows: all }: { known: number; rows: InformationRow[] },
): Promise<InformationRow[]> {
  const { recorder, observer, signal, clock, progress } = going
  const { seeds } = experiment
  const { epoch } = networks
  for (let first = known; first < seeds.length && !signal?.aborted; first += measurers.length) {
    observer.progress(progress.fraction(epoch), epoch, 'measuring')
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
    // whoever looked may have stopped half way
    if (!signal?.aborted) await keep(networks, first + now.length, going, true)
  }
  return all
}

async function keep(networks: Networks, measured: number, going: Going, worthwhile: boolean): Promise<void> {
  const { keeper, clock } = going
  const { seeds, epoch, steps } = networks
  const moment = { seeds, epoch, steps, measured, phases: clock.phases }
  await clock.time('writing', () => keeper?.keep(moment, () => networks.state(), worthwhile))
}

/** The moment to go on from, of the networks that it is about. */
function momentOf({ seeds }: Experiment, { keeper }: Going): Keeper['from'] {
  return keeper?.from?.moment.seeds[0] === seeds[0] ? keeper.from : undefined
}

/** @throws InputError: another adapter trains other networks together */
function groupOf(groups: readonly number[][], from: Moment | undefined): number {
  if (!from) return 0
  const group = groups.findIndex((seeds) => seeds.join() === from.seeds.join())
  if (group >= 0) return group
  throw new InputError(`checkpoint: seeds ${from.seeds.join(', ')} trained together, which they do not on this adapter`)
}

function expectation(
  { seeds, training, measuredEpochs }: Experiment,
  groups: readonly number[][],
  phases: Phases,
  from: Moment | undefined,
): Expectation {
  const work = { networks: seeds.length, groups: groups.length, epochs: training.epochs }
  const progress = new Expectation({ ...work, measurements: measuredEpochs.length }, phases)
  if (!from) return progress
  for (const { length } of groups.slice(0, groupOf(groups, from))) {
    progress.trained(training.epochs, length)
    progress.measurements += length * measuredEpochs.length
  }
  const earlier = measuredEpochs.filter((epoch) => epoch < from.epoch).length
  progress.measurements += from.seeds.length * earlier + (measuredEpochs.includes(from.epoch) ? from.measured : 0)
  return progress
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
