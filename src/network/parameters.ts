/**
 * All weights and biases of a network lie in one array, layer after layer, weights (outputs x inputs) before bias: PyTorch's
 * order of parameters(), so one optimiser dispatch serves all and a state_dict is a list of slices.
 */
import { philox4x32, seedKey } from '../math/philox.js'
import type { Tensor } from '../tables/rows.js'
import type { NetworkSpec } from './network.js'

export interface DenseLayout {
  inputs: number
  outputs: number
  weightsAt: number
  biasAt: number
}

/** Where each layer's parameters lie, and how many numbers there are. */
export function parameterLayout(network: NetworkSpec): { layers: DenseLayout[]; count: number } {
  let count = 0
  let inputs = network.inputWidth
  const layers = network.layers.map(({ width: outputs }) => {
    const layer = { inputs, outputs, weightsAt: count, biasAt: count + outputs * inputs }
    count = layer.biasAt + outputs
    inputs = outputs
    return layer
  })
  return { layers, count }
}

const initialisationStream = 3

/** PyTorch's default: weights and biases uniform on +-1 / sqrt(fan_in), from (seed, layer). */
export function initialParameters(network: NetworkSpec, seed: number): Float32Array {
  const { layers, count } = parameterLayout(network)
  const parameters = new Float32Array(count)
  layers.forEach(({ inputs, outputs, weightsAt }, index) => {
    const bound = 1 / Math.sqrt(inputs)
    for (let i = 0; i < outputs * (inputs + 1); i++) {
      const word = philox4x32([i >>> 2, index + 1, 0, initialisationStream], seedKey(seed))[i & 3]
      parameters[weightsAt + i] = bound * (2 * ((word + 0.5) / 2 ** 32) - 1)
    }
  })
  return parameters
}

/** The parameters as named tensors: those of torch.nn.Sequential(Linear, Tanh, Linear, ...), so `0.weight`, `0.bias`, `2.weight`. */
export function stateDict(network: NetworkSpec, parameters: Float32Array): Tensor[] {
  return parameterLayout(network).layers.flatMap(({ inputs, outputs, weightsAt, biasAt }, index) => [
    { name: `${2 * index}.weight`, shape: [outputs, inputs], data: parameters.slice(weightsAt, biasAt) },
    { name: `${2 * index}.bias`, shape: [outputs], data: parameters.slice(biasAt, biasAt + outputs) },
  ])
}
