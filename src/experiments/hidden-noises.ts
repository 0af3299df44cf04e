import type { DataSet } from '../data/dataset.js'
import { layerTable } from '../network/network.js'
import type { Config } from './config.js'
import { networkOf } from './settle.js'

/** beta of each hidden layer that carries noise or might, from the input up; RangeError where layers do not stand on one another. */
export function hiddenNoises(config: Pick<Config, 'network' | 'noise'>, data: DataSet): number[] {
  return layerTable(networkOf(config, data))
    .slice(0, -1)
    .filter(({ type, noiseStd }) => noiseStd > 0 || type === 'dense' || type === 'conv2d')
    .map(({ noiseStd }) => noiseStd)
}

/** The one value of all layers; null where they differ. */
export function commonNoise(noises: readonly number[]): number | null {
  return noises.every((one) => one === noises[0]) ? (noises[0] ?? 0) : null
}
