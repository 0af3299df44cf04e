/**
 * Trains one network. A small one takes the fused path, a whole epoch in one dispatch (train-steps); a larger one takes a step at
 * a time, one dispatch a layer. Both draw the same noise. What differs from step to step (batch, noise, Adam's corrections) is
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
import { seedKey } from '../math/philox.js'
import { permutation, streams as orders } from '../math/shuffle.js'
import type { NetworkSpec } from '../network/network.js'
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
  seed: number
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

/** Buffers that others may read: all inputs (count x width), their labels, and the current parameters. */
export const shared = { inputs: 'inputs', labels: 'labels', parameters: 'parameters' } as const

export class Trainer {
  /** Epochs done. */
  epoch = 0
  readonly #machine: Machine
  readonly #setup: TrainingSetup
  readonly #train: Uint32Array
  readonly #test: Uint32Array
  /** fused: an epoch in one dispatch; per-layer: a step in some forty. */
  readonly path: 'fused' | 'per-layer'
  /** One epoch's training is this plan, so many times over. */
  readonly #plan: Plan
  readonly #times: number
  readonly #evaluation: Plan

  private constructor(machine: Machine, setup: TrainingSetup, path?: Trainer['path']) {
    const { data, training, seed } = setup
    this.#machine = machine
    this.#setup = setup
    const { train, test } = split(data.count, training.trainCount, seed)
    this.#train = train
    this.#test = test
    this.path = path ?? (fitsFused(setup) && !showsKernels(machine) ? 'fused' : 'per-layer')
    const steps = Math.ceil(train.length / training.batchSize)
    this.#plan = this.path === 'fused' ? fusedEpoch(setup, steps, machine.software) : trainingStep(setup)
    this.#times = this.path === 'fused' ? 1 : steps
    this.#evaluation = evaluation(setup)
  }

  /** Makes buffers and pipelines and initialises the network; `path` overrides the choice between the two. */
  static async create(machine: Machine, setup: TrainingSetup, path?: Trainer['path']): Promise<Trainer> {
    const { data, network, seed } = setup
    const trainer = new Trainer(machine, setup, path)
    machine.allocate(trainingBuffers(setup))
    machine.write(shared.inputs, data.inputs)
    machine.write(shared.labels, data.labels)
    machine.write(shared.parameters, initialParameters(network, seed))
    await machine.prepare(trainer.#plan)
    await machine.prepare(trainer.#evaluation)
    return trainer
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.#train.length / this.#setup.training.batchSize)
  }

  /** Starts one more epoch: a new order, the last partial batch kept. */
  startEpoch(): void {
    const order = permutation(this.#train.length, this.#setup.seed, orders.order, this.epoch)
    this.#machine.write(
      'train.order',
      order.map((i) => this.#train[i]),
    )
    this.#machine.write('train.schedule', packSteps(this.schedule()))
    this.#machine.write('train.cursor', Uint32Array.of(0))
    this.#machine.run(this.#plan, this.#times)
    this.epoch++
  }

  /** The steps of the coming epoch. */
  schedule(): Step[] {
    const { batchSize, learningRate, beta1, beta2 } = this.#setup.training
    return Array.from({ length: this.stepsPerEpoch }, (_, i) => {
      const noiseStep = this.epoch * this.stepsPerEpoch + i
      const t = noiseStep + 1
      return {
        noiseStep,
        batchStart: i * batchSize,
        rows: Math.min(batchSize, this.#train.length - i * batchSize),
        stepSize: learningRate / (1 - beta1 ** t),
        correction: Math.sqrt(1 - beta2 ** t),
      }
    })
  }

  /** Noiseless loss and accuracy over the training and the test set; waits for the work before it. */
  async evaluate(): Promise<Evaluation> {
    this.#machine.run(this.#evaluation)
    const loss = await this.#machine.read('evaluate.loss')
    const correct = await this.#machine.read('evaluate.correct')
    const mean = (values: ArrayLike<number>, rows: Uint32Array) =>
      rows.length ? rows.reduce((sum, row) => sum + values[row], 0) / rows.length : null
    return {
      trainLoss: mean(loss, this.#train),
      testLoss: mean(loss, this.#test),
      trainAccuracy: mean(correct, this.#train),
      testAccuracy: mean(correct, this.#test),
    }
  }

  /** The current parameters, laid out as parameterLayout says. */
  async parameters(): Promise<Float32Array> {
    return (await this.#machine.read(shared.parameters)) as Float32Array
  }

  /** S_l of every input (count x width) in a pass without noise, as the last evaluation left it. */
  async activations(layer: number): Promise<Float32Array> {
    return (await this.#machine.read(outputOf(evaluationPass(this.#setup), layer))) as Float32Array
  }

  finish(): Promise<void> {
    return this.#machine.finish()
  }
}

function trainingPass({ network, training, seed }: TrainingSetup): Pass {
  const draw = { seed, stream: streams.trainingNoise, step: 'train.step' }
  return { network, prefix: 'train', rows: training.batchSize, parameters: shared.parameters, draw }
}

function evaluationPass({ network, data }: TrainingSetup): Pass {
  return { network, prefix: 'evaluate', rows: data.count, parameters: shared.parameters, draw: null }
}

/** Parameters up to which a network trains in one workgroup. */
const fusedParameters = 1024

function fitsFused({ network }: TrainingSetup): boolean {
  return parameterLayout(network).count <= fusedParameters && fusedActivation(network) !== null
}

/** Whether training must be in commands of one kernel each: the fused path would hide the one that is looked for. */
function showsKernels({ from }: Machine): boolean {
  return from !== undefined && from !== trainSteps.name
}

/** The one activation of the layers that are not linear; null where there are several. */
function fusedActivation({ layers }: NetworkSpec): string | null {
  const kinds = new Set(layers.map(({ activation }) => activation).filter((kind) => kind !== 'linear'))
  return kinds.size > 1 ? null : ([...kinds][0] ?? 'tanh')
}

/** One epoch of training as a plan of one command. */
function fusedEpoch(setup: TrainingSetup, steps: number, software: boolean): Plan {
  const { network, training, seed } = setup
  const pass = trainingPass(setup)
  const layers = parameterLayout(network).layers.map(({ inputs, outputs, weightsAt, biasAt }, l) => {
    const linear = network.layers[l].activation === 'linear'
    return { inputs, outputs, weights_at: weightsAt, bias_at: biasAt, linear, noisy: isNoisy(pass, l + 1) }
  })
  const [seed_low, seed_high] = seedKey(seed)
  const draw = { noise_std: network.noiseStd, seed_low, seed_high, stream: streams.trainingNoise }
  const data = { order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const moments = { first: 'train.first', second: 'train.second', parameters: shared.parameters }
  const names = { schedule: 'train.schedule', cursor: 'train.cursor', ...data, ...moments }
  const constants = trainConstants(layers, fusedActivation(network)!, software ? fusedParameters : 64)
  return [dispatch(trainSteps, { steps, ...draw, ...adamRates(training) }, names, constants)]
}

function adamRates({ beta1, beta2, epsilon }: TrainingOptions) {
  return { beta1, beta2, one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - beta2, epsilon }
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
  const moments = { first: 'train.first', second: 'train.second', parameters: shared.parameters }
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

function trainingBuffers(setup: TrainingSetup) {
  const { data, network, training } = setup
  const { count } = parameterLayout(network)
  const steps = Math.ceil(training.trainCount / training.batchSize)
  const f32 = (length: number) => ({ type: 'f32', length }) as const
  const u32 = (length: number) => ({ type: 'u32', length }) as const
  const [train, all] = [trainingPass(setup), evaluationPass(setup)]
  const last = network.layers.length
  return {
    [shared.inputs]: f32(data.count * data.width),
    [shared.labels]: u32(data.count),
    [shared.parameters]: f32(count),
    'train.order': u32(training.trainCount),
    'train.schedule': u32(steps * stepWords),
    'train.cursor': u32(1),
    'train.step': u32(stepWords),
    'train.batch': f32(training.batchSize * data.width),
    'train.labels': u32(training.batchSize),
    'train.gradients': f32(count),
    'train.first': f32(count),
    'train.second': f32(count),
    ...forwardBuffers(train, 1, last),
    ...backwardBuffers(train),
    ...forwardBuffers(all, 1, last),
    'evaluate.loss': f32(data.count),
    'evaluate.correct': u32(data.count),
  }
}
