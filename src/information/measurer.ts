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
import { informationRow } from './information-row.js'
import type { KernelSums } from './jackknife.js'
import type { MeasurementOptions } from './options.js'
import { othersRounding, ownRounding } from './rounding.js'
import { buffersOf, centersOf, chunkCommands, chunkInputs, cleanCommands, lowestNoisyLayer } from './sampling.js'
import { measurementStep, queriesPerInput, samplingBuffers, widthOf } from './sampling.js'
import { addWarnings } from './warnings.js'
import { nearTilesOnHost, sortTiles, type Boxes } from './near.js'
import { boxesOf, centerBatches, keptBuffer, listBuffer, othersWork, ownSums, scaleOf } from './summing.js'
import { skipThreshold, summingBuffers, sumsOf, type OthersWork, type SummingSetup } from './summing.js'

export interface MeasuredNetwork {
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
  readonly #setup: SummingSetup
  readonly #classCounts: Float64Array
  #sampling: Plan[] = []
  #others = new Map<number, OthersWork>()

  private constructor(machine: Machine, measured: MeasuredNetwork) {
    const { seed, network, options, data, buffers } = measured
    this.#machine = machine
    this.#measured = measured
    this.#setup = {
      ...{ seed, network, options, inputs: data.count, labelBuffer: buffers.labels },
      ...{ inputBuffer: buffers.inputs, parameterBuffer: buffers.parameters },
      pairsPerDispatch: machine.software ? 2 ** 26 : 2 ** 34,
    }
    this.#classCounts = new Float64Array(data.classes)
    for (const label of data.labels) this.#classCounts[label]++
  }

  /** Makes buffers and pipelines. A network without noise has nothing to estimate and gets none. */
  static async create(machine: Machine, measured: MeasuredNetwork): Promise<Measurer> {
    check(measured)
    const measurer = new Measurer(machine, measured)
    if (measured.network.noiseStd === 0) return measurer
    const setup = measurer.#setup
    machine.allocate({ ...samplingBuffers(setup), ...summingBuffers(setup) })
    measurer.#sampling = samplingPlans(setup)
    measurer.#others = new Map(setup.options.layers.map((layer) => [layer, othersWork(setup, layer)]))
    for (const plan of measurer.#sampling) await machine.prepare(plan)
    for (const { boxes, chunks } of measurer.#others.values()) {
      await machine.prepare(boxes)
      for (const { tests, sums } of chunks) {
        if (!machine.software) await machine.prepare(tests)
        await machine.prepare(sums)
      }
    }
    return measurer
  }

  /** One row a layer, with the current weights; `number` numbers the measurement's noise draw. */
  async measure(epoch: number, number = epoch): Promise<InformationRow[]> {
    const { seed, network, data, options } = this.#measured
    const about = { seed, epoch, data, network, options }
    if (network.noiseStd === 0) return options.layers.map((layer) => informationRow(about, layer, null))
    const rows: InformationRow[] = []
    let start = performance.now()
    this.#draw(number)
    await this.#machine.finish()
    const sampling = (performance.now() - start) / 1000 / options.layers.length
    for (const layer of options.layers) {
      start = performance.now()
      const skipped = await this.#sumOthers(layer)
      const read = await this.#read(layer, skipped)
      const row = informationRow(about, layer, read)
      rows.push({ ...row, seconds: sampling + (performance.now() - start) / 1000 })
    }
    addWarnings(rows)
    return rows
  }

  /** The samples that the last measurement drew: `replicas` (at most R) of every input, one table of rows a layer. */
  async activations(epoch: number, replicas: number): Promise<ActivationRows[]> {
    const tables: ActivationRows[] = []
    for (const layer of this.#measured.options.layers) tables.push(await this.#activations(layer, epoch, replicas))
    return tables
  }

  #draw(number: number): void {
    const step = { noiseStep: number, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }
    this.#machine.write(measurementStep, packSteps([step]))
    for (const plan of this.#sampling) this.#machine.run(plan)
  }

  /** Starts the sums over other inputs; returns the bounds on what was skipped. The lists are made where that is faster. */
  async #sumOthers(layer: number): Promise<ArrayLike<number>> {
    const machine = this.#machine
    const { boxes, chunks } = this.#others.get(layer)!
    machine.run(boxes)
    if (!machine.software) {
      for (const { tests, sums } of chunks) {
        machine.run(tests)
        machine.run(sums)
      }
      return machine.read(sumsOf(layer).skipped)
    }
    const read = await this.#boxes(layer)
    const sorted = sortTiles(read, Math.max(...chunks.map((chunk) => chunk.count)))
    const skipped = new Float64Array(this.#setup.inputs)
    for (const { first, count, sums } of chunks) {
      const near = nearTilesOnHost(read, sorted, first, count)
      skipped.set(near.skipped, first)
      machine.write(listBuffer, near.list)
      machine.write(keptBuffer, near.kept)
      machine.run(sums)
    }
    return skipped
  }

  async #boxes(layer: number): Promise<Boxes> {
    const { tiles, blocks, reach } = boxesOf(layer)
    return {
      dimension: widthOf(this.#setup, layer),
      tiles: await this.#machine.read(tiles),
      blocks: await this.#machine.read(blocks),
      reach: await this.#machine.read(reach),
      labels: this.#measured.data.labels,
      scale: scaleOf(this.#measured.network.noiseStd),
      threshold: skipThreshold(this.#setup, layer),
    }
  }

  async #read(layer: number, skipped: ArrayLike<number>): Promise<{ sums: KernelSums; skipped: ArrayLike<number> }> {
    const { data, network, options } = this.#measured
    const { own, others } = sumsOf(layer)
    const batched = layer > lowestNoisyLayer
    const queries = data.count * queriesPerInput(this.#setup)
    const ofOthers = await this.#machine.read(others)
    const centers = { ownReplicas: batched ? options.ownReplicas : 1, replicas: batched ? options.replicas : 1 }
    const dimension = widthOf(this.#setup, layer)
    const share = centers.replicas / centerBatches(this.#setup, layer)
    const sums: KernelSums = {
      ...{ inputs: data.count, batches: options.batches, queriesPerBatch: options.queries, dimension },
      ...{ noiseStd: network.noiseStd, ...centers, batchedCenters: batched },
      own: batched ? await this.#machine.read(own) : new Float32Array(queries).fill(1),
      others: ofOthers,
      noiseEnergy: energies(await this.#machine.read(buffersOf(layer).queryZ), dimension, network.noiseStd),
      labelProbability: (input) => this.#classCounts[data.labels[input]] / data.count,
      ownRounding: batched ? ownRounding(dimension, centers.ownReplicas / options.batches) : 0,
      othersRounding: othersRounding(dimension, data.count, share),
    }
    return { sums, skipped }
  }

  async #activations(layer: number, epoch: number, replicas: number): Promise<ActivationRows> {
    const { seed, data, options } = this.#measured
    const batched = layer > lowestNoisyLayer
    const width = widthOf(this.#setup, layer)
    const drawn = batched ? options.replicas : 1
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
    return { seed, epoch, layer, width, count, ...rows, s }
  }
}

/** From this width on the sums would need (peak, mass) pairs, which they do not have yet. */
const tooWide = 64

function check({ network, options }: MeasuredNetwork): void {
  const { layers, batches, replicas, ownReplicas } = options
  const hidden = network.layers.length - 1
  layers.forEach((layer, i) => {
    const fine = Number.isInteger(layer) && layer >= 1 && layer <= hidden && (i === 0 || layer > layers[i - 1])
    if (!fine)
      throw new InputError(`measurement.layers: ${layers.join(', ')} are not ascending hidden layers, 1 to ${hidden}`)
    const { width } = network.layers[layer - 1]
    if (width >= tooWide)
      throw new InputError(
        `measurement.layers: layer ${layer} is ${width} wide; the estimator takes up to ${tooWide - 1}`,
      )
  })
  for (const [name, value] of Object.entries({ replicas, ownReplicas })) {
    if (value % batches !== 0)
      throw new InputError(`measurement.${name}: ${value} is not a multiple of batches, ${batches}`)
  }
  if (ownReplicas < replicas)
    throw new InputError(`measurement.ownReplicas: ${ownReplicas} is below replicas, ${replicas}`)
  if (batches < 2) throw new InputError(`measurement.batches: ${batches} is not >= 2, which an interval needs`)
}

/** The clean pass, then own replicas and their sums chunk by chunk. */
function samplingPlans(setup: SummingSetup): Plan[] {
  const plans: Plan[] = [cleanCommands(setup)]
  if (Math.max(...setup.options.layers) <= lowestNoisyLayer) return plans
  const size = chunkInputs(setup)
  for (let first = 0; first < setup.inputs; first += size) {
    const count = Math.min(size, setup.inputs - first)
    plans.push([...chunkCommands(setup, first, count), ...ownSums(setup, first, count)])
  }
  return plans
}

/** |z|^2 / 2 beta^2 of every query. */
function energies(z: ArrayLike<number>, dimension: number, noiseStd: number): Float64Array {
  const energy = new Float64Array(z.length / dimension)
  for (let i = 0; i < z.length; i++) energy[Math.floor(i / dimension)] += z[i] ** 2
  return energy.map((sum) => sum / (2 * noiseStd ** 2))
}
