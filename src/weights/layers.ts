/** What each layer with parameters needs, in the shapes that PyTorch gives them. */
import { parameterLayout, stateDict } from '../network/parameters.js'
import { layerTable, type NetworkSpec } from '../network/network.js'

export interface LayerNeed {
  /** From 1, layers without parameters counted. */
  layer: number
  /** dense, conv2d. */
  type: string
  /** (out, in) or (out, in, kernel, kernel). */
  shape: readonly number[]
  /** Of our own state_dict. */
  prefix: string
  weightsAt: number
  biasAt: number
  outputs: number
}

/** In their order. Throws RangeError where a layer cannot stand on the one below. */
export function layerNeeds(network: NetworkSpec): LayerNeed[] {
  const { layers, count } = parameterLayout(network)
  const weights = stateDict(network, new Float32Array(count)).filter((_, i) => i % 2 === 0)
  return layerTable(network)
    .map(({ type }, index) => ({ type, layer: index + 1, ...layers[index] }))
    .filter(({ outputs }) => outputs > 0)
    .map(({ layer, type, weightsAt, biasAt, outputs }, i) => {
      const { name, shape } = weights[i]
      return { layer, type, shape, prefix: name.replace(/\.weight$/, ''), weightsAt, biasAt, outputs }
    })
}

export const sameShape = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((side, i) => side === b[i])

/** [10, 12], as errors show it. */
export const sides = (shape: readonly number[]) =>
  shape.length > 8 ? `[${shape.slice(0, 8).join(', ')}, …]` : `[${shape.join(', ')}]`
