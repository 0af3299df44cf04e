/** The loss of a training step of any network in f64, written from METHOD 1 and PyTorch's definitions, with the step's own noise. */
import { gaussians } from '../../src/math/gaussian.js'
import { philox4x32, seedKey } from '../../src/math/philox.js'
import { layerTable, type Activation, type Layer } from '../../src/network/network.js'
import { parameterLayout, type MatrixLayout } from '../../src/network/parameters.js'
import { streams } from '../../src/network/plans.js'
import type { TrainingSetup } from '../../src/training/setup.js'

const activate: Record<Activation, (u: number) => number> = {
  tanh: Math.tanh,
  relu: (u) => Math.max(0, u),
  'leaky-relu': (u) => (u > 0 ? u : 0.01 * u),
  sigmoid: (u) => 1 / (1 + Math.exp(-u)),
  linear: (u) => u,
}

/** Mean loss of the first batch. */
export function plainLoss(setup: TrainingSetup, parameters: Float64Array, order: ArrayLike<number>): number {
  const { network, data, training } = setup
  const table = layerTable(network)
  const { layers } = parameterLayout(network)
  let total = 0
  for (let row = 0; row < order.length; row++) {
    let x = Array.from(data.inputs.subarray(order[row] * data.width, (order[row] + 1) * data.width))
    table.forEach((layer, l) => {
      const s = through(layer, x, layers[l], parameters, { seed: setup.seeds[0], number: l + 1, row })
      x = s.map((value, i) => value + layer.noiseStd * normal(setup.seeds[0], l + 1, row, i, s.length))
    })
    const label = data.labels[order[row]]
    total += (training.loss === 'mse' ? squares : crossEntropy)(x, label)
  }
  return total / order.length
}

const crossEntropy = (x: number[], label: number) => Math.log(x.reduce((sum, one) => sum + Math.exp(one - x[label]), 0))
const squares = (x: number[], label: number) =>
  x.reduce((sum, one, c) => sum + (one - Number(c === label)) ** 2, 0) / x.length

interface Place {
  seed: number
  number: number
  row: number
}

function through(layer: Layer, x: number[], layout: MatrixLayout, w: Float64Array, place: Place): number[] {
  const { spec, activation } = layer
  if (spec.type === 'flatten') return x
  if (spec.type === 'dropout') return x.map((value, i) => value * kept(place, place.row * x.length + i, spec.rate))
  if (spec.type === 'max-pool') return windows(layer, spec.size, x).map((values) => Math.max(...values))
  if (spec.type === 'average-pool')
    return windows(layer, spec.size, x).map((values) => values.reduce((a, b) => a + b) / values.length)
  const sums = spec.type === 'conv2d' ? convolved(layer, x, layout, w) : dense(x, layout, w)
  return sums.map(activate[activation])
}

function dense(x: number[], { outputs, inputs, weightsAt, biasAt }: MatrixLayout, w: Float64Array): number[] {
  return Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, value, i) => sum + w[weightsAt + o * inputs + i] * value, w[biasAt + o]),
  )
}

function convolved(
  { spec, input, output }: Layer,
  x: number[],
  { weightsAt, biasAt, inputs }: MatrixLayout,
  w: Float64Array,
) {
  if (spec.type !== 'conv2d') throw new Error('not a convolution')
  const { kernel, stride = 1, padding = 0 } = spec
  return places(output).map(([f, r, c]) => {
    let sum = w[biasAt + f]
    for (const [channel, i, j] of places([input[0], kernel, kernel])) {
      const [y, z] = [r * stride + i - padding, c * stride + j - padding]
      if (y < 0 || z < 0 || y >= input[1] || z >= input[2]) continue
      sum +=
        w[weightsAt + f * inputs + (channel * kernel + i) * kernel + j] * x[(channel * input[1] + y) * input[2] + z]
    }
    return sum
  })
}

function windows({ input, output }: Layer, size: number, x: number[]): number[][] {
  return places(output).map(([f, r, c]) =>
    places([1, size, size]).map(([, i, j]) => x[(f * input[1] + r * size + i) * input[2] + c * size + j]),
  )
}

/** All indices of an array of three dimensions, the last fastest. */
function places([a, b, c]: readonly [number, number, number]): [number, number, number][] {
  return Array.from({ length: a * b * c }, (_, i) => [Math.floor(i / (b * c)), Math.floor(i / c) % b, i % c])
}

/** 1 / (1 - rate) or 0: four elements of the batch are one block. */
function kept({ seed, number }: Place, element: number, rate: number): number {
  const words = philox4x32([element >> 2, number, 0, streams.dropout], seedKey(seed))
  return words[element & 3] >= rate * 2 ** 32 ? 1 / (1 - rate) : 0
}

/** The noise of a layer in step 0: four columns of a row are one block. */
function normal(seed: number, layer: number, row: number, column: number, width: number): number {
  const block = row * Math.ceil(width / 4) + (column >> 2)
  return gaussians(philox4x32([block, layer, 0, streams.trainingNoise], seedKey(seed)))[column & 3]
}
