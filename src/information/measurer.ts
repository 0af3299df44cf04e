/**
 * "How much does each layer still know about its input?" Draws fresh samples of every layer with the current weights, sums
 * Gaussian kernels between them, and turns the sums into rows. The only readbacks are the sums themselves.
 */
import { InputError } from '../errors.js'
import type { DataSet } from '../data/dataset.js'
import { packSteps } from '../kernels/step.js'
import type { NetworkSpec } from '../network/network.js'
import type { Machine, Plan } from '../plan.js'
import type { ActivationRows, InformationRow } from '../tables/rows.js'
import { informationRow, type About } from './information-row.js'
import { amplification, boundsFor } from './certificate.js'
import { noiseEnergies } from './host-samples.js'
import type { MeasurementOptions } from './options.js'
import type { RegularSums } from './regular-sums.js'
import { ownRounding, tileRounding } from './rounding.js'
import { reasonNotEstimated } from './not-estimated.js'
import { buffersOf, centersOf, chunkCommands, chunkInputs, cleanCommands, lowestNoisyLayer } from './sampling.js'
import {
  measurementStep,
  noiseStdOf,
  queriesPerInput,
  samplingBuffers,
  widthOf,
  type SamplingSetup,
} from './sampling.js'
import { centerBatches, othersSetup, ownSumBuffers, ownSumCommands, ownSumsOf } from './summing.js'
import { Summation, type Centers, type Queries, type Summed } from '../summation/summation.js'
import { sampledOptions, sampledRow } from './sampled.js'
import { addWarnings, withProcessing } from './warnings.js'

export interface MeasuredNetwork {
  /** Of the draws, unless a measurement says another. */
  seed: number
  data: DataSet
  network: NetworkSpec
  options: MeasurementOptions
  /** Buffers of the inputs, labels and current parameters. */
  buffers: { inputs: string; labels: string; parameters: string }
}

export class Measurer {
  readonly #machine: Machine
  readonly #measured: MeasuredNetwork
  readonly #setup: SamplingSetup
  #sampling: Plan[] = []
  /** Of the last measurement. */
  #seed: number
  #others = new Map<number, Summation>()

  private constructor(machine: Machine, measured: MeasuredNetwork) {
    const { network, options, data, buffers } = measured
    this.#machine = machine
    this.#measured = measured
    this.#seed = measured.seed
    const buffersUsed = { inputBuffer: buffers.inputs, parameterBuffer: buffers.parameters }
    const layers = options.layers.filter((layer) => reasonNotEstimated(measured, layer) === null)
    const drawn = data.enumerated ? options : sampledOptions(options, data.count)
    this.#setup = {
      network,
      options: { ...drawn, layers },
      inputs: data.count,
      ...buffersUsed,
      software: machine.software,
    }
  }

  /** Makes buffers and pipelines; none where no layer can be estimated. */
  static async create(machine: Machine, measured: MeasuredNetwork): Promise<Measurer> {
    check(measured)
    const measurer = new Measurer(machine, measured)
    const setup = measurer.#setup
    if (setup.options.layers.length === 0) return measurer
    const sampled = !measured.data.enumerated
    machine.allocate({ ...samplingBuffers(setup), ...(sampled ? {} : ownSumBuffers(setup)) })
    measurer.#sampling = samplingPlans(setup, sampled)
    const sum = async (layer: number) => {
      const summation = await Summation.create(machine, othersSetup(setup, layer), noiseStdOf(setup, layer))
      measurer.#others.set(layer, summation)
    }
    const sampling = measurer.#sampling.map((plan) => machine.prepare(plan))
    await Promise.all([...sampling, ...(sampled ? [] : setup.options.layers.map(sum))])
    return measurer
  }

  /** One row a layer, with the current weights; seed and number say which noise is drawn. */
  async measure(epoch: number, draw: { seed?: number; number?: number } = {}): Promise<InformationRow[]> {
    const { network, data, options } = this.#measured
    const { seed = this.#measured.seed, number = epoch } = draw
    this.#seed = seed
    const about = { seed, epoch, data, network, options }
    const estimated = new Set(this.#setup.options.layers)
    if (estimated.size === 0) return options.layers.map((layer) => informationRow(about, layer, null))
    const start = performance.now()
    this.#draw(seed, number)
    if (!data.enumerated) return this.#sampledRows(epoch, about)
    // side by side: the host lists and evaluates one layer while the device sums another
    const rows = await Promise.all(
      options.layers.map(async (layer) =>
        informationRow(about, layer, estimated.has(layer) ? await this.#sums(layer) : null),
      ),
    )
    const seconds = (performance.now() - start) / 1000 / rows.length
    addWarnings(rows)
    return rows.map((row) => ({ ...row, seconds }))
  }

  /** From the samples that infoflow estimate would be given: the inputs are a sample of X. */
  async #sampledRows(epoch: number, about: About): Promise<InformationRow[]> {
    const { options, data } = this.#measured
    const rows: InformationRow[] = []
    for (const layer of options.layers) {
      if (!this.#setup.options.layers.includes(layer)) rows.push(informationRow(about, layer, null))
      else {
        const samples = await this.#activations(layer, epoch, Infinity)
        const place = { inputs: data.count, noiseStd: noiseStdOf(this.#setup, layer) }
        rows.push(await sampledRow(this.#machine, samples, place, options))
      }
    }
    return withProcessing(rows)
  }

  /** The samples that the last measurement drew: `replicas` (at most R) of every input, one table of rows a layer. */
  async activations(epoch: number, replicas: number): Promise<ActivationRows[]> {
    const tables: ActivationRows[] = []
    for (const layer of this.#setup.options.layers) tables.push(await this.#activations(layer, epoch, replicas))
    return tables
  }

  #draw(seed: number, number: number): void {
    const step = { seed, noiseStep: number, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }
    this.#machine.write(measurementStep, packSteps([step]))
    for (const plan of this.#sampling) this.#machine.run(plan)
  }

  /** The kernel sums of a layer, and how much of them is missing at most. */
  async #sums(layer: number): Promise<{ sums: RegularSums; skipped: Float64Array; remainder: number }> {
    const { data, options } = this.#measured
    const batched = layer > lowestNoisyLayer(this.#setup)
    const noiseStd = noiseStdOf(this.#setup, layer)
    const [replicas, ownReplicas] = batched ? [options.replicas, options.ownReplicas] : [1, 1]
    const dimension = widthOf(this.#setup, layer)
    const noise = (await this.#machine.read(buffersOf(layer).queryZ)) as Float32Array
    const others = await this.#sumOthers(layer, noise, { replicas, ownReplicas })
    const sums: RegularSums = {
      ...{ inputs: data.count, batches: options.batches, queriesPerBatch: options.queries, dimension },
      ...{ noiseStd, ownReplicas, replicas, batchedCenters: batched },
      own: batched ? await this.#machine.read(ownSumsOf(layer)) : new Float32Array(noise.length / dimension).fill(1),
      others: others.sums,
      taken: others.taken,
      noiseEnergy: noiseEnergies(noise, dimension, noiseStd),
      labels: data.labels,
      ownRounding: batched ? ownRounding(dimension, ownReplicas / options.batches) : 0,
      othersRounding: tileRounding(dimension, others.additions),
    }
    return { sums, skipped: others.skipped.map((bound) => bound / replicas), remainder: others.remainder }
  }

  /** Each query against the shared replicas of all other inputs. */
  async #sumOthers(
    layer: number,
    noise: Float32Array,
    { replicas, ownReplicas }: { replicas: number; ownReplicas: number },
  ): Promise<Summed> {
    const { data, options } = this.#measured
    const columns = centerBatches(this.#setup, layer)
    const centers = (await this.#machine.read(centersOf(this.#setup, layer))) as Float32Array
    const standing = (await this.#machine.read(buffersOf(layer).queryS)) as Float32Array
    const amplified = amplification(columns, ownReplicas / replicas)
    // a center of the query's own input weighs R / K of one of another
    const weights = { ownWeight: replicas / ownReplicas, total: data.count * replicas }
    const share = replicas / columns
    return this.#others.get(layer)!.sum(
      {
        ...inputsOf<Centers>(data, replicas, centers),
        column: columnsOf(data.count * replicas, replicas, share),
        weight: null,
      },
      { ...inputsOf<Queries>(data, queriesPerInput(this.#setup), standing), noise },
      boundsFor(noiseStdOf(this.#setup, layer), options.tolerance, amplified, weights),
    )
  }

  async #activations(layer: number, epoch: number, replicas: number): Promise<ActivationRows> {
    const { data } = this.#measured
    const batched = layer > lowestNoisyLayer(this.#setup)
    const width = widthOf(this.#setup, layer)
    const drawn = batched ? this.#setup.options.replicas : 1
    const kept = Math.min(replicas, drawn)
    const all = await this.#machine.read(centersOf(this.#setup, layer))
    const count = data.count * kept
    const rows = { replica: new Uint32Array(count), x: new Uint32Array(count), y: new Uint32Array(count) }
    const s = new Float32Array(count * width)
    for (let row = 0; row < count; row++) {
      const [x, replica] = [Math.floor(row / kept), row % kept]
      rows.x[row] = x
      rows.y[row] = data.labels[x]
      rows.replica[row] = replica
      s.set(all.subarray((x * drawn + replica) * width, (x * drawn + replica + 1) * width), row * width)
    }
    return { seed: this.#seed, epoch, layer, width, count, ...rows, s }
  }
}

function check({ network, options }: MeasuredNetwork): void {
  const { layers, batches, replicas, ownReplicas } = options
  const hidden = network.layers.length - 1
  layers.forEach((layer, i) => {
    const fine = Number.isInteger(layer) && layer >= 1 && layer <= hidden && (i === 0 || layer > layers[i - 1])
    if (!fine)
      throw new InputError(`measurement.layers: ${layers.join(', ')} are not ascending hidden layers, 1 to ${hidden}`)
  })
  for (const [name, value] of Object.entries({ replicas, ownReplicas })) {
    if (value % batches !== 0)
      throw new InputError(`measurement.${name}: ${value} is not a multiple of batches, ${batches}`)
  }
  if (ownReplicas < replicas)
    throw new InputError(`measurement.ownReplicas: ${ownReplicas} is below replicas, ${replicas}`)
  if (batches < 2) throw new InputError(`measurement.batches: ${batches} is not >= 2, which an interval needs`)
}

/** The clean pass, then own replicas and, unless the samples themselves are wanted, their sums chunk by chunk. */
function samplingPlans(setup: SamplingSetup, sampled: boolean): Plan[] {
  const plans: Plan[] = [cleanCommands(setup)]
  if (Math.max(...setup.options.layers) <= lowestNoisyLayer(setup)) return plans
  const size = chunkInputs(setup)
  for (let first = 0; first < setup.inputs; first += size) {
    const count = Math.min(size, setup.inputs - first)
    plans.push([...chunkCommands(setup, first, count), ...(sampled ? [] : ownSumCommands(setup, first, count))])
  }
  return plans
}

/** The batch of each center: the first `share` of an input's replicas are the first, and so on. */
function columnsOf(count: number, replicas: number, share: number): Uint8Array {
  const columns = new Uint8Array(count)
  for (let i = 0; i < count; i++) columns[i] = Math.floor((i % replicas) / share)
  return columns
}

/** Input and label of each point, `each` of them for every input. */
function inputsOf<T extends Centers | Queries>({ labels, count }: DataSet, each: number, coordinates: Float32Array) {
  const [input, label] = [new Uint32Array(count * each), new Uint32Array(count * each)]
  for (let i = 0; i < input.length; i++) {
    input[i] = Math.floor(i / each)
    label[i] = labels[input[i]]
  }
  return { count: count * each, coordinates, input, label } satisfies Pick<
    T,
    'count' | 'coordinates' | 'input' | 'label'
  >
}
