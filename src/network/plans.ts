/**
 * Turns a network into lists of commands. Of layer l (from 1) a forward pass fills <prefix>.u<l> (before the activation),
 * .s<l> (after it, before the noise) and .t<l> (after the noise; where there is none .s<l> itself is what goes on). A linear
 * layer has no u: its s is written at once.
 */
import { activationBackward } from '../kernels/activation-backward.js'
import { activationForward } from '../kernels/activation-forward.js'
import { crossEntropyBackward } from '../kernels/cross-entropy-backward.js'
import { denseBackwardInput } from '../kernels/dense-backward-input.js'
import { denseBackwardWeights } from '../kernels/dense-backward-weights.js'
import { denseConstants, denseForward } from '../kernels/dense-forward.js'
import { noise } from '../kernels/noise.js'
import { dispatch, type BufferSpec, type Command } from '../plan.js'
import type { NetworkSpec } from './network.js'
import { parameterLayout } from './parameters.js'

/** The noise of one pass: Philox counter (block, layer, step, stream), the key being the Step's seed. */
export interface NoiseDraw {
  stream: number
  /** Buffer of one Step. */
  step: string
}

export interface Pass {
  network: NetworkSpec
  /** Begins the names of the pass's buffers. */
  prefix: string
  rows: number
  /** Buffer of all parameters. */
  parameters: string
  /** null: a noiseless pass. */
  draw: NoiseDraw | null
}

export const streams = { trainingNoise: 4, replicaNoise: 5, queryNoise: 6 } as const

/** Whether layer l carries noise in this pass: every hidden layer does, the output layer never. */
export function isNoisy({ network, draw }: Pass, layer: number): boolean {
  return draw !== null && network.noiseStd > 0 && layer < network.layers.length
}

/** The buffer that holds T_l: noisy, or S_l where the layer carries no noise. */
export function outputOf(pass: Pass, layer: number): string {
  return `${pass.prefix}.${isNoisy(pass, layer) ? 't' : 's'}${layer}`
}

/** The buffers that the commands of layers first..last write. */
export function forwardBuffers(pass: Pass, first: number, last: number): Record<string, BufferSpec> {
  const specs: Record<string, BufferSpec> = {}
  for (let layer = first; layer <= last; layer++) {
    const length = pass.rows * pass.network.layers[layer - 1].width
    const kinds = ['s']
    if (pass.network.layers[layer - 1].activation !== 'linear') kinds.push('u')
    if (isNoisy(pass, layer)) kinds.push('t')
    for (const kind of kinds) specs[`${pass.prefix}.${kind}${layer}`] = { type: 'f32', length }
  }
  return specs
}

/** S_l = f_l(input of layer l), without the noise. */
export function layerCommands(pass: Pass, layer: number, input: string): Command[] {
  const { network, prefix, rows, parameters } = pass
  const { inputs, outputs, weightsAt, biasAt } = parameterLayout(network).layers[layer - 1]
  const [u, s] = [`${prefix}.u${layer}`, `${prefix}.s${layer}`]
  const shape = { rows, inputs, outputs, weights_at: weightsAt, bias_at: biasAt }
  const constants = denseConstants(shape)
  const { activation: ACTIVATION } = network.layers[layer - 1]
  if (ACTIVATION === 'linear') return [dispatch(denseForward, shape, { parameters, x: input, u: s }, constants)]
  return [
    dispatch(denseForward, shape, { parameters, x: input, u }, constants),
    dispatch(activationForward, { count: rows * outputs }, { u, s }, { ACTIVATION }),
  ]
}

/** T_l = S_l + Z_l, or nothing where the layer carries no noise. */
export function noiseCommands(pass: Pass, layer: number, from: Partial<NoiseSource> = {}): Command[] {
  const { network, draw, prefix, rows } = pass
  if (draw === null || !isNoisy(pass, layer)) return []
  const { width } = network.layers[layer - 1]
  const { source = `${prefix}.s${layer}`, sourceFirst = 0, repeat = 1, firstRow = 0 } = from
  const shape = { rows, width, repeat, source_first: sourceFirst, noise_std: network.noiseStd }
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
export function forwardCommands(pass: Pass, input: string): Command[] {
  const commands: Command[] = []
  pass.network.layers.forEach((_, index) => {
    const layer = index + 1
    commands.push(...layerCommands(pass, layer, input), ...noiseCommands(pass, layer))
    input = outputOf(pass, layer)
  })
  return commands
}

/** Gradients: of layer l's u in .du<l>, of its output in .ds<l>. */
export function backwardBuffers(pass: Pass): Record<string, BufferSpec> {
  const specs: Record<string, BufferSpec> = {}
  pass.network.layers.forEach(({ width, activation }, index) => {
    for (const kind of activation === 'linear' ? ['ds'] : ['du', 'ds'])
      specs[`${pass.prefix}.${kind}${index + 1}`] = { type: 'f32', length: pass.rows * width }
  })
  return specs
}

/**
 * Backpropagation of the mean softmax cross-entropy over the step's rows into `gradients` (+=). Noise has no parameter, so the
 * gradient of T = S + Z passes through unchanged.
 */
export function backwardCommands(
  pass: Pass,
  names: { input: string; labels: string; gradients: string; step: string },
): Command[] {
  const { network, prefix, rows, parameters } = pass
  const last = network.layers.length
  const classes = network.layers[last - 1].width
  const entropy = {
    step: names.step,
    logits: outputOf(pass, last),
    labels: names.labels,
    d_logits: `${prefix}.ds${last}`,
  }
  const commands = [dispatch(crossEntropyBackward, { rows, classes }, entropy)]
  for (let layer = last; layer >= 1; layer--) {
    const { inputs, outputs, weightsAt, biasAt } = parameterLayout(network).layers[layer - 1]
    const ACTIVATION = network.layers[layer - 1].activation
    const [s, d_s] = [`${prefix}.s${layer}`, `${prefix}.ds${layer}`]
    const d_u = ACTIVATION === 'linear' ? d_s : `${prefix}.du${layer}`
    const x = layer === 1 ? names.input : outputOf(pass, layer - 1)
    const shape = { rows, inputs, outputs, weights_at: weightsAt }
    if (d_u !== d_s)
      commands.push(dispatch(activationBackward, { count: rows * outputs }, { s, d_s, d_u }, { ACTIVATION }))
    commands.push(dispatch(denseBackwardWeights, { ...shape, bias_at: biasAt }, { x, d_u, gradients: names.gradients }))
    if (layer > 1)
      commands.push(dispatch(denseBackwardInput, shape, { parameters, d_u, d_x: `${prefix}.ds${layer - 1}` }))
  }
  return commands
}
