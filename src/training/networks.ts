/**
 * Networks that differ by their seeds alone, at one moment: their weights on the device, evaluated and looked at. A Trainer is one whose
 * weights come from training; Loaded has them from elsewhere.
 */
import { split, type Split } from '../data/split.js'
import { parameterLayout } from '../network/parameters.js'
import type { BufferSpec, Machine } from '../plan.js'
import type { Tensor } from '../tables/rows.js'
import { Evaluator } from './evaluation.js'
import { settled } from './options.js'
import { shared, type TrainingSetup } from './setup.js'

/** Losses (nats for cross-entropy; mean over inputs) and accuracies without noise; null where the set is empty. */
export interface Evaluation {
  trainLoss: number | null
  testLoss: number | null
  trainAccuracy: number | null
  testAccuracy: number | null
}

/** How far to go at a time. */
export interface Stretch {
  signal?: AbortSignal
  /** Hears of epochs on the way. */
  tell?: (epoch: number) => void
  /** Wall-clock time after which to stop, wherever that is. */
  seconds?: number
}

export abstract class Networks {
  /** Epochs that the weights have been trained for. */
  epoch = 0
  /** Steps of the next epoch that they have been trained for as well. */
  steps = 0
  protected readonly machine: Machine
  protected readonly setup: TrainingSetup
  /** Rows to train and to test on, of each network. */
  protected readonly splits: Split[]
  #evaluator!: Evaluator

  protected constructor(machine: Machine, setup: TrainingSetup) {
    const { data, training, seeds } = setup
    this.machine = machine
    this.setup = setup
    this.splits = seeds.map((seed) => split(data.count, training.trainCount, seed, data))
  }

  get seeds(): readonly number[] {
    return this.setup.seeds
  }

  /** Makes the network, by its place among the seeds, the one whose parameters others read. */
  select(network: number): void {
    const { count } = parameterLayout(this.setup.network)
    this.machine.copy('train.parameters', network * count, shared.parameters, 0, count)
  }

  /** Loss and accuracy of a network without noise over its training and its test set; waits for the work before it. */
  async evaluate(network = 0): Promise<Evaluation> {
    const { train, test } = this.splits[network]
    this.select(network)
    const { loss, correct } = await this.#evaluator.losses()
    const mean = (values: ArrayLike<number>, rows: Uint32Array) =>
      rows.length ? rows.reduce((sum, row) => sum + values[row], 0) / rows.length : null
    return {
      trainLoss: mean(loss, train),
      testLoss: mean(loss, test),
      trainAccuracy: mean(correct, train),
      testAccuracy: mean(correct, test),
    }
  }

  /** A network's current parameters, laid out as parameterLayout says. */
  async parameters(network = 0): Promise<Float32Array> {
    const { count } = parameterLayout(this.setup.network)
    return (await this.machine.read('train.parameters', network * count, count)) as Float32Array
  }

  /** S_l of the inputs named, all by default (rows x width for each layer), in a network's pass without noise. */
  activations(layers: readonly number[], network = 0, inputs?: Uint32Array): Promise<Float32Array[]> {
    this.select(network)
    return this.#evaluator.activations(layers, inputs)
  }

  /** Brings all networks to that epoch, or not as far where the signal is aborted or the time is over. */
  abstract advance(epoch: number, stretch?: Stretch): Promise<void>

  /** All that networks of this setup go on from, beside epoch and steps: nothing, where weights come from elsewhere. */
  abstract state(): Promise<Tensor[]>

  finish(): Promise<void> {
    return this.machine.finish()
  }

  /** Buffers with the data in them, and what evaluates. */
  protected async begin(): Promise<void> {
    const { data, network, training } = this.setup
    this.machine.allocate(this.buffers())
    this.machine.write(shared.inputs, data.inputs)
    this.machine.write(shared.labels, data.labels)
    const { loss } = settled(training)
    this.#evaluator = await Evaluator.create(this.machine, { data, network, loss, buffers: shared })
  }

  protected buffers(): Record<string, BufferSpec> {
    const { data, network, seeds } = this.setup
    const { count } = parameterLayout(network)
    const lower = 'the widths of the layers'
    return {
      [shared.inputs]: { type: 'f32', length: data.count * data.width },
      [shared.labels]: { type: 'u32', length: data.count },
      [shared.parameters]: { type: 'f32', length: count, lower },
      'train.parameters': { type: 'f32', length: seeds.length * count, lower },
    }
  }
}

/** The weights of a seed's network after an epoch, laid out as parameterLayout says. */
export type WeightsAt = (seed: number, epoch: number) => Float32Array

/** Networks whose weights somebody has, at some epochs. */
export class Loaded extends Networks {
  readonly #weightsAt: WeightsAt

  private constructor(machine: Machine, setup: TrainingSetup, weightsAt: WeightsAt) {
    super(machine, setup)
    this.#weightsAt = weightsAt
  }

  static async create(machine: Machine, setup: TrainingSetup, weightsAt: WeightsAt, first: number): Promise<Loaded> {
    const loaded = new Loaded(machine, setup, weightsAt)
    await loaded.begin()
    await loaded.advance(first)
    return loaded
  }

  async advance(epoch: number): Promise<void> {
    this.seeds.forEach((seed, k) => {
      const parameters = this.#weightsAt(seed, epoch)
      this.machine.write('train.parameters', parameters, k * parameters.length)
    })
    this.epoch = epoch
    this.select(0)
    await this.finish()
  }

  state(): Promise<Tensor[]> {
    return Promise.resolve([])
  }
}
