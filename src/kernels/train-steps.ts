/**
 * Many training steps of small networks in one dispatch. shaders/train-steps.wgsl
 *
 * The reference strings together the references of the kernels it stands for, so that both paths have one mathematics.
 */
import { activationBackward } from './activation-backward.js'
import { activationForward } from './activation-forward.js'
import { adam } from './adam.js'
import { crossEntropyBackward } from './cross-entropy-backward.js'
import { denseBackwardInput } from './dense-backward-input.js'
import { denseBackwardWeights } from './dense-backward-weights.js'
import { denseForward } from './dense-forward.js'
import { gatherRows } from './gather-rows.js'
import { gram, weightMatrix } from './gram.js'
import { operations, type Buffers, type Constants, type Kernel, type Numbers, type Work } from './kernel.js'
import { meanSquaredErrorBackward } from './mean-squared-error-backward.js'
import { noise } from './noise.js'
import { orthonormal } from './orthonormal.js'
import { sgd } from './sgd.js'
import { stepWords, unpackStep } from './step.js'
import { weightNormBackward } from './weight-norm-backward.js'
import { weightNormForward } from './weight-norm-forward.js'

type Adam = 'beta1' | 'beta2' | 'one_minus_beta1' | 'one_minus_beta2' | 'epsilon'
type Rates = Adam | 'momentum' | 'weight_decay' | 'orthonormal_rate'
type Params = 'networks' | 'steps' | 'order_length' | 'stream' | Rates
type State = 'parameters' | 'first' | 'second' | 'raw'
type Names = 'schedule' | 'order' | 'inputs' | 'labels' | State

export const trainSteps: Kernel<Params, Names> = {
  name: 'train-steps',
  writes: ['parameters', 'first', 'second', 'raw'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ networks }) => [networks],
  work: (params, constants) => {
    const { networks, steps, order_length } = params
    const [rows, once] = [operations(rowParts(params, constants), networks), stepParts(params, constants)]
    const every = operations(once, networks * steps)
    const state = Number(constants.TRAINED) * (constants.OPTIMISER === 'sgd' ? 4 : 6)
    const numbers = order_length * (layersOf(constants)[0].inputs + 2) + steps * stepWords + state
    return { flops: rows.flops + every.flops, exps: rows.exps + every.exps, bytes: 4 * networks * numbers }
  },
  reference(params, buffers, constants) {
    for (let network = 0; network < params.networks; network++) {
      const own = ownOf(buffers, network, params, constants)
      if (constants.WEIGHT_NORM) normalise(own, constants)
      for (let n = 0; n < params.steps; n++) {
        oneStep(params, own, own.schedule.subarray(n * stepWords, (n + 1) * stepWords), constants)
      }
    }
  },
}

export interface FusedLayer {
  inputs: number
  outputs: number
  weights_at: number
  bias_at: number
  linear: boolean
  /** Of the noise on its output; 0: none. */
  noise_std: number
}

export interface FusedChoices {
  /** Of the layers that are not linear. */
  activation: string
  optimiser: 'adam' | 'sgd'
  loss: 'cross-entropy' | 'mse'
  /** Whether the weights of every layer but the last take a step towards orthonormal ones behind the optimiser's. */
  orthonormal: boolean
  /** Whether `raw` is trained, and `parameters` are made from it. */
  weightNorm: boolean
  /** Gradients of a lane that meet in workgroup memory at a time. */
  gradientFloats: number
}

/** The constants of a network of these layers, from the first. */
export function trainConstants(layers: FusedLayer[], choices: FusedChoices): Constants {
  if (choices.orthonormal && choices.weightNorm) throw new Error('weights are normalised or made orthonormal, not both')
  const sum = (of: (layer: FusedLayer) => number) => layers.reduce((total, layer) => total + of(layer), 0)
  const count = sum(({ inputs, outputs }) => outputs * (inputs + 1))
  const trained = count + (choices.weightNorm ? sum(({ outputs }) => outputs) : 0)
  const constants: Constants = { LAYERS: layers.length, COUNT: count, TRAINED: trained }
  const place = { row: 4 * quads(layers[0].inputs), gains: count, grams: 0 }
  layers.forEach((layer, l) => {
    const regularised = choices.orthonormal && l < layers.length - 1
    const own = layerConstants(layer, place, regularised)
    const before = { IN_AT: l === 0 ? 0 : Number(constants[`OUT_AT_${l - 1}`]), FIRST: l === 0 }
    for (const [name, value] of Object.entries({ ...own, ...before })) constants[`${name}_${l}`] = value
    place.row += 4 * quads(layer.outputs)
    place.gains += layer.outputs
    place.grams += regularised ? own.SHORT ** 2 : 0
  })
  const last = layers.at(-1)!
  const logits = { CLASSES: last.outputs, LOGITS_AT: place.row - 4 * quads(last.outputs), ROW: place.row }
  return { ...constants, ...logits, ...matrixSizes(layers, place.grams), ...choiceConstants(choices, count) }
}

const quads = (width: number) => Math.ceil(width / 4)

function layerConstants(layer: FusedLayer, place: { row: number; gains: number; grams: number }, regularised: boolean) {
  const { inputs, outputs, weights_at, bias_at, linear, noise_std } = layer
  const { short, long, short_stride, long_stride } = weightMatrix(layer)
  const shape = { INPUTS: inputs, OUTPUTS: outputs, QUADS: quads(outputs), LINEAR: linear, NOISE_STD: noise_std }
  const places = { WEIGHTS_AT: weights_at, BIAS_AT: bias_at, GAINS_AT: place.gains, OUT_AT: place.row }
  const matrix = { SHORT: short, LONG: long, SHORT_STRIDE: short_stride, LONG_STRIDE: long_stride }
  return { ...shape, ...places, ...matrix, ORTHONORMAL: regularised, GRAM_AT: place.grams }
}

/** Sizes that hold any of the matrices; never 0, so that the text has a value where it is dropped. */
function matrixSizes(layers: FusedLayer[], grams: number): Constants {
  return { SHORT: Math.max(...layers.map((layer) => weightMatrix(layer).short)), GRAMS: Math.max(1, grams) }
}

function choiceConstants(choices: FusedChoices, count: number): Constants {
  const { activation, optimiser, loss, orthonormal, weightNorm, gradientFloats } = choices
  const kinds = { ACTIVATION: activation, OPTIMISER: optimiser, LOSS: loss }
  const extras = { ORTHONORMAL: orthonormal, WEIGHT_NORM: weightNorm }
  const names = weightNorm
    ? { TRAINED_BUFFER: 'raw', USED_WEIGHTS: 'effective' }
    : { TRAINED_BUFFER: 'parameters', USED_WEIGHTS: 'weights' }
  return { ...kinds, ...extras, ...names, CHUNK: Math.min(count, gradientFloats) }
}

interface PlacedLayer extends FusedLayer {
  gains_at: number
  regularised: boolean
}

function layersOf(constants: Constants): PlacedLayer[] {
  return Array.from({ length: Number(constants.LAYERS) }, (_, l) => {
    const number = (name: string) => Number(constants[`${name}_${l}`])
    return {
      inputs: number('INPUTS'),
      outputs: number('OUTPUTS'),
      weights_at: number('WEIGHTS_AT'),
      bias_at: number('BIAS_AT'),
      gains_at: number('GAINS_AT'),
      noise_std: number('NOISE_STD'),
      linear: Boolean(constants[`LINEAR_${l}`]),
      regularised: Boolean(constants[`ORTHONORMAL_${l}`]),
    }
  })
}

/** What the rows of all steps of one network go through: its order, once. */
function rowParts({ order_length: rows, stream }: Record<Params, number>, constants: Constants): Work[] {
  const layers = layersOf(constants)
  const { outputs: classes } = layers.at(-1)!
  const loss = constants.LOSS === 'mse' ? meanSquaredErrorBackward : crossEntropyBackward
  const draw = { rows, repeat: 1, source_first: 0, first_row: 0, stream }
  const parts = layers.flatMap((layer, l) => {
    const [shape, count] = [{ rows, ...layer }, rows * layer.outputs]
    return [
      denseForward.work(shape, {}),
      ...(layer.linear ? [] : [activationForward.work({ count }, constants), activationBackward.work({ count }, {})]),
      ...(layer.noise_std > 0 ? [noise.work({ ...draw, ...layer, width: layer.outputs, layer: l }, {})] : []),
      denseBackwardWeights.work(shape, {}),
      ...(l === 0 ? [] : [denseBackwardInput.work(shape, {})]),
    ]
  })
  return [...parts, loss.work({ rows, classes }, {})]
}

/** What every step of one network takes once, from gradients on. */
function stepParts(params: Record<Params, number>, constants: Constants): Work[] {
  const sized = { ...params, count: Number(constants.TRAINED) }
  return [
    constants.OPTIMISER === 'sgd' ? sgd.work(sized, {}) : adam.work(sized, {}),
    ...layersOf(constants).flatMap((layer) => {
      const matrix = { ...weightMatrix(layer), rate: 0 }
      return [
        ...(layer.regularised ? [gram.work(matrix, {}), orthonormal.work(matrix, {})] : []),
        ...(constants.WEIGHT_NORM ? [weightNormForward.work(layer, {}), weightNormBackward.work(layer, {})] : []),
      ]
    }),
  ]
}

/** What a network has of the buffers: its part of each, and the data that all share. */
function ownOf(
  buffers: Buffers<Names>,
  network: number,
  { steps, order_length }: Record<Params, number>,
  constants: Constants,
): Buffers<Names> {
  const part = (name: Names, length: number) => buffers[name]?.subarray(network * length, (network + 1) * length)
  const trained = Number(constants.TRAINED)
  return {
    ...buffers,
    parameters: part('parameters', Number(constants.COUNT)),
    first: part('first', trained),
    second: part('second', trained),
    raw: part('raw', trained),
    schedule: part('schedule', steps * stepWords),
    order: part('order', order_length),
  }
}

function normalise({ raw, parameters }: Buffers<Names>, constants: Constants): void {
  for (const layer of layersOf(constants)) weightNormForward.reference(layer, { raw, parameters }, {})
}

function oneStep(params: Record<Params, number>, buffers: Buffers<Names>, step: Numbers, constants: Constants): void {
  const gradients = gradientsOf(params, buffers, step, constants)
  if (!constants.WEIGHT_NORM) {
    optimise(params, { ...buffers, step, gradients }, constants)
    regularise(params, buffers.parameters, constants)
    return
  }
  const { raw } = buffers
  const raw_gradients = new Float64Array(raw.length)
  for (const layer of layersOf(constants)) weightNormBackward.reference(layer, { raw, gradients, raw_gradients }, {})
  optimise(params, { ...buffers, step, gradients: raw_gradients, parameters: raw }, constants)
  normalise(buffers, constants)
}

function optimise(
  params: Record<Params, number>,
  buffers: Buffers<'step' | 'gradients' | 'first' | 'second' | 'parameters'>,
  { OPTIMISER, TRAINED }: Constants,
): void {
  const sized = { count: Number(TRAINED), ...params }
  if (OPTIMISER === 'sgd') sgd.reference(sized, buffers, {})
  else adam.reference(sized, buffers, {})
}

function regularise({ orthonormal_rate: rate }: Record<Params, number>, parameters: Numbers, constants: Constants) {
  for (const layer of layersOf(constants).filter(({ regularised }) => regularised)) {
    const matrix = weightMatrix(layer)
    const products = new Float64Array(matrix.short ** 2)
    gram.reference(matrix, { parameters, gram: products }, {})
    orthonormal.reference({ ...matrix, rate }, { gram: products, parameters }, {})
  }
}

/** Of the mean loss of the step's rows, by W and b. */
function gradientsOf(
  params: Record<Params, number>,
  buffers: Buffers<Names>,
  step: Numbers,
  constants: Constants,
): Float64Array {
  const { parameters } = buffers
  const layers = layersOf(constants)
  const gradients = new Float64Array(Number(constants.COUNT))
  const { rows } = unpackStep(step)
  const x = new Float64Array(rows * layers[0].inputs)
  const batch_labels = new Uint32Array(rows)
  gatherRows.reference({ rows, width: layers[0].inputs }, { ...buffers, step, batch: x, batch_labels }, {})
  const passes = forward(params, parameters, x, step, constants)
  const classes = layers.at(-1)!.outputs
  let d_s = new Float64Array(rows * classes)
  const loss = constants.LOSS === 'mse' ? meanSquaredErrorBackward : crossEntropyBackward
  loss.reference({ rows, classes }, { step, logits: passes.at(-1)!.t, labels: batch_labels, d_logits: d_s }, {})
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, outputs, weights_at, bias_at, linear } = layers[l]
    const d_u = new Float64Array(rows * outputs)
    if (linear) d_u.set(d_s)
    else activationBackward.reference({ count: d_u.length }, { s: passes[l].s, d_s, d_u }, constants)
    const shape = { rows, inputs, outputs, weights_at }
    denseBackwardWeights.reference({ ...shape, bias_at }, { x: l === 0 ? x : passes[l - 1].t, d_u, gradients }, {})
    const d_x = new Float64Array(rows * inputs)
    denseBackwardInput.reference(shape, { parameters, d_u, d_x }, {})
    d_s = d_x
  }
  return gradients
}

function forward(
  params: Record<Params, number>,
  parameters: Numbers,
  x: Float64Array,
  step: Numbers,
  constants: Constants,
): { s: Float64Array; t: Float64Array }[] {
  const { rows } = unpackStep(step)
  return layersOf(constants).map(({ inputs, outputs, weights_at, bias_at, linear, noise_std }, l) => {
    const u = new Float64Array(rows * outputs)
    denseForward.reference({ rows, inputs, outputs, weights_at, bias_at }, { parameters, x, u }, {})
    const s = new Float64Array(u)
    if (!linear) activationForward.reference({ count: u.length }, { u, s }, constants)
    const t = new Float64Array(s)
    const shape = { rows, width: outputs, repeat: 1, source_first: 0, layer: l + 1, first_row: 0, noise_std }
    if (noise_std > 0) noise.reference({ ...params, ...shape }, { step, source: s, noisy: t }, { SOURCE: true })
    x = t
    return { s, t }
  })
}
