/**
 * Two seconds of looking at the adapter, so that a run picks what fits: how long a training step, a replica drawn and a pair summed
 * take here. What is picked comes in coarse tiers, and the run prints the flags that repeat it exactly.
 */
import { availableParallelism } from 'node:os'
import type { DataSet } from './data/dataset.js'
import { Measurer } from './information/measurer.js'
import { reasonNotEstimated } from './information/not-estimated.js'
import type { MeasurementOptions } from './information/options.js'
import { layerTable, type NetworkSpec } from './network/network.js'
import type { Machine } from './plan.js'
import type { TrainingOptions } from './training/options.js'
import { networksAtOnce, trainingPath } from './training/fused.js'
import { shared } from './training/setup.js'
import { Trainer } from './training/trainer.js'

type Auto<T> = T | 'auto'
type Counts = 'replicas' | 'ownReplicas' | 'batches' | 'queries'

export interface CalibrationDraft {
  seeds: Auto<number[]>
  data: DataSet
  network: NetworkSpec
  training: Omit<TrainingOptions, 'epochs'> & { epochs: Auto<number>; evaluations?: number }
  measurement: Omit<MeasurementOptions, Counts> &
    Record<Counts, Auto<number>> & { count: Auto<number>; epochs?: number[] }
  clustering: { inputs: number; pairs?: number }
  /** Nothing trains where there are weights. */
  weightsAt?: unknown
}

export interface Calibration extends Record<Counts, number> {
  seeds: number[]
  epochs: number
  /** Log-spaced measurements, epoch 0 not counted. */
  measurements: number
  /** Expected seconds of the whole run, all seeds together. */
  seconds: number
}

type Draft = Omit<CalibrationDraft, 'seeds'> & { seeds: number[] }

/** Seconds that a unit of work takes on this adapter. */
interface Rates {
  /** A training step of all networks. */
  step: number
  /** An input through a network whose training is a dispatch a layer, without noise; 0 for small networks, where it hardly counts. */
  evaluation: number
  /** One own replica of one input through all layers, with its own sums. */
  replica: number
  /** One query against one center. */
  pair: number
}

type Sampling = Record<Counts, number>

/** From coarse to fine: first more own replicas, which matter most and cost little, then more shared ones. */
const tiers: Sampling[] = [
  [8, 256, 8],
  [8, 512, 8],
  [16, 512, 8],
  [16, 1024, 16],
  [16, 2048, 16],
  [32, 4096, 16],
].map(([replicas, ownReplicas, batches]) => ({ replicas, ownReplicas, batches, queries: 1 }))

const epochTiers = [10_000, 5000, 3000, 2000, 1500, 1000, 500, 200, 100]
const measurementTiers = [84, 60, 48, 40, 32, 24, 16, 14, 12, 8]

/** What a quick run may take after the calibration, and the part of it that training may. Seconds. */
const quick = { seconds: 172, training: 0.4, leastMeasurements: 14 }
/** What the measurements of a full run may take before coarser ones are picked; 16 replicas keep corrections below .05 nats. */
const full = { measuring: 480, coarsest: 2 }

/** Networks that train at once on hardware before they take longer than one; not measured yet. */
const freeOnHardware = 8

/** Pairs of a measurement that are near enough to be summed, over all layers and epochs, as a part of one layer's full sum. */
const expectedPairs = 0.45
/** Seconds of the host for a center or a query of a layer: trees, lists, the jackknife. Of two cores, whatever the adapter (NOTES). */
const hostSeconds = 4e-6
/**
 * Seconds of the host for the clustering of an input's activations, all layers of a small network together; and what wide layers add
 * for each of an input's numbers, and for each of a pair's.
 */
const clusteringSeconds = { input: 6e-5, number: 1e-7, pairNumber: 2e-9 }

/** Steps that are timed where one takes long. */
const fewSteps = 2

/** Picks what the draft leaves to 'auto'; given values stay. Frees what it allocates. */
export async function calibrate(
  machine: Machine,
  given: CalibrationDraft,
  mode: 'quick' | 'full',
): Promise<Calibration> {
  const draft: Draft = { ...given, seeds: given.seeds === 'auto' ? freeSeeds(machine, mode) : given.seeds }
  const rates = await measureRates(machine, draft)
  const epochs = draft.training.epochs === 'auto' ? pickEpochs(rates, draft) : draft.training.epochs
  const training = draft.weightsAt ? 0 : epochs * stepsPerEpoch(draft) * rates.step
  const picked = mode === 'full' ? pickFull(rates, draft) : pickQuick(rates, draft, quick.seconds - training)
  const measuring = (picked.measurements + (draft.weightsAt ? 0 : 1)) * measurementSeconds(rates, draft, picked)
  const evaluations = draft.weightsAt ? picked.measurements : Math.min(epochs, draft.training.evaluations ?? 0) + 1
  const evaluating = draft.seeds.length * evaluations * draft.data.count * rates.evaluation
  return { seeds: draft.seeds, epochs, ...picked, seconds: training + evaluating + measuring + 3 }
}

/** Seeds that train in the time of one; one where measurements, which every seed adds to, are what takes the time. */
function freeSeeds(machine: Machine, mode: 'quick' | 'full'): number[] {
  const free = machine.software ? Math.min(availableParallelism(), freeOnHardware) : freeOnHardware
  return Array.from({ length: mode === 'full' ? 1 : free }, (_, i) => i + 1)
}

function pickEpochs(rates: Rates, draft: Draft): number {
  const fits = (epochs: number) => epochs * stepsPerEpoch(draft) * rates.step <= quick.seconds * quick.training
  return epochTiers.find(fits) ?? epochTiers.at(-1)!
}

/** The finest sampling that leaves time for enough measurements, then as many of them as fit. */
function pickQuick(rates: Rates, draft: Draft, seconds: number): Sampling & { measurements: number } {
  const cost = (sampling: Sampling) => measurementSeconds(rates, draft, sampling)
  const candidates = tiers.map((tier) => given(draft, tier))
  const least = countOf(draft) ?? quick.leastMeasurements
  const sampling = candidates.findLast((tier) => (least + 1) * cost(tier) <= seconds) ?? candidates[0]
  const most = Math.floor(seconds / cost(sampling)) - 1
  const measurements = countOf(draft) ?? measurementTiers.find((n) => n <= most) ?? measurementTiers.at(-1)!
  return { ...sampling, measurements }
}

function pickFull(rates: Rates, draft: Draft): Sampling & { measurements: number } {
  const measurements = countOf(draft) ?? measurementTiers[0]
  const candidates = tiers.slice(full.coarsest).map((tier) => given(draft, tier))
  const fits = (tier: Sampling) => (measurements + 1) * measurementSeconds(rates, draft, tier) <= full.measuring
  return { ...(candidates.findLast(fits) ?? candidates[0]), measurements }
}

/** The tier with the draft's own values in it; what it leaves open is made to fit them. */
function given({ measurement }: Draft, tier: Sampling): Sampling {
  const value = (key: Counts) => (measurement[key] === 'auto' ? tier[key] : measurement[key])
  const batches = value('batches')
  const multiple = (n: number) => Math.max(1, Math.round(n / batches)) * batches
  const fit = (key: Counts) => (measurement[key] === 'auto' ? multiple(tier[key]) : measurement[key])
  const own = fit('ownReplicas')
  const replicas = measurement.replicas === 'auto' ? Math.min(fit('replicas'), own) : measurement.replicas
  const ownReplicas = measurement.ownReplicas === 'auto' ? Math.max(own, replicas) : own
  return { replicas, ownReplicas, batches, queries: value('queries') }
}

function countOf({ measurement }: Draft): number | null {
  if (measurement.epochs) return measurement.epochs.length
  return measurement.count === 'auto' ? null : measurement.count
}

function stepsPerEpoch({ training }: Draft): number {
  return Math.ceil(training.trainCount / training.batchSize)
}

/** All seeds measured once. */
function measurementSeconds(
  rates: Rates,
  { seeds, data, network, measurement, clustering }: Draft,
  sampling: Sampling,
): number {
  const m = data.count
  const monitoring = seeds.length * monitoringSeconds(network, Math.min(m, clustering.inputs), clustering.pairs)
  if (!estimates({ data, network, measurement })) return monitoring
  const { replicas, ownReplicas, batches, queries } = sampling
  const pairs = m * batches * queries * m * replicas * expectedPairs
  const points = m * (replicas + batches * queries) * measurement.layers.length
  return monitoring + seeds.length * (m * ownReplicas * rates.replica + pairs * rates.pair + points * hostSeconds)
}

/** One network looked at once. */
function monitoringSeconds(network: NetworkSpec, inputs: number, pairs = 1024): number {
  const width = layerTable(network).reduce((sum, one) => sum + one.width, 0)
  const paired = Math.min(inputs, pairs) ** 2 / 2
  const { input, number, pairNumber } = clusteringSeconds
  return inputs * (input + width * number) + paired * width * pairNumber
}

/** Whether any layer can be estimated. */
function estimates({ data, network, measurement }: Pick<Draft, 'data' | 'network' | 'measurement'>): boolean {
  const options = { ...measurement, replicas: 64 } as MeasurementOptions
  return measurement.layers.some((layer) => reasonNotEstimated({ data, network, options }, layer) === null)
}

async function measureRates(machine: Machine, draft: Draft): Promise<Rates> {
  machine.release()
  const long = trainingPath(machine, draft).path === 'per-layer'
  const { seeds, data, network, training } = long ? shortened(draft) : draft
  const setup = { data, network, training: { ...training, epochs: 1 } }
  const together = Math.min(seeds.length, networksAtOnce(machine, setup))
  const trainer = await Trainer.create(machine, { ...setup, seeds: seeds.slice(0, together) })
  const rounds = Math.ceil(seeds.length / together)
  const step = (rounds * (await secondsOf(() => trainEpoch(trainer), long ? 1 : 3))) / trainer.stepsPerEpoch
  const evaluation = long ? (await secondsOf(() => trainer.evaluate(), 1)) / data.count : 0
  machine.release()
  if (!estimates(draft)) return { step, evaluation, replica: 0, pair: 0 }
  // sums of a sample of X cost what sums of all of X cost, about
  const summed = { ...draft, data: { ...draft.data, enumerated: true } }
  const replica = await replicaSeconds(machine, summed, 1024)
  const pair = await pairSeconds(machine, summed)
  machine.release()
  return { step, evaluation, replica, pair }
}

/** A few steps of training, and the inputs that they take. */
function shortened(draft: Draft): Draft {
  const { batchSize, trainCount } = draft.training
  const inputs = Math.min(trainCount, fewSteps * batchSize)
  const training = { ...draft.training, trainCount: inputs }
  return { ...draft, data: firstInputs(draft.data, inputs), training }
}

async function trainEpoch(trainer: Trainer): Promise<void> {
  trainer.startEpochs(1)
  await trainer.finish()
}

/** What further own replicas of few inputs add: what a measurement takes whatever its size drops out. */
async function replicaSeconds(machine: Machine, draft: Draft, inputs: number): Promise<number> {
  const [few, many] = [64, 512]
  const seconds = (ownReplicas: number) =>
    smallMeasurement(machine, draft, inputs, { replicas: 8, ownReplicas, batches: 8, queries: 1 })
  const less = await seconds(few)
  return Math.max(0, (await seconds(many)) - less) / (inputs * (many - few))
}

/** What further inputs add where nothing is skipped and own replicas are few: pairs, above all. */
async function pairSeconds(machine: Machine, draft: Draft): Promise<number> {
  const counts = { replicas: 8, ownReplicas: 8, batches: 8, queries: 1 }
  const measurement = { ...draft.measurement, layers: draft.measurement.layers.slice(-1), tolerance: 0 }
  const [few, many] = [256, 1024].map((inputs) => Math.min(inputs, draft.data.count))
  const seconds = (inputs: number) => smallMeasurement(machine, { ...draft, measurement }, inputs, counts)
  const less = many > few ? await seconds(few) : 0
  const pairs = (inputs: number) => inputs * counts.batches * inputs * counts.replicas
  return Math.max(0, (await seconds(many)) - less) / (pairs(many) - (many > few ? pairs(few) : 0))
}

async function smallMeasurement(machine: Machine, draft: Draft, inputs: number, counts: Sampling): Promise<number> {
  const {
    seeds: [seed],
    network,
  } = draft
  const data = firstInputs(draft.data, inputs)
  const training = { ...draft.training, epochs: 1, trainCount: Math.min(draft.training.trainCount, data.count) }
  machine.release()
  await Trainer.create(machine, { seeds: [seed], data, network, training })
  const options = { ...draft.measurement, ...counts }
  const measurer = await Measurer.create(machine, { seed, data, network, options, buffers: shared })
  return secondsOf(() => measurer.measure(0), 2)
}

function firstInputs(data: DataSet, count: number): DataSet {
  if (data.count <= count) return data
  return { ...data, count, inputs: data.inputs.slice(0, count * data.width), labels: data.labels.slice(0, count) }
}

/** The shortest of a few runs, after one that warms up. */
async function secondsOf(work: () => Promise<unknown>, times: number): Promise<number> {
  await work()
  let best = Infinity
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await work()
    best = Math.min(best, (performance.now() - start) / 1000)
  }
  return best
}
