/**
 * How far the buffers of one training step may lie apart on two machines, from the first command to the new parameters: errors
 * of each kernel, as its own test derives them, carried on through |weights| and slopes to first order. One rounding more than
 * on a device stands for the references' own, which round where a command ends.
 */
import { layerTable } from '../../src/network/network.js'
import { parameterLayout, type MatrixLayout } from '../../src/network/parameters.js'
import { isNoisy, outputOf, streams, type Pass } from '../../src/network/plans.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { rounding } from '../close.js'
import { drawErrors } from '../kernels/normal-error.js'

type Values = Record<string, ArrayLike<number>>
type Bounds = Record<string, Float64Array>

export function passOf({ network, training }: TrainingSetup): Pass {
  const draw = { stream: streams.trainingNoise, step: 'train.step', dropout: true }
  return {
    network,
    prefix: 'train',
    rows: training.batchSize,
    input: 'train.batch',
    parameters: 'train.parameters',
    draw,
  }
}

/** Bounds of every .u, .s, .t, .ds, .du and of the gradients, from the values that one of the machines left there. */
export function stepBounds(setup: TrainingSetup, values: Values, noiseStep: number, filled: number): Bounds {
  const bounds: Bounds = {}
  forwardBounds(setup, values, noiseStep, bounds)
  backwardBounds(setup, values, filled, bounds)
  return bounds
}

function forwardBounds(setup: TrainingSetup, values: Values, noiseStep: number, bounds: Bounds): void {
  const pass = passOf(setup)
  let input = 'train.batch'
  bounds[input] = new Float64Array(values[input].length)
  parameterLayout(setup.network).layers.forEach((dense, index) => {
    const layer = index + 1
    const linear = layerTable(setup.network)[index].activation === 'linear'
    const [u, s, t] = ['u', 's', 't'].map((kind) => `train.${kind}${layer}`)
    bounds[linear ? s : u] = denseBounds(dense, values['train.parameters'], values[input], bounds[input])
    if (!linear) bounds[s] = bounds[u].map((error, i) => error + tanhError(values[u][i]))
    if (isNoisy(pass, layer)) {
      const shape = { rows: setup.training.batchSize, width: dense.outputs, layer, noiseStep }
      const normals = drawErrors({ ...shape, seed: setup.seeds[0], stream: streams.trainingNoise })
      const std = setup.network.noiseStd
      bounds[t] = bounds[s].map(
        (e, i) => e + std * (normals[i] + 14 * rounding) + 2 * rounding * Math.abs(values[t][i]),
      )
    }
    input = outputOf(pass, layer)
  })
}

function denseBounds(dense: MatrixLayout, parameters: ArrayLike<number>, x: ArrayLike<number>, errors: Float64Array) {
  const { inputs, outputs, weightsAt, biasAt } = dense
  return Float64Array.from({ length: (x.length / inputs) * outputs }, (_, i) => {
    const [row, o] = [Math.floor(i / outputs), i % outputs]
    let size = Math.abs(parameters[biasAt + o])
    let carried = 0
    for (let k = 0; k < inputs; k++) {
      const weight = Math.abs(parameters[weightsAt + o * inputs + k])
      size += weight * Math.abs(x[row * inputs + k])
      carried += weight * errors[row * inputs + k]
    }
    return (inputs + 3) * rounding * size + carried
  })
}

/** See activation-forward.test.ts. */
function tanhError(u: number): number {
  return 2 * rounding * (2 * (3 + 2 * Math.min(20, Math.abs(u))) + 5)
}

function backwardBounds(setup: TrainingSetup, values: Values, filled: number, bounds: Bounds): void {
  const { layers, count } = parameterLayout(setup.network)
  const pass = passOf(setup)
  const last = layers.length
  bounds['train.gradients'] = new Float64Array(count)
  bounds[`train.ds${last}`] = lossBounds(setup, bounds[`train.s${last}`], filled)
  for (let layer = last; layer >= 1; layer--) {
    const linear = layerTable(setup.network)[layer - 1].activation === 'linear'
    const [s, ds, du] = ['s', 'ds', 'du'].map((kind) => `train.${kind}${layer}`)
    if (!linear) {
      bounds[du] = bounds[ds].map((error, i) => {
        const [value, d] = [values[s][i], Math.abs(values[ds][i])]
        return error * (1 - value * value) + 2 * Math.abs(value) * bounds[s][i] * (d + error) + 4 * rounding * d
      })
    }
    const d = linear ? ds : du
    const x = layer === 1 ? 'train.batch' : outputOf(pass, layer - 1)
    weightBounds(layers[layer - 1], [values[x], bounds[x]], [values[d], bounds[d]], bounds['train.gradients'])
    if (layer > 1) bounds[`train.ds${layer - 1}`] = inputBounds(layers[layer - 1], values, d, bounds[d])
  }
}

/** Of softmax / rows: a quarter, twice over, of the logits' errors, besides the kernel's own (cross-entropy-backward.test.ts). */
function lossBounds({ data }: TrainingSetup, logits: Float64Array, filled: number): Float64Array {
  const own = 2 * rounding * (5 * data.classes + 13)
  return logits.map((_, i) => {
    const row = Math.floor(i / data.classes)
    const largest = Math.max(...logits.subarray(row * data.classes, (row + 1) * data.classes))
    return row < filled ? (own + largest / 2) / filled : 0
  })
}

type Uncertain = [values: ArrayLike<number>, errors: Float64Array]

function weightBounds(
  { inputs, outputs, weightsAt, biasAt }: MatrixLayout,
  [x, ex]: Uncertain,
  [d, ed]: Uncertain,
  into: Float64Array,
) {
  const rows = d.length / outputs
  const summing = (rows + 3) * rounding
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const [size, error] = [Math.abs(d[row * outputs + o]), ed[row * outputs + o]]
      into[biasAt + o] += error + summing * size
      for (let k = 0; k < inputs; k++) {
        const [value, off] = [Math.abs(x[row * inputs + k]), ex[row * inputs + k]]
        into[weightsAt + o * inputs + k] += error * value + size * off + error * off + summing * size * value
      }
    }
  }
}

function inputBounds({ inputs, outputs, weightsAt }: MatrixLayout, values: Values, d: string, errors: Float64Array) {
  return Float64Array.from({ length: (errors.length / outputs) * inputs }, (_, i) => {
    const [row, k] = [Math.floor(i / inputs), i % inputs]
    let bound = 0
    for (let o = 0; o < outputs; o++) {
      const weight = Math.abs(values['train.parameters'][weightsAt + o * inputs + k])
      const at = row * outputs + o
      bound += weight * (errors[at] + (outputs + 2) * rounding * Math.abs(values[d][at]))
    }
    return bound
  })
}

/** Moments and parameters before an optimiser step, and the number of that step, from 1. */
export interface AdamState {
  first: ArrayLike<number>
  second: ArrayLike<number>
  parameters: ArrayLike<number>
  t: number
}

/**
 * Of m, v and the parameters after the step, from gradients and their errors. The change s m / (sqrt(v) / c + epsilon) takes an
 * error from m and one from the root, a small v's root being uncertain up to the root of v's own error; its own roundings are 40
 * (adam.test.ts). It never exceeds 8 learning rates, wherever it comes from: |m| <= .1 / sqrt(.001) sqrt(v) and bias corrections.
 */
export function adamBounds(
  { training }: TrainingSetup,
  gradients: ArrayLike<number>,
  errors: Float64Array,
  { first, second, parameters, t }: AdamState,
): Bounds {
  const { beta1, beta2, learningRate, epsilon } = training
  const bounds = [first, second, parameters].map(() => new Float64Array(errors.length))
  errors.forEach((error, i) => {
    const g = gradients[i]
    const m = beta1 * first[i] + (1 - beta1) * g
    const v = beta2 * second[i] + (1 - beta2) * g * g
    const mError = (1 - beta1) * error + 5 * rounding * (beta1 * Math.abs(first[i]) + (1 - beta1) * Math.abs(g))
    const vError = (1 - beta2) * (2 * Math.abs(g) + error) * error + 7 * rounding * v
    const correction = Math.sqrt(1 - beta2 ** t)
    const rootError = Math.min(Math.sqrt(vError), v > 0 ? vError / Math.sqrt(v) : Infinity) / correction
    const least = Math.max(0, Math.sqrt(v) / correction - rootError) + epsilon
    const rate = learningRate / (1 - beta1 ** t)
    const moved = (rate * (mError + (Math.abs(m) * rootError) / least)) / least
    const own = rounding * (40 * 8 * learningRate + 2 * Math.abs(parameters[i]))
    ;[bounds[0][i], bounds[1][i], bounds[2][i]] = [mError, vError, Math.min(16 * learningRate, moved) + own]
  })
  return { 'train.first': bounds[0], 'train.second': bounds[1], 'train.parameters': bounds[2] }
}
