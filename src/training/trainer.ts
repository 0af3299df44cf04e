/**
 * Trains networks that differ by their seeds alone, on either path (fused.ts). Both draw the same noise. What differs from step to step
 * (batch, noise, learning rate, Adam's corrections) is read from a schedule uploaded an epoch ahead, and nothing is read back while
 * training goes on.
 */
import { packSteps, stepWords, type Step } from '../kernels/step.js'
import { permutation, streams as orders } from '../math/shuffle.js'
import { initialParameters } from '../network/parameters.js'
import { lowering, type BufferSpec, type Machine, type Plan } from '../plan.js'
import type { Tensor } from '../tables/rows.js'
import { epochCounts, fusedEpochs, trainingPath, type TrainingPath } from './fused.js'
import { Networks, type Stretch } from './networks.js'
import { learningRateAt, settled } from './options.js'
import type { TrainingSetup } from './setup.js'
import { movedBuffer, movedCount, movedParameters, stepBuffers, trainingStep } from './step-plan.js'

/** Work started before the queue is waited for: short enough for Ctrl-C, long enough to keep the device busy. */
const secondsAhead = 0.25

/** What training goes on from: all that it left. */
export interface TrainingState {
  epoch: number
  steps: number
  networks: readonly Tensor[]
}

export interface TrainerOptions {
  /** Overrides the choice between the two. */
  path?: TrainingPath
  /** Instead of initial parameters. */
  from?: TrainingState
}

export class Trainer extends Networks {
  readonly path: TrainingPath
  /** Training for one epoch, and for as many as one dispatch takes: a plan, so many times over. */
  readonly #plans: { epochs: number; plan: Plan; times: number }[]

  private constructor(machine: Machine, setup: TrainingSetup, path?: TrainingPath) {
    super(machine, setup)
    const { seeds } = setup
    this.path = path ?? trainingPath(machine, setup).path
    if (this.path === 'per-layer' && seeds.length > 1) throw new Error(`${seeds.length} networks, one dispatch a layer`)
    this.#plans =
      this.path === 'fused'
        ? epochCounts(machine, setup).map((epochs) => ({ epochs, plan: fusedEpochs(setup, epochs, machine), times: 1 }))
        : [{ epochs: 1, plan: trainingStep(setup), times: this.stepsPerEpoch }]
  }

  /** Makes buffers and pipelines and initialises the networks. */
  static async create(machine: Machine, setup: TrainingSetup, { path, from }: TrainerOptions = {}): Promise<Trainer> {
    const trainer = new Trainer(machine, setup, path)
    const evaluator = trainer.begin()
    if (from) trainer.#restore(from)
    else trainer.#initialise()
    trainer.select(0)
    await Promise.all([evaluator, ...trainer.#plans.map(({ plan }) => machine.prepare(plan))])
    return trainer
  }

  #initialise(): void {
    const { network, training, seeds } = this.setup
    seeds.forEach((seed, k) => {
      const parameters = initialParameters(network, seed, settled(training).initialisation)
      this.machine.write('train.parameters', parameters, k * parameters.length)
      const moved = movedParameters(network, training, parameters)
      if (training.weightNorm) this.machine.write('train.moved', moved, k * moved.length)
    })
  }

  #restore({ epoch, steps, networks }: TrainingState): void {
    for (const { name, data } of networks) this.machine.write(name, data)
    this.epoch = epoch
    this.steps = steps
    if (steps > 0) this.#beginEpochs(1, steps)
  }

  async state(): Promise<Tensor[]> {
    const moved = this.setup.training.weightNorm ? [movedBuffer(this.setup.training)] : []
    const names = ['train.parameters', 'train.first', 'train.second', ...moved]
    const data = await Promise.all(names.map((name) => this.machine.read(name) as Promise<Float32Array>))
    return names.map((name, i) => ({ name, shape: [data[i].length], data: data[i] }))
  }

  get stepsPerEpoch(): number {
    const { trainCount, batchSize } = this.setup.training
    return Math.ceil(trainCount / batchSize)
  }

  /** Starts so many epochs more of every network: each in a new order, the last partial batch kept. Returns at once. */
  startEpochs(count: number): void {
    for (let left = count; left > 0;) {
      const { epochs, plan, times } = this.#plans.findLast((one) => one.epochs <= left)!
      this.#beginEpochs(epochs)
      this.machine.run(plan, times)
      this.epoch += epochs
      left -= epochs
    }
  }

  async advance(epoch: number, { signal, tell, seconds = Infinity }: Stretch = {}): Promise<void> {
    const end = performance.now() + 1000 * seconds
    let ahead = 1
    while (this.epoch < epoch && !signal?.aborted) {
      const start = performance.now()
      const count = this.path === 'fused' ? this.#startSome(ahead, epoch) : this.#startSteps(ahead, epoch)
      await this.finish()
      tell?.(this.epoch)
      if (performance.now() >= end) return
      ahead = Math.max(1, Math.round((count * secondsAhead * 1000) / (performance.now() - start)))
    }
  }

  /** At most so many epochs more, up to that one; how many. */
  #startSome(most: number, epoch: number): number {
    const count = Math.min(most, epoch - this.epoch)
    for (let i = 0; i < count; i++) this.startEpochs(1)
    return count
  }

  /** At most so many steps more, up to that epoch; how many. */
  #startSteps(most: number, epoch: number): number {
    const [{ plan }] = this.#plans
    let started = 0
    while (started < most && this.epoch < epoch) {
      if (this.steps === 0) this.#beginEpochs(1)
      const count = Math.min(most - started, this.stepsPerEpoch - this.steps)
      this.machine.run(plan, count)
      started += count
      this.steps = (this.steps + count) % this.stepsPerEpoch
      if (this.steps === 0) this.epoch++
    }
    return started
  }

  /** Order and schedule of the coming epochs; the first of their steps are done. */
  #beginEpochs(epochs: number, steps = 0): void {
    this.machine.write('train.order', this.#orders(epochs))
    const schedule = this.setup.seeds.flatMap((seed) => this.schedule(seed, epochs))
    this.machine.write('train.schedule', packSteps(schedule))
    if (this.path === 'per-layer') this.machine.write('train.cursor', Uint32Array.of(steps))
  }

  /** Of each network, the rows of the coming epochs, one epoch after the other. */
  #orders(epochs: number): Uint32Array {
    const { trainCount } = this.setup.training
    const all = new Uint32Array(this.splits.length * epochs * trainCount)
    this.splits.forEach(({ train }, k) => {
      for (let e = 0; e < epochs; e++) {
        const order = permutation(trainCount, this.setup.seeds[k], orders.order, this.epoch + e)
        const from = (k * epochs + e) * trainCount
        for (let i = 0; i < trainCount; i++) all[from + i] = train[order[i]]
      }
    })
    return all
  }

  /** The steps of the coming epochs of the network of that seed. */
  schedule(seed: number, epochs = 1): Step[] {
    const { training } = this.setup
    const { trainCount, batchSize, beta1, beta2, optimiser } = settled(training)
    return Array.from({ length: epochs * this.stepsPerEpoch }, (_, i) => {
      const [epoch, batch] = [Math.floor(i / this.stepsPerEpoch), i % this.stepsPerEpoch]
      const noiseStep = this.epoch * this.stepsPerEpoch + i
      const learningRate = learningRateAt(training, this.epoch + epoch)
      const t = noiseStep + 1
      return {
        seed,
        noiseStep,
        batchStart: epoch * trainCount + batch * batchSize,
        rows: Math.min(batchSize, trainCount - batch * batchSize),
        stepSize: optimiser === 'sgd' ? learningRate : learningRate / (1 - beta1 ** t),
        correction: optimiser === 'sgd' ? 1 : Math.sqrt(1 - beta2 ** t),
      }
    })
  }

  protected override buffers(): Record<string, BufferSpec> {
    const { network, training, seeds } = this.setup
    const moved = movedCount(network, training)
    const [n, most] = [seeds.length, Math.max(...this.#plans.map(({ epochs }) => epochs))]
    const lower = 'the number of seeds, or of inputs'
    const f32 = (length: number) => ({ type: 'f32', length, lower: 'the widths of the layers' }) as const
    const u32 = (length: number) => ({ type: 'u32', length, lower }) as const
    return {
      ...super.buffers(),
      'train.order': u32(n * most * training.trainCount),
      'train.schedule': u32(n * most * this.stepsPerEpoch * stepWords),
      'train.first': f32(n * moved),
      'train.second': f32(n * moved),
      ...(training.weightNorm ? { [movedBuffer(training)]: f32(n * moved) } : {}),
      ...(this.path === 'per-layer' ? lowering('training.batchSize', stepBuffers(this.setup)) : {}),
    }
  }
}
