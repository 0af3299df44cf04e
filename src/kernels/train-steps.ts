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
import { type Buffers, type Constants, type Kernel, type Numbers } from './kernel.js'
import { noise } from './noise.js'
import { stepWords, unpackStep } from './step.js'

type Rates = 'beta1' | 'beta2' | 'one_minus_beta1' | 'one_minus_beta2' | 'epsilon' | 'weight_decay'
type Params = 'networks' | 'steps' | 'order_length' | 'noise_std' | 'stream' | Rates
type Names = 'schedule' | 'order' | 'inputs' | 'labels' | 'parameters' | 'first' | 'second'

export const trainSteps: Kernel<Params, Names> = {
  name: 'train-steps',
  writes: ['parameters', 'first', 'second'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ networks }) => [networks],
  work: ({ networks, steps }, constants) => {
    const rows = 256 * networks
    const products = layersOf(constants).reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0)
    return { flops: steps * rows * 6 * products, exps: steps * rows * Number(constants.ROW), bytes: 0 }
  },
  reference(params, buffers, constants) {
    for (let network = 0; network < params.networks; network++) {
      const own = ownOf(buffers, network, params, Number(constants.COUNT))
      for (let n = 0; n < params.steps; n++) {
        oneStep(params, own, own.schedule.subarray(n * stepWords, (n + 1) * stepWords), constants)
      }
    }
  },
}

interface FusedLayer {
  inputs: number
  outputs: number
  weights_at: number
  bias_at: number
  linear: boolean
  noisy: boolean
}

/** The constants of a network: `count` parameters, layers from the first, `bytes` of workgroup memory for gradients. */
export function trainConstants(layers: FusedLayer[], activation: string, gradientFloats: number): Constants {
  const count = layers.reduce((sum, { inputs, outputs }) => sum + outputs * (inputs + 1), 0)
  const quads = (width: number) => Math.ceil(width / 4)
  let at = 4 * quads(layers[0].inputs)
  const constants: Constants = { LAYERS: layers.length, COUNT: count, ACTIVATION: activation }
  layers.forEach(({ inputs, outputs, weights_at, bias_at, linear, noisy }, l) => {
    const inAt = l === 0 ? 0 : Number(constants[`OUT_AT_${l - 1}`])
    const layer = {
      INPUTS: inputs,
      OUTPUTS: outputs,
      WEIGHTS_AT: weights_at,
      BIAS_AT: bias_at,
      LINEAR: linear,
      NOISY: noisy,
    }
    const places = { QUADS: quads(outputs), IN_AT: inAt, OUT_AT: at, FIRST: l === 0 }
    for (const [name, value] of Object.entries({ ...layer, ...places })) constants[`${name}_${l}`] = value
    at += 4 * quads(outputs)
  })
  const last = layers.at(-1)!
  const logits = { CLASSES: last.outputs, LOGITS_AT: at - 4 * quads(last.outputs), ROW: at }
  return { ...constants, ...logits, CHUNK: Math.min(count, gradientFloats) }
}

function layersOf(constants: Constants): FusedLayer[] {
  return Array.from({ length: Number(constants.LAYERS) }, (_, l) => ({
    inputs: Number(constants[`INPUTS_${l}`]),
    outputs: Number(constants[`OUTPUTS_${l}`]),
    weights_at: Number(constants[`WEIGHTS_AT_${l}`]),
    bias_at: Number(constants[`BIAS_AT_${l}`]),
    linear: Boolean(constants[`LINEAR_${l}`]),
    noisy: Boolean(constants[`NOISY_${l}`]),
  }))
}

/** What a network has of the buffers: its part of each, and the data that all share. */
function ownOf(
  buffers: Buffers<Names>,
  network: number,
  { steps, order_length }: Record<Params, number>,
  count: number,
): Buffers<Names> {
  const part = (name: Names, length: number) => buffers[name].subarray(network * length, (network + 1) * length)
  const [parameters, first, second] = (['parameters', 'first', 'second'] as const).map((name) => part(name, count))
  const [schedule, order] = [part('schedule', steps * stepWords), part('order', order_length)]
  return { ...buffers, parameters, first, second, schedule, order }
}

function oneStep(params: Record<Params, number>, buffers: Buffers<Names>, step: Numbers, constants: Constants): void {
  const { parameters, first, second } = buffers
  const layers = layersOf(constants)
  const count = parameters.length
  const gradients = new Float64Array(count)
  const { rows } = unpackStep(step)
  const x = new Float64Array(rows * layers[0].inputs)
  const batch_labels = new Uint32Array(rows)
  gatherRows.reference({ rows, width: layers[0].inputs }, { ...buffers, step, batch: x, batch_labels }, {})
  const passes = forward(params, parameters, x, layers, rows, step, constants)
  let d_s = new Float64Array(rows * Number(constants.CLASSES))
  const logits = { step, logits: passes.at(-1)!.t, labels: batch_labels, d_logits: d_s }
  crossEntropyBackward.reference({ rows, classes: Number(constants.CLASSES) }, logits, {})
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
  adam.reference({ count, ...params }, { step, gradients, first, second, parameters }, {})
}

function forward(
  params: Record<Params, number>,
  parameters: Buffers<Names>['parameters'],
  x: Float64Array,
  layers: FusedLayer[],
  rows: number,
  step: Numbers,
  constants: Constants,
): { s: Float64Array; t: Float64Array }[] {
  return layers.map(({ inputs, outputs, weights_at, bias_at, linear, noisy }, l) => {
    const u = new Float64Array(rows * outputs)
    denseForward.reference({ rows, inputs, outputs, weights_at, bias_at }, { parameters, x, u }, {})
    const s = new Float64Array(u)
    if (!linear) activationForward.reference({ count: u.length }, { u, s }, constants)
    const t = new Float64Array(s)
    const shape = { rows, width: outputs, repeat: 1, source_first: 0, layer: l + 1, first_row: 0 }
    if (noisy) noise.reference({ ...params, ...shape }, { step, source: s, noisy: t }, { SOURCE: true })
    x = t
    return { s, t }
  })
}
