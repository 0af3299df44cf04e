/** An MLP and a LeNet, with parameters, as tensors under the names that PyTorch users give them. */
import type { NetworkSpec } from '../../src/network/network.js'
import { initialParameters, stateDict } from '../../src/network/parameters.js'
import type { Tensor } from '../../src/tables/rows.js'

export const mlp: NetworkSpec = {
  inputWidth: 12,
  layers: [
    { width: 10, activation: 'tanh' },
    { width: 7, activation: 'tanh' },
    { width: 2, activation: 'linear' },
  ],
  noiseStd: 0.01,
}

/** Eleven hidden layers of one width: only numbers or order tell them apart. */
export const deep: NetworkSpec = {
  inputWidth: 5,
  layers: Array.from({ length: 12 }, () => ({ width: 5, activation: 'relu' as const })),
  noiseStd: 0,
}

export const lenet: NetworkSpec = {
  inputWidth: 28 * 28,
  inputShape: [1, 28, 28],
  layers: [
    { type: 'conv2d', channels: 6, kernel: 5, padding: 2, activation: 'tanh' },
    { type: 'average-pool', size: 2 },
    { type: 'conv2d', channels: 16, kernel: 5, activation: 'tanh' },
    { type: 'average-pool', size: 2 },
    { type: 'flatten' },
    { type: 'dense', width: 20, activation: 'tanh' },
    { type: 'dropout', rate: 0.5 },
    { type: 'dense', width: 84, activation: 'tanh' },
    { type: 'dense', width: 10, activation: 'linear' },
  ],
  noiseStd: 0,
}

export const parametersOf = (network: NetworkSpec) => initialParameters(network, 7)

/** The state_dict with the modules named `prefixes`, one for each layer that has parameters, in PyTorch's order. */
export function named(network: NetworkSpec, prefixes: string[]): Tensor[] {
  return stateDict(network, parametersOf(network)).map((tensor, i) => ({
    ...tensor,
    name: `${prefixes[i >> 1]}.${i % 2 === 0 ? 'weight' : 'bias'}`,
  }))
}

/** As safetensors' own writer puts them: by name, `fc.bias` before `fc.weight`. */
export const sorted = (tensors: Tensor[]) => tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))

export const tensor = (name: string, shape: number[], value = 0.5): Tensor => ({
  name,
  shape,
  data: new Float32Array(shape.reduce((all, side) => all * side, 1)).fill(value),
})
