/**
 * All weights and biases of a network lie in one array, layer after layer, weights (outputs x inputs) before bias: PyTorch's
 * order of parameters(), so one optimiser dispatch serves all and a state_dict is a list of slices. A convolution's weights are
 * channels x (input channels x kernel x kernel), so that a row is what one neuron, or one pixel of one channel, sums over.
 */
import { philox4x32, seedKey } from '../math/philox.js'
import type { Tensor } from '../tables/rows.js'
import { layerTable, type Layer, type NetworkSpec } from './network.js'

/** Weights as a matrix; a layer without parameters has 0 outputs and 0 inputs. */
export interface MatrixLayout {
  inputs: number
  outputs: number
  weightsAt: number
  biasAt: number
}

/** Where each layer's parameters lie, and how many numbers there are. */
export function parameterLayout(network: NetworkSpec): { layers: MatrixLayout[]; count: number } {
  let count = 0
  const layers = layerTable(network).map((one) => {
    const [outputs, inputs] = matrixOf(one)
    const layer = { inputs, outputs, weightsAt: count, biasAt: count + outputs * inputs }
    count = layer.biasAt + outputs
    return layer
  })
  return { layers, count }
}

/** Outputs x inputs. */
function matrixOf({ spec, input, inputs }: Layer): [outputs: number, inputs: number] {
  if (spec.type === 'conv2d') return [spec.channels, input[0] * spec.kernel ** 2]
  return spec.type === undefined || spec.type === 'dense' ? [spec.width, inputs] : [0, 0]
}

export const initialisations = ['pytorch', 'glorot', 'he'] as const
/**
 * pytorch: weights and biases uniform on +-1 / sqrt(inputs), its default. glorot: weights uniform on +-sqrt(6 / (inputs + outputs)) of
 * a pixel (Glorot & Bengio 2010). he: weights normal with variance 2 / inputs (He et al. 2015). Biases of the last two are 0.
 */
export type Initialisation = (typeof initialisations)[number]

const initialisationStream = 3

/** From (seed, layer). */
export function initialParameters(network: NetworkSpec, seed: number, how: Initialisation = 'pytorch'): Float32Array {
  const { layers, count } = parameterLayout(network)
  const table = layerTable(network)
  const parameters = new Float32Array(count)
  layers.forEach(({ inputs, outputs, weightsAt, biasAt }, index) => {
    if (outputs === 0) return
    const draw = (i: number) => philox4x32([i >>> 2, index + 1, 0, initialisationStream], seedKey(seed))
    const even = (i: number) => 2 * ((draw(i)[i & 3] + 0.5) / 2 ** 32) - 1
    const { spec } = table[index]
    const area = spec.type === 'conv2d' ? spec.kernel ** 2 : 1
    const value = {
      pytorch: (i: number) => even(i) / Math.sqrt(inputs),
      glorot: (i: number) => even(i) * Math.sqrt(6 / (inputs + outputs * area)),
      he: (i: number) => normal(draw(i), i & 3) * Math.sqrt(2 / inputs),
    }[how]
    const end = how === 'pytorch' ? biasAt + outputs : biasAt
    for (let at = weightsAt; at < end; at++) parameters[at] = value(at - weightsAt)
  })
  return parameters
}

/** Box-Muller on the first or second pair of words. */
function normal(words: ArrayLike<number>, component: number): number {
  const [a, b] = [words[component & 2], words[(component & 2) + 1]]
  const radius = Math.sqrt(-2 * Math.log((a + 0.5) / 2 ** 32))
  const angle = (2 * Math.PI * (b + 0.5)) / 2 ** 32
  return radius * (component & 1 ? Math.sin(angle) : Math.cos(angle))
}

/**
 * The parameters as named tensors: those of a torch.nn.Sequential in which each layer of ours stands once and each activation other
 * than linear is a module behind it, so `0.weight`, `0.bias`, `2.weight` for Linear, Tanh, Linear.
 */
export function stateDict(network: NetworkSpec, parameters: Float32Array): Tensor[] {
  const { layers } = parameterLayout(network)
  let module = 0
  return layerTable(network).flatMap(({ spec, input, activation }, index) => {
    const { inputs, outputs, weightsAt, biasAt } = layers[index]
    const name = module
    module += activation === 'linear' ? 1 : 2
    if (outputs === 0) return []
    const shape = spec.type === 'conv2d' ? [outputs, input[0], spec.kernel, spec.kernel] : [outputs, inputs]
    return [
      { name: `${name}.weight`, shape, data: parameters.slice(weightsAt, biasAt) },
      { name: `${name}.bias`, shape: [outputs], data: parameters.slice(biasAt, biasAt + outputs) },
    ]
  })
}
