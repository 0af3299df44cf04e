/**
 * Turns a network into lists of commands. Of layer l (from 1) a forward pass fills <prefix>.u<l> (before the activation),
 * .s<l> (after it, before the noise) and .t<l> (after the noise; where there is none .s<l> itself is what goes on). A linear
 * layer has no u: its s is written at once. A layer that changes nothing (flatten, dropout outside training) has no buffers: what goes
 * on is what came in.
 */
import { activationBackward } from '../kernels/activation-backward.js'
import { activationForward } from '../kernels/activation-forward.js'
import { conv2dBackwardInput, conv2dBackwardInputConstants } from '../kernels/conv2d-backward-input.js'
import { conv2dBackwardWeights, conv2dBackwardWeightsConstants } from '../kernels/conv2d-backward-weights.js'
import { conv2dForward, conv2dForwardConstants } from '../kernels/conv2d-forward.js'
import { crossEntropyBackward } from '../kernels/cross-entropy-backward.js'
import { denseBackwardInput, denseBackwardInputConstants } from '../kernels/dense-backward-input.js'
import { denseBackwardWeights, denseBackwardWeightsConstants } from '../kernels/dense-backward-weights.js'
import { denseConstants, denseForward } from '../kernels/dense-forward.js'
import { dropout, dropoutRate } from '../kernels/dropout.js'
import { meanSquaredErrorBackward } from '../kernels/mean-squared-error-backward.js'
import { noise } from '../kernels/noise.js'
import { poolBackward } from '../kernels/pool-backward.js'
import { poolConstants, poolForward } from '../kernels/pool-forward.js'
import { dispatch, type BufferSpec, type Command } from '../plan.js'
import {
  layerTable,
  type ConvolutionSpec,
  type DropoutSpec,
  type Layer,
  type NetworkSpec,
  type PoolSpec,
} from './network.js'
import { parameterLayout } from './parameters.js'

/** The noise of one pass: Philox counter (block, layer, step, stream), the key being the Step's seed. */
export interface NoiseDraw {
  stream: number
  /** Buffer of one Step. */
  step: string
  /** Whether dropout drops: in training alone. */
  dropout: boolean
}

export interface Pass {
  network: NetworkSpec
  /** Begins the names of the pass's buffers. */
  prefix: string
  rows: number
  /** Buffer of the network's inputs, rows x inputWidth. */
  input: string
  /** Buffer of all parameters. */
  parameters: string
  /** null: a noiseless pass. */
  draw: NoiseDraw | null
}

export const streams = { trainingNoise: 4, replicaNoise: 5, queryNoise: 6, dropout: 7 } as const

/** Whether layer l carries noise in this pass; the output layer never does. */
export function isNoisy({ network, draw }: Pass, layer: number): boolean {
  return draw !== null && layerTable(network)[layer - 1].noiseStd > 0
}

/** Whether layer l changes nothing in this pass. */
function passesOn({ network, draw }: Pass, layer: number): boolean {
  const { spec } = layerTable(network)[layer - 1]
  return spec.type === 'flatten' || (spec.type === 'dropout' && !(draw?.dropout && spec.rate > 0))
}

/** The buffer that holds T_l: noisy, or S_l where the layer carries no noise; T_0 is the input. */
export function outputOf(pass: Pass, layer: number): string {
  if (layer === 0) return pass.input
  if (passesOn(pass, layer)) return outputOf(pass, layer - 1)
  return `${pass.prefix}.${isNoisy(pass, layer) ? 't' : 's'}${layer}`
}

/** The buffer of the gradient of T_l. */
function gradientOf(pass: Pass, layer: number): string {
  return passesOn(pass, layer) ? gradientOf(pass, layer - 1) : `${pass.prefix}.ds${layer}`
}

/** The buffers that the commands of layers first..last write. */
export function forwardBuffers(pass: Pass, first: number, last: number): Record<string, BufferSpec> {
  const table = layerTable(pass.network)
  const specs: Record<string, BufferSpec> = {}
  for (let layer = first; layer <= last; layer++) {
    if (passesOn(pass, layer)) continue
    const { width, activation } = table[layer - 1]
    const kinds = ['s']
    if (activation !== 'linear') kinds.push('u')
    if (isNoisy(pass, layer)) kinds.push('t')
    for (const kind of kinds) specs[`${pass.prefix}.${kind}${layer}`] = { type: 'f32', length: pass.rows * width }
  }
  return specs
}

/** S_l = f_l(T_{l-1}), without the noise. */
export function layerCommands(pass: Pass, layer: number): Command[] {
  if (passesOn(pass, layer)) return []
  const one = layerTable(pass.network)[layer - 1]
  const x = outputOf(pass, layer - 1)
  const s = `${pass.prefix}.s${layer}`
  if (one.type === 'dropout') return [dropped(pass, layer, x, s)]
  if (one.type === 'max-pool' || one.type === 'average-pool')
    return [dispatch(poolForward, poolShape(pass, one), { x, u: s }, poolOf(one))]
  const { activation: ACTIVATION, width } = one
  if (ACTIVATION === 'linear') return [weighted(pass, layer, one, x, s)]
  const u = `${pass.prefix}.u${layer}`
  return [
    weighted(pass, layer, one, x, u),
    dispatch(activationForward, { count: pass.rows * width }, { u, s }, { ACTIVATION }),
  ]
}

/** u = W x + b of a dense or convolution layer. */
function weighted(pass: Pass, layer: number, one: Layer, x: string, u: string): Command {
  const { rows, parameters, network } = pass
  const { inputs, outputs, weightsAt: weights_at, biasAt: bias_at } = parameterLayout(network).layers[layer - 1]
  if (one.type === 'conv2d') {
    const shape = imageShape(pass, one)
    const constants = conv2dForwardConstants(shape)
    return dispatch(conv2dForward, { ...shape, weights_at, bias_at }, { parameters, x, u }, constants)
  }
  const shape = { rows, inputs, outputs, weights_at, bias_at }
  return dispatch(denseForward, shape, { parameters, x, u }, denseConstants(shape))
}

function imageShape({ rows }: Pass, { spec, input: [channels, height, width] }: Layer) {
  const { channels: filters, kernel, stride = 1, padding = 0 } = spec as ConvolutionSpec
  return { rows, channels, height, width, filters, kernel, stride, padding }
}

function poolShape({ rows }: Pass, { spec, input: [channels, height, width] }: Layer) {
  return { rows, channels, height, width, size: (spec as PoolSpec).size }
}

const poolOf = ({ type, spec }: Layer) =>
  poolConstants(type === 'max-pool' ? 'max' : 'average', (spec as PoolSpec).size)

/** The numbers of `from` that the step keeps, times 1 / (1 - rate): what goes forward, and the gradients that go back. */
function dropped({ network, rows, draw }: Pass, layer: number, x: string, s: string): Command {
  const { spec, width } = layerTable(network)[layer - 1]
  const shape = { count: rows * width, layer, stream: streams.dropout, ...dropoutRate((spec as DropoutSpec).rate) }
  return dispatch(dropout, shape, { step: draw!.step, x, s })
}

/** T_l = S_l + Z_l, or nothing where the layer carries no noise. */
export function noiseCommands(pass: Pass, layer: number, from: Partial<NoiseSource> = {}): Command[] {
  const { network, draw, prefix, rows } = pass
  if (draw === null || !isNoisy(pass, layer)) return []
  const { width, noiseStd } = layerTable(network)[layer - 1]
  const { source = `${prefix}.s${layer}`, sourceFirst = 0, repeat = 1, firstRow = 0 } = from
  const shape = { rows, width, repeat, source_first: sourceFirst, noise_std: noiseStd }
  const counter = { stream: draw.stream, layer, first_row: firstRow }
  const buffers = { step: draw.step, source, noisy: `${prefix}.t${layer}` }
  return [dispatch(noise, { ...shape, ...counter }, buffers, { SOURCE: true })]
}

/** Where a layer's noise is added, if not to the pass's own rows one by one: row r takes source row first + r / repeat. */
export interface NoiseSource {
  source: string
  sourceFirst: number
  repeat: number
  /** Number of the pass's first row among all rows of the draw. */
  firstRow: number
}

/** The whole network: S_1 .. S_L, the logits in `outputOf(pass, L)`. */
export function forwardCommands(pass: Pass): Command[] {
  return pass.network.layers.flatMap((_, index) => [
    ...layerCommands(pass, index + 1),
    ...noiseCommands(pass, index + 1),
  ])
}

/** Gradients: of layer l's u in .du<l>, of its output in .ds<l>. */
export function backwardBuffers(pass: Pass): Record<string, BufferSpec> {
  const specs: Record<string, BufferSpec> = {}
  layerTable(pass.network).forEach(({ width, activation }, index) => {
    if (passesOn(pass, index + 1)) return
    for (const kind of activation === 'linear' ? ['ds'] : ['du', 'ds'])
      specs[`${pass.prefix}.${kind}${index + 1}`] = { type: 'f32', length: pass.rows * width }
  })
  return specs
}

export type Loss = 'cross-entropy' | 'mse'

/**
 * Backpropagation of the loss, a mean over the step's rows, into `gradients` (+=). Noise has no parameter, so the gradient of
 * T = S + Z passes through unchanged.
 */
export function backwardCommands(
  pass: Pass,
  names: { labels: string; gradients: string; step: string },
  loss: Loss = 'cross-entropy',
): Command[] {
  const last = pass.network.layers.length
  const rows = { rows: pass.rows, classes: layerTable(pass.network)[last - 1].width }
  const buffers = {
    step: names.step,
    logits: outputOf(pass, last),
    labels: names.labels,
    d_logits: gradientOf(pass, last),
  }
  const start = dispatch(loss === 'mse' ? meanSquaredErrorBackward : crossEntropyBackward, rows, buffers)
  const layers = pass.network.layers.map((_, index) => last - index).filter((layer) => !passesOn(pass, layer))
  return [start, ...layers.flatMap((layer) => layerBackward(pass, layer, names.gradients))]
}

/** From the gradient of T_l to that of T_{l-1} and of the layer's parameters; nothing needs that of the network's input. */
function layerBackward(pass: Pass, layer: number, gradients: string): Command[] {
  const one = layerTable(pass.network)[layer - 1]
  const d_s = gradientOf(pass, layer)
  const x = outputOf(pass, layer - 1)
  const below = hasGradient(pass, layer - 1) ? gradientOf(pass, layer - 1) : null
  if (one.type === 'dropout') return below ? [dropped(pass, layer, d_s, below)] : []
  if (one.type === 'max-pool' || one.type === 'average-pool') {
    const values = one.type === 'max-pool' ? { x } : {}
    const buffers = { ...values, d_u: d_s, d_x: below! }
    return below ? [dispatch(poolBackward, poolShape(pass, one), buffers, poolOf(one))] : []
  }
  const { activation: ACTIVATION, width } = one
  const count = pass.rows * width
  if (ACTIVATION === 'linear') return weightedBackward(pass, layer, one, { x, d_u: d_s, gradients, below })
  const [s, d_u] = [`${pass.prefix}.s${layer}`, `${pass.prefix}.du${layer}`]
  const through = dispatch(activationBackward, { count }, { s, d_s, d_u }, { ACTIVATION })
  return [through, ...weightedBackward(pass, layer, one, { x, d_u, gradients, below })]
}

/** Whether anything of T_l depends on a parameter. */
function hasGradient(pass: Pass, layer: number): boolean {
  return layer > 0 && (!passesOn(pass, layer) || hasGradient(pass, layer - 1))
}

function weightedBackward(
  pass: Pass,
  layer: number,
  one: Layer,
  { x, d_u, gradients, below }: { x: string; d_u: string; gradients: string; below: string | null },
): Command[] {
  const { rows, parameters, network } = pass
  const { inputs, outputs, weightsAt: weights_at, biasAt: bias_at } = parameterLayout(network).layers[layer - 1]
  if (one.type === 'conv2d') {
    const shape = { ...imageShape(pass, one), weights_at }
    const constants = conv2dBackwardWeightsConstants(shape)
    const weights = dispatch(conv2dBackwardWeights, { ...shape, bias_at }, { x, d_u, gradients }, constants)
    if (!below) return [weights]
    const turned = conv2dBackwardInputConstants(shape)
    return [weights, dispatch(conv2dBackwardInput, shape, { parameters, d_u, d_x: below }, turned)]
  }
  const shape = { rows, inputs, outputs, weights_at }
  const constants = denseBackwardWeightsConstants(shape)
  const weights = dispatch(denseBackwardWeights, { ...shape, bias_at }, { x, d_u, gradients }, constants)
  if (!below) return [weights]
  const tiles = denseBackwardInputConstants(shape)
  return [weights, dispatch(denseBackwardInput, shape, { parameters, d_u, d_x: below }, tiles)]
}
