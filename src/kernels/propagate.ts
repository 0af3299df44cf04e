/**
 * Noisy rows through several small layers in one dispatch. shaders/propagate.wgsl
 *
 * The reference strings together the references of the kernels it stands for, so that both paths have one mathematics.
 */
import { activationForward } from './activation-forward.js'
import { denseForward } from './dense-forward.js'
import { operations, type Constants, type Kernel } from './kernel.js'
import { noise } from './noise.js'

type Params = 'rows' | 'repeat' | 'source_first' | 'first_row' | 'first_layer' | 'stream'
export type Kept = `kept_${1 | 2 | 3 | 4 | 5}`
type Names = 'step' | 'parameters' | 'source' | Kept

/** Buffers that one dispatch writes, at most: with step, parameters and source the eight that every adapter has. */
export const mostKept = 5

/** Rows that one invocation takes where few run at a time, so that the parameters are copied once for many. */
const softwareGroups = 128

export const propagate: Kernel<Params, Names> = {
  name: 'propagate',
  writes: ['kept_1', 'kept_2', 'kept_3', 'kept_4', 'kept_5'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows }, workgroup) => {
    const groups = Math.ceil(rows / workgroup)
    return [Math.min(groups, workgroup < 32 ? softwareGroups : 2 ** 15)]
  },
  work: ({ rows, repeat, source_first, first_row, stream }, constants) => {
    const layers = layersOf(constants)
    const draw = { rows, repeat, source_first, first_row, stream, layer: 0 }
    const parts = layers.flatMap(({ inputs, outputs, weights_at, bias_at, linear, noise_std }) => [
      ...(noise_std > 0 ? [noise.work({ ...draw, width: inputs, noise_std }, {})] : []),
      denseForward.work({ rows, inputs, outputs, weights_at, bias_at }, {}),
      ...(linear ? [] : [activationForward.work({ count: rows * outputs }, constants)]),
    ])
    const kept = layers.reduce((sum, layer) => sum + (layer.kept ? layer.outputs : 0), 0)
    const parameters = layers.reduce((sum, { inputs, outputs }) => sum + outputs * (inputs + 1), 0)
    const bytes = 4 * (rows * kept + (rows / repeat) * layers[0].inputs + parameters)
    return { ...operations(parts), bytes }
  },
  reference(params, buffers, constants) {
    const { rows, first_layer, ...draw } = params
    const { step, parameters } = buffers
    let [source, slot] = [buffers.source, 0]
    layersOf(constants).forEach(({ inputs, outputs, weights_at, bias_at, linear, noise_std, kept }, l) => {
      const from = l === 0 ? draw : { ...draw, repeat: 1, source_first: 0 }
      const x = new Float64Array(rows * inputs)
      const shape = { rows, width: inputs, layer: first_layer + l - 1, noise_std }
      noise.reference({ ...from, ...shape }, { step, source, noisy: x }, { SOURCE: true })
      const u = new Float64Array(rows * outputs)
      denseForward.reference({ rows, inputs, outputs, weights_at, bias_at }, { parameters, x, u }, {})
      const s = new Float64Array(u)
      if (!linear) activationForward.reference({ count: u.length }, { u, s }, constants)
      if (kept) buffers[`kept_${++slot}` as Kept].set(s)
      source = s
    })
  },
}

export interface PropagatedLayer {
  inputs: number
  outputs: number
  weights_at: number
  bias_at: number
  linear: boolean
  /** Of the noise on its input. */
  noise_std: number
  /** Whether its S is wanted. */
  kept: boolean
}

/** The constants of layers that follow one another, their parameters beside one another. */
export function propagateConstants(layers: PropagatedLayer[], activation: string): Constants {
  const first = layers[0].weights_at
  const quads = (width: number) => Math.ceil(width / 4)
  const constants: Constants = { ACTIVATION: activation, LAYERS: layers.length, FIRST: first }
  let [at, slot] = [0, 0]
  layers.forEach(({ inputs, outputs, weights_at, bias_at, linear, noise_std, kept }, l) => {
    const layer = { INPUTS: inputs, OUTPUTS: outputs, LINEAR: linear, NOISE_STD: noise_std, QUADS: quads(inputs) }
    const places = {
      WEIGHTS_AT: weights_at - first,
      BIAS_AT: bias_at - first,
      IN_AT: at,
      OUT_AT: at + 4 * quads(inputs),
    }
    const result = { KEPT: kept ? ++slot : 0, BINDING: 3 + slot }
    for (const [name, value] of Object.entries({ ...layer, ...places, ...result })) constants[`${name}_${l}`] = value
    at += 4 * quads(inputs)
  })
  const last = layers.at(-1)!
  return { ...constants, ROW: at + 4 * quads(last.outputs), COUNT: last.bias_at + last.outputs - first }
}

function layersOf(constants: Constants): PropagatedLayer[] {
  const number = (name: string) => Number(constants[name])
  return Array.from({ length: number('LAYERS') }, (_, l) => ({
    inputs: number(`INPUTS_${l}`),
    outputs: number(`OUTPUTS_${l}`),
    weights_at: number('FIRST') + number(`WEIGHTS_AT_${l}`),
    bias_at: number('FIRST') + number(`BIAS_AT_${l}`),
    linear: Boolean(constants[`LINEAR_${l}`]),
    noise_std: number(`NOISE_STD_${l}`),
    kept: Boolean(constants[`KEPT_${l}`]),
  }))
}
