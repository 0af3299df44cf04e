/**
 * Trains networks that differ by their seeds alone. Small ones take the fused path, a whole epoch of all of them in one dispatch
 * or several (train-steps); a larger one trains alone, a step at a time, one dispatch a layer. Both draw the same noise. What differs from step to step (batch, noise, Adam's corrections) is
 * read from a schedule uploaded an epoch ahead, and nothing is read back while training goes on.
 */
import { split } from '../data/split.js'
import type { DataSet } from '../data/dataset.js'
import { adam } from '../kernels/adam.js'
import { beginStep } from '../kernels/begin-step.js'
import { crossEntropyForward } from '../kernels/cross-entropy-forward.js'
import { gatherRows } from '../kernels/gather-rows.js'
import { packSteps, stepWords, type Step } from '../kernels/step.js'
import { trainConstants, trainSteps } from '../kernels/train-steps.js'
import { permutation, streams as orders } from '../math/shuffle.js'
import { onlyActivation, type NetworkSpec } from '../network/network.js'
import { initialParameters, parameterLayout } from '../network/parameters.js'
import {
  backwardBuffers,
  backwardCommands,
  forwardBuffers,
  forwardCommands,
  isNoisy,
  outputOf,
  streams,
  type Pass,
} from '../network/plans.js'
import { dispatch, type Machine, type Plan } from '../plan.js'
import type { TrainingOptions } from './options.js'

export interface TrainingSetup {
  /** One network each: its initialisation, split, order and noise. */
  seeds: readonly number[]
  data: DataSet
  network: NetworkSpec
  training: TrainingOptions
}

/** Noiseless losses (nats, mean over inputs) and accuracies; null where the set is empty. */
export interface Evaluation {
  trainLoss: number | null
  testLoss: number | null
  trainAccuracy: number | null
  testAccuracy: number | null
}

/** Buffers that others may read: all inputs (count x width), their labels, and the selected network's parameters. */
export const shared = { inputs: 'inputs', labels: 'labels', parameters: 'parameters' } as const

export class Trainer {
  /** Epochs done. */
  epoch = 0
  readonly #machine: Machine
  readonly #setup: TrainingSetup
  /** Rows to train and to test on, of each network. */
  readonly #splits: { train: Uint32Array; test: Uint32Array }[]
  /** fused: an epoch or several in one dispatch; per-layer: a step in some forty. */
  readonly path: 'fused' | 'per-layer'
  /** Training for one epoch, and for as many as one dispatch takes: a plan, so many times over. */
  readonly #plans: { epochs: number; plan: Plan; times: number }[]
  readonly #evaluation: Plan

  private constructor(machine: Machine, setup: TrainingSetup, path?: Trainer['path']) {
    const { data, training, seeds } = setup
    this.#machine = machine
    this.#setup = setup
    this.#splits = seeds.map((seed) => split(data.count, training.trainCount, seed))
    this.path = path ?? trainingPath(machine, setup).path
    if (this.path === 'per-layer' && seeds.length > 1) throw new Error(`${seeds.length} networks, one dispatch a layer`)
    const steps = this.stepsPerEpoch
    this.#plans =
      this.path === 'fused'
        ? epochCounts(machine, setup).map((epochs) => ({ epochs, plan: fusedEpochs(setup, epochs, machine), times: 1 }))
        : [{ epochs: 1, plan: trainingStep(setup), times: steps }]
    this.#evaluation = evaluation(setup)
  }

  /** Makes buffers and pipelines and initialises the networks; `path` overrides the choice between the two. */
  static async create(machine: Machine, setup: TrainingSetup, path?: Trainer['path']): Promise<Trainer> {
    const { data, network, seeds } = setup
    const trainer = new Trainer(machine, setup, path)
    const most = Math.max(...trainer.#plans.map(({ epochs }) => epochs))
    machine.allocate(trainingBuffers(setup, most))
    machine.write(shared.inputs, data.inputs)
    machine.write(shared.labels, data.labels)
    seeds.forEach((seed, k) => {
      const parameters = initialParameters(network, seed)
      machine.write('train.parameters', parameters, k * parameters.length)
    })
    trainer.select(0)
    for (const { plan } of trainer.#plans) await machine.prepare(plan)
    await machine.prepare(trainer.#evaluation)
    return trainer
  }

  get stepsPerEpoch(): number {
    const { trainCount, batchSize } = this.#setup.training
    return Math.ceil(trainCount / batchSize)
  }

  /** Starts so many epochs more of every network: each in a new order, the last partial batch kept. Returns at once. */
  startEpochs(count: number): void {
    for (let left = count; left > 0;) {
      const { epochs, plan, times } = this.#plans.findLast((one) => one.epochs <= left)!
      this.#machine.write('train.order', this.#orders(epochs))
      const steps = this.#setup.seeds.flatMap((seed) => this.schedule(seed, epochs))
      this.#machine.write('train.schedule', packSteps(steps))
      this.#machine.write('train.cursor', Uint32Array.of(0))
      this.#machine.run(plan, times)
      this.epoch += epochs
      left -= epochs
    }
  }

  /** Of each network, the rows of the coming epochs, one epoch after the other. */
  #orders(epochs: number): Uint32Array {
    const { trainCount } = this.#setup.training
    const all = new Uint32Array(this.#splits.length * epochs * trainCount)
    this.#splits.forEach(({ train }, k) => {
      for (let e = 0; e < epochs; e++) {
        const order = permutation(trainCount, this.#setup.seeds[k], orders.order, this.epoch + e)
        const from = (k * epochs + e) * trainCount
        for (let i = 0; i < trainCount; i++) all[from + i] = train[order[i]]
      }
    })
    return all
  }

  /** The steps of the coming epochs of the network of that seed. */
  schedule(seed: number, epochs = 1): Step[] {
    const { trainCount, batchSize, learningRate, beta1, beta2 } = this.#setup.training
    return Array.from({ length: epochs * this.stepsPerEpoch }, (_, i) => {
      const [epoch, batch] = [Math.floor(i / this.stepsPerEpoch), i % this.stepsPerEpoch]
      const noiseStep = this.epoch * this.stepsPerEpoch + i
      const t = noiseStep + 1
      return {
        seed,
        noiseStep,
        batchStart: epoch * trainCount + batch * batchSize,
        rows: Math.min(batchSize, trainCount - batch * batchSize),
        stepSize: learningRate / (1 - beta1 ** t),
        correction: Math.sqrt(1 - beta2 ** t),
      }
    })
  }

  /** Makes the network, by its place among the seeds, the one whose parameters others read. */
  select(network: number): void {
    const { count } = parameterLayout(this.#setup.network)
    this.#machine.copy('train.parameters', network * count, shared.parameters, 0, count)
  }

  /** Noiseless loss and accuracy of a network over its training and its test set; waits for the work before it. */
  async evaluate(network = 0): Promise<Evaluation> {
    const { train, test } = this.#splits[network]
    this.select(network)
    this.#machine.run(this.#evaluation)
    const loss = await this.#machine.read('evaluate.loss')
    const correct = await this.#machine.read('evaluate.correct')
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
    const { count } = parameterLayout(this.#setup.network)
    return (await this.#machine.read('train.parameters', network * count, count)) as Float32Array
  }

  /** S_l of every input (count x width) in a network's pass without noise. */
  async activations(layer: number, network = 0): Promise<Float32Array> {
    this.select(network)
    this.#machine.run(this.#evaluation)
    return (await this.#machine.read(outputOf(evaluationPass(this.#setup), layer))) as Float32Array
  }

  finish(): Promise<void> {
    return this.#machine.finish()
  }
}

function trainingPass({ network, training }: TrainingSetup): Pass {
  const draw = { stream: streams.trainingNoise, step: 'train.step' }
  return { network, prefix: 'train', rows: training.batchSize, parameters: 'train.parameters', draw }
}

function evaluationPass({ network, data }: TrainingSetup): Pass {
  return { network, prefix: 'evaluate', rows: data.count, parameters: shared.parameters, draw: null }
}

/** Parameters up to which a network trains in one workgroup. */
const fusedParameters = 1024

/** Rows of all networks' orders, and networks, that one dispatch of an epoch takes: some 200 ms of work at most. */
const fusedRows = { software: 2 ** 18, hardware: 2 ** 24 }

/** How many networks train at once: as many as a dispatch takes on the fused path, else one. */
export function networksAtOnce(machine: Machine, setup: Omit<TrainingSetup, 'seeds'>): number {
  if (trainingPath(machine, setup).path === 'per-layer') return 1
  const rows = machine.software ? fusedRows.software : fusedRows.hardware
  return Math.max(1, Math.floor(rows / setup.training.trainCount))
}

/** Epochs that one dispatch takes: one, and so many that it is still short. */
function epochCounts(machine: Machine, setup: TrainingSetup): number[] {
  const most = Math.floor((machine.software ? fusedRows.software : fusedRows.hardware) / 2)
  const several = Math.min(16, Math.floor(most / (setup.seeds.length * setup.training.trainCount)))
  return several > 1 ? [1, several] : [1]
}

/** Which path a network trains on, and why. */
export function trainingPath(
  machine: Machine,
  { network }: Pick<TrainingSetup, 'network'>,
): { path: 'fused' | 'per-layer'; why: string } {
  const { count } = parameterLayout(network)
  if (showsKernels(machine)) return { path: 'per-layer', why: `kernels up to ${machine.from} are references` }
  if (onlyActivation(network) === null) return { path: 'per-layer', why: 'its layers have several activations' }
  const fits = count <= fusedParameters
  const why = `${count} parameters ${fits ? 'fit' : 'do not fit'} a workgroup, which holds ${fusedParameters}`
  return { path: fits ? 'fused' : 'per-layer', why }
}

/** Whether training must be in commands of one kernel each: the fused path would hide the one that is looked for. */
function showsKernels({ from }: Machine): boolean {
  return from !== undefined && from !== trainSteps.name
}

/** So many epochs of training of all networks as a plan of one command. */
function fusedEpochs(setup: TrainingSetup, epochs: number, { software }: Machine): Plan {
  const { network, training, seeds } = setup
  const pass = trainingPass(setup)
  const layers = parameterLayout(network).layers.map(({ inputs, outputs, weightsAt, biasAt }, l) => {
    const linear = network.layers[l].activation === 'linear'
    return { inputs, outputs, weights_at: weightsAt, bias_at: biasAt, linear, noisy: isNoisy(pass, l + 1) }
  })
  const draw = { noise_std: network.noiseStd, stream: streams.trainingNoise }
  const { trainCount, batchSize } = training
  const steps = epochs * Math.ceil(trainCount / batchSize)
  const sizes = { networks: seeds.length, steps, order_length: epochs * trainCount }
  const data = { order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const moments = { first: 'train.first', second: 'train.second', parameters: 'train.parameters' }
  const names = { schedule: 'train.schedule', ...data, ...moments }
  const constants = trainConstants(layers, onlyActivation(network)!, software ? fusedParameters : 64)
  return [dispatch(trainSteps, { ...sizes, ...draw, ...adamRates(training) }, names, constants)]
}

function adamRates({ beta1, beta2, epsilon }: TrainingOptions) {
  return { beta1, beta2, one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - beta2, epsilon, weight_decay: 0 }
}

/** One step of training as a plan. */
export function trainingStep(setup: TrainingSetup): Plan {
  const { network, data, training } = setup
  const pass = trainingPass(setup)
  const { count } = parameterLayout(network)
  const step = 'train.step'
  const rows = { step, order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const batch = { batch: 'train.batch', batch_labels: 'train.labels' }
  const names = { input: 'train.batch', labels: 'train.labels', gradients: 'train.gradients', step }
  const moments = { first: 'train.first', second: 'train.second', parameters: 'train.parameters' }
  const opening = { schedule: 'train.schedule', cursor: 'train.cursor', step, gradients: names.gradients }
  return [
    dispatch(beginStep, { count }, opening),
    dispatch(gatherRows, { rows: training.batchSize, width: data.width }, { ...rows, ...batch }),
    ...forwardCommands(pass, 'train.batch'),
    ...backwardCommands(pass, names),
    dispatch(adam, { count, ...adamRates(training) }, { step, gradients: names.gradients, ...moments }),
  ]
}

function evaluation(setup: TrainingSetup): Plan {
  const pass = evaluationPass(setup)
  const classes = setup.data.classes
  const logits = outputOf(pass, setup.network.layers.length)
  const results = { loss: 'evaluate.loss', correct: 'evaluate.correct' }
  return [
    ...forwardCommands(pass, shared.inputs),
    dispatch(crossEntropyForward, { rows: setup.data.count, classes }, { logits, labels: shared.labels, ...results }),
  ]
}

/** `epochs`: the most that a dispatch takes. */
function trainingBuffers(setup: TrainingSetup, epochs: number) {
  const { data, network, training, seeds } = setup
  const { count } = parameterLayout(network)
  const n = seeds.length
  const steps = Math.ceil(training.trainCount / training.batchSize)
  const f32 = (length: number) => ({ type: 'f32', length }) as const
  const u32 = (length: number) => ({ type: 'u32', length }) as const
  const [train, all] = [trainingPass(setup), evaluationPass(setup)]
  const last = network.layers.length
  return {
    [shared.inputs]: f32(data.count * data.width),
    [shared.labels]: u32(data.count),
    [shared.parameters]: f32(count),
    'train.parameters': f32(n * count),
    'train.order': u32(n * epochs * training.trainCount),
    'train.schedule': u32(n * epochs * steps * stepWords),
    'train.cursor': u32(1),
    'train.step': u32(stepWords),
    'train.batch': f32(training.batchSize * data.width),
    'train.labels': u32(training.batchSize),
    'train.gradients': f32(count),
    'train.first': f32(n * count),
    'train.second': f32(n * count),
    ...forwardBuffers(train, 1, last),
    ...backwardBuffers(train),
    ...forwardBuffers(all, 1, last),
    'evaluate.loss': f32(data.count),
    'evaluate.correct': u32(data.count),
  }
}
