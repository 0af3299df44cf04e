/** One step of training as a plan, one dispatch a layer: a batch forward and backward, the optimiser, what is done to weights after it. */
import { adam } from '../kernels/adam.js'
import { beginStep } from '../kernels/begin-step.js'
import { gatherRows } from '../kernels/gather-rows.js'
import { gram, weightMatrix } from '../kernels/gram.js'
import { orthonormal, orthonormalConstants } from '../kernels/orthonormal.js'
import { stepWords } from '../kernels/step.js'
import { sgd } from '../kernels/sgd.js'
import { weightNormForward } from '../kernels/weight-norm-forward.js'
import { weightNormBackward } from '../kernels/weight-norm-backward.js'
import type { NetworkSpec } from '../network/network.js'
import { parameterLayout, type MatrixLayout } from '../network/parameters.js'
import {
  backwardBuffers,
  backwardCommands,
  forwardBuffers,
  forwardCommands,
  streams,
  type Pass,
} from '../network/plans.js'
import { dispatch, type BufferSpec, type Command, type Plan } from '../plan.js'
import { settled, type TrainingOptions } from './options.js'
import { shared, type TrainingSetup } from './setup.js'

/** The parameters that the optimiser moves: with weight normalisation directions in place of weights, and gains behind all. */
export function movedCount(network: NetworkSpec, { weightNorm: normed = false }: TrainingOptions): number {
  const { layers, count } = parameterLayout(network)
  return normed ? layers.reduce((sum, { outputs }) => sum + outputs, count) : count
}

/** What the optimiser moves at the start: directions are the weights, gains their lengths, row by row. */
export function movedParameters(
  network: NetworkSpec,
  training: TrainingOptions,
  parameters: Float32Array,
): Float32Array {
  const moved = new Float32Array(movedCount(network, training))
  moved.set(parameters)
  if (!training.weightNorm) return moved
  let gain = parameters.length
  for (const { inputs, outputs, weightsAt } of parameterLayout(network).layers) {
    for (let o = 0; o < outputs; o++) {
      const at = weightsAt + o * inputs
      moved[gain++] = Math.hypot(...parameters.subarray(at, at + inputs))
    }
  }
  return moved
}

/** Buffer of what the optimiser moves; the parameters themselves where weights are not normalised. */
export const movedBuffer = ({ weightNorm: normed = false }: TrainingOptions) =>
  normed ? 'train.moved' : 'train.parameters'

export function optimiserRates(training: TrainingOptions) {
  const { beta1, beta2, epsilon, momentum, weightDecay } = settled(training)
  const rates = { beta1, beta2, one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - beta2, epsilon }
  return { ...rates, momentum, weight_decay: weightDecay }
}

function trainingPass({ network, training }: TrainingSetup): Pass {
  const draw = { stream: streams.trainingNoise, step: 'train.step', dropout: true }
  const parameters = 'train.parameters'
  return { network, prefix: 'train', rows: training.batchSize, input: 'train.batch', parameters, draw }
}

/** One step of training as a plan. */
export function trainingStep(setup: TrainingSetup): Plan {
  const { network, data, training } = setup
  const pass = trainingPass(setup)
  const { count } = parameterLayout(network)
  const { loss } = settled(training)
  const step = 'train.step'
  const rows = { step, order: 'train.order', inputs: shared.inputs, labels: shared.labels }
  const batch = { batch: 'train.batch', batch_labels: 'train.labels' }
  const opening = { schedule: 'train.schedule', cursor: 'train.cursor', step, gradients: 'train.gradients' }
  return [
    dispatch(beginStep, { count }, opening),
    dispatch(gatherRows, { rows: training.batchSize, width: data.width }, { ...rows, ...batch }),
    ...forwardCommands(pass),
    ...backwardCommands(pass, { labels: 'train.labels', gradients: 'train.gradients', step }, loss),
    ...moves(setup),
  ]
}

/** From gradients to new parameters. */
function moves({ network, training }: TrainingSetup): Command[] {
  const { optimiser, orthonormal: strength } = settled(training)
  const { layers } = parameterLayout(network)
  const matrices = layers.filter(({ outputs }) => outputs > 0)
  const parameters = movedBuffer(training)
  const gradients = training.weightNorm ? 'train.moved-gradients' : 'train.gradients'
  const count = movedCount(network, training)
  const { momentum, weight_decay, ...rates } = optimiserRates(training)
  const buffers = { step: 'train.step', gradients, first: 'train.first', parameters }
  const move =
    optimiser === 'sgd'
      ? dispatch(sgd, { count, momentum, weight_decay }, buffers)
      : dispatch(adam, { count, weight_decay, ...rates }, { ...buffers, second: 'train.second' })
  return [
    ...(training.weightNorm ? normed(network, matrices, 'backward') : []),
    move,
    ...(strength > 0 ? matrices.slice(0, -1).flatMap((matrix) => orthonormalised(matrix, strength)) : []),
    ...(training.weightNorm ? normed(network, matrices, 'forward') : []),
  ]
}

function orthonormalised({ inputs, outputs, weightsAt }: MatrixLayout, rate: number): Command[] {
  const matrix = weightMatrix({ inputs, outputs, weights_at: weightsAt })
  const buffers = { parameters: 'train.parameters', gram: 'train.gram' }
  return [
    dispatch(gram, matrix, buffers),
    dispatch(orthonormal, { ...matrix, rate }, buffers, orthonormalConstants(matrix)),
  ]
}

/** A dispatch for each layer: parameters from what the optimiser moves, or gradients of it from those of the parameters. */
function normed(network: NetworkSpec, matrices: MatrixLayout[], direction: 'forward' | 'backward'): Command[] {
  let gains = parameterLayout(network).count
  return matrices.map(({ inputs, outputs, weightsAt, biasAt }) => {
    const shape = { inputs, outputs, weights_at: weightsAt, bias_at: biasAt, gains_at: gains }
    gains += outputs
    const raw = 'train.moved'
    return direction === 'forward'
      ? dispatch(weightNormForward, shape, { raw, parameters: 'train.parameters' })
      : dispatch(weightNormBackward, shape, {
          raw,
          gradients: 'train.gradients',
          raw_gradients: 'train.moved-gradients',
        })
  })
}

/** The buffers of a step beside those that both paths have. */
export function stepBuffers(setup: TrainingSetup): Record<string, BufferSpec> {
  const { data, network, training } = setup
  const pass = trainingPass(setup)
  const f32 = (length: number) => ({ type: 'f32', length }) as const
  return {
    'train.cursor': { type: 'u32', length: 1 },
    'train.step': { type: 'u32', length: stepWords },
    'train.batch': f32(training.batchSize * data.width),
    'train.labels': { type: 'u32', length: training.batchSize },
    'train.gradients': f32(parameterLayout(network).count),
    'train.gram': f32(largestGram(network)),
    ...(training.weightNorm ? { 'train.moved-gradients': f32(movedCount(network, training)) } : {}),
    ...forwardBuffers(pass, 1, network.layers.length),
    ...backwardBuffers(pass),
  }
}

/** Of any layer: the square of its shorter side. */
function largestGram(network: NetworkSpec): number {
  return Math.max(1, ...parameterLayout(network).layers.map(({ inputs, outputs }) => Math.min(inputs, outputs) ** 2))
}
