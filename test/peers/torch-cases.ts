/** What is held against PyTorch: single steps of networks of every kind of layer, ten steps of every way to train. */
import { icosahedron } from '../../src/data/icosahedron.js'
import { activations, type Activation, type LayerSpec, type NetworkSpec } from '../../src/network/network.js'
import { initialParameters, parameterLayout } from '../../src/network/parameters.js'
import type { TrainingOptions } from '../../src/training/options.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { uniform, whole } from '../kernels/samples.js'
import { adamOptions } from '../training/setups.js'

export interface Case {
  setup: TrainingSetup
  /** To start from; those that the trainer draws where absent. */
  parameters?: Float32Array
}

const descent = { optimiser: 'sgd', learningRate: 0.05 } as const
const heavy = { ...descent, momentum: 0.9, weightDecay: 0.01 } as const

/** All inputs are one batch: one step an epoch. */
const oneStep = (rows: number): TrainingOptions => ({
  ...{ ...adamOptions, ...descent },
  ...{ epochs: 1, batchSize: rows, trainCount: rows },
})

/** Five epochs of two steps, the second of a smaller batch. */
const tenSteps = (rows: number): TrainingOptions => ({
  ...adamOptions,
  ...{ epochs: 5, batchSize: Math.ceil(rows * 0.6), trainCount: rows },
})

/** 12-10-7-5-4-3-2 on 100 inputs of the icosahedron, every 41st. */
function paper(activation: Activation, training: (rows: number) => TrainingOptions, noiseStd = 0): TrainingSetup {
  const layers = stack([10, 7, 5, 4, 3, 2], activation)
  const all = icosahedron()
  const rows = Array.from({ length: 100 }, (_, i) => i * 41)
  const data = {
    ...{ ...all, count: rows.length, enumerated: false },
    inputs: Float32Array.from(rows.flatMap((row) => [...all.inputs.subarray(row * all.width, (row + 1) * all.width)])),
    labels: Uint32Array.from(rows, (row) => all.labels[row]),
  }
  return { seeds: [2], data, network: { inputWidth: 12, layers, noiseStd }, training: training(rows.length) }
}

function stack(widths: number[], activation: Activation): LayerSpec[] {
  return widths.map((width, l) => ({ width, activation: l < widths.length - 1 ? activation : 'linear' }))
}

type Shape = readonly [channels: number, height: number, width: number]

/** Random pictures, values from 0 to 1. */
function pictures(shape: Shape, layers: LayerSpec[], training: TrainingOptions, noiseStd = 0): TrainingSetup {
  const [width, count, classes] = [shape[0] * shape[1] * shape[2], training.trainCount, 10]
  const numbers = { inputs: uniform(count * width, 5, 0, 1), labels: whole(count, 3, classes) }
  const data = { name: 'pictures', count, width, shape, classes, enumerated: false, ...numbers }
  return { seeds: [3], data, network: { inputWidth: width, inputShape: shape, layers, noiseStd }, training }
}

/** The network for MNIST. */
const mnist: LayerSpec[] = [
  { type: 'conv2d', channels: 16, kernel: 5, activation: 'tanh' },
  { type: 'max-pool', size: 2 },
  { type: 'conv2d', channels: 32, kernel: 5, activation: 'tanh' },
  { type: 'max-pool', size: 2 },
  { type: 'flatten' },
  { width: 128, activation: 'tanh' },
  { width: 10, activation: 'linear' },
]
const digits: Shape = [1, 28, 28]

/** Strides and borders in both senses, rows and columns that no window takes, every activation. */
const mixed: LayerSpec[] = [
  { type: 'conv2d', channels: 6, kernel: 4, stride: 2, padding: 3, activation: 'leaky-relu' },
  { type: 'average-pool', size: 2 },
  { type: 'conv2d', channels: 5, kernel: 3, padding: 1, activation: 'relu' },
  { type: 'max-pool', size: 3 },
  { type: 'flatten' },
  { width: 12, activation: 'sigmoid' },
  { width: 10, activation: 'linear' },
]
const dropping: LayerSpec[] = [
  { type: 'dropout', rate: 0.2 },
  ...mixed.slice(0, 4),
  { type: 'dropout', rate: 0.4 },
  ...mixed.slice(4),
]
const oblong: Shape = [3, 17, 22]

/**
 * Where derivatives jump: all weights of the convolution are 1, pixels 0 or 1 or -1, biases 0, so that windows are full
 * of equal pixels of different pasts and many neurons stand at 0 exactly.
 */
function kinks(activation: Activation): Case {
  const layers: LayerSpec[] = [
    { type: 'conv2d', channels: 2, kernel: 2, activation },
    { type: 'max-pool', size: 2 },
    { type: 'flatten' },
    { width: 10, activation: 'linear' },
  ]
  const setup = pictures([2, 7, 7], layers, oneStep(8))
  setup.data.inputs.forEach((value, i, all) => (all[i] = Math.floor(3 * value) - 1))
  const { weightsAt, biasAt, outputs } = parameterLayout(setup.network).layers[0]
  const parameters = initialParameters(setup.network, 3)
    .fill(1, weightsAt, biasAt)
    .fill(0, biasAt, biasAt + outputs)
  return { setup, parameters }
}

const changed = (setup: TrainingSetup, training: Partial<TrainingOptions>): Case => ({
  setup: { ...setup, training: { ...setup.training, ...training } },
})

/** One step of gradient descent. */
export const steps: Record<string, Case> = {
  ...Object.fromEntries(activations.map((name) => [`12-10-7-5-4-3-2, ${name}`, { setup: paper(name, oneStep) }])),
  '12-10-7-5-4-3-2, squared error': changed(paper('tanh', oneStep), { loss: 'mse' }),
  '12-10-7-5-4-3-2, noise': { setup: paper('tanh', oneStep, 0.3) },
  'MNIST network': { setup: pictures(digits, mnist, oneStep(8)) },
  'MNIST network, squared error': changed(pictures(digits, mnist, oneStep(8)), { loss: 'mse' }),
  'MNIST network, noise': { setup: pictures(digits, mnist, oneStep(8), 0.2) },
  'strides, borders, average pools': { setup: pictures(oblong, mixed, oneStep(8)) },
  'dropout and noise': { setup: pictures(oblong, dropping, oneStep(8), 0.2) },
  'equal pixels, leaky-relu at 0': kinks('leaky-relu'),
  'equal pixels, relu at 0': kinks('relu'),
}

const tanh = paper('tanh', tenSteps)
/** Of fewer layers, because fused texts with more in a step compile slowly. */
const short = { ...tanh, network: { ...tanh.network, layers: stack([6, 4, 2], 'tanh') } }
const strided = pictures(oblong, mixed, tenSteps(8))
/** Four pictures: three and one. */
const cnn = pictures(digits, mnist, tenSteps(4))

/**
 * Adam where gradients are as small as their own rounding, which a network of many weights always has some of: with an
 * epsilon of 1e-8 the sign of such a step is anybody's, with this one it is short.
 */
const blunt = { epsilon: 1e-3 }

export const trainings: Record<string, Case> = {
  Adam: { setup: tanh },
  'Adam, weight decay': changed(tanh, { weightDecay: 0.1 }),
  'Adam, other rates': changed(tanh, { beta1: 0.5, beta2: 0.9, epsilon: 1e-2 }),
  'Adam, cosine': changed(tanh, { schedule: 'cosine', finalLearningRate: 1e-5 }),
  'Adam, geometric': changed(tanh, { schedule: 'geometric', finalLearningRate: 1e-5 }),
  SGD: changed(tanh, descent),
  'SGD, weight decay': changed(tanh, { ...descent, weightDecay: 0.1 }),
  'SGD, momentum': changed(tanh, { ...descent, momentum: 0.9 }),
  'SGD, momentum, weight decay': changed(tanh, { ...descent, momentum: 0.9, weightDecay: 0.1 }),
  'SGD, momentum, cosine': changed(tanh, { ...heavy, schedule: 'cosine', finalLearningRate: 0.01 }),
  'SGD, momentum, geometric': changed(tanh, { ...heavy, schedule: 'geometric', finalLearningRate: 0.001 }),
  'squared error': changed(short, { ...heavy, loss: 'mse' }),
  'normalised weights': changed(short, { weightNorm: true, weightDecay: 0.1 }),
  'normalised weights, SGD': changed(short, { ...heavy, weightNorm: true }),
  'orthonormal weights': changed(short, { orthonormal: 0.01 }),
  'orthonormal weights, SGD': changed(short, { ...heavy, orthonormal: 0.01 }),
  'convolutions, Adam': changed(strided, blunt),
  'convolutions, normalised weights': changed(strided, { ...heavy, weightNorm: true }),
  'convolutions, orthonormal weights': changed(strided, { ...heavy, orthonormal: 0.01 }),
  'MNIST network, Adam': changed(cnn, blunt),
  'MNIST network, SGD': changed(cnn, heavy),
}

/** Parts of the parameters that are compared each by its own largest value: weights, biases, and gains behind all. */
export function partsOf(network: NetworkSpec): { name: string; from: number; to: number }[] {
  const { layers, count } = parameterLayout(network)
  let gains = count
  return layers.flatMap(({ weightsAt, biasAt, outputs }, l) => {
    if (outputs === 0) return []
    const part = (what: string, from: number, to: number) => ({ name: `${what} of layer ${l + 1}`, from, to })
    gains += outputs
    return [
      part('weights', weightsAt, biasAt),
      part('biases', biasAt, biasAt + outputs),
      part('gains', gains - outputs, gains),
    ]
  })
}
