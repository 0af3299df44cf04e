/** Networks and data to train on: the paper's, and one small enough to differentiate parameter by parameter. */
import { icosahedron } from '../../src/data/icosahedron.js'
import type { DataSet } from '../../src/data/dataset.js'
import type { NetworkSpec } from '../../src/network/network.js'
import type { TrainingSetup } from '../../src/training/setup.js'
import { uniform, whole } from '../kernels/samples.js'

export const adamOptions = { learningRate: 4e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** Layers of these widths behind `inputWidth` inputs, tanh but for the last one. */
export function networkOf(inputWidth: number, widths: number[], noiseStd: number): NetworkSpec {
  const activation = (i: number) => (i < widths.length - 1 ? 'tanh' : 'linear')
  return { inputWidth, noiseStd, layers: widths.map((width, i) => ({ width, activation: activation(i) })) }
}

/** 12-10-7-5-4-3-2 with noise 0.005, in batches of 256. */
export function paperSetup(trainCount: number, seed = 1): TrainingSetup {
  const network = networkOf(12, [10, 7, 5, 4, 3, 2], 0.005)
  return {
    seeds: [seed],
    data: icosahedron(),
    network,
    training: { epochs: 1, batchSize: 256, trainCount, ...adamOptions },
  }
}

/** 5-4-3-3 with much noise; 24 random inputs of three classes, 20 to train on in batches of 16 and 4. */
export function smallSetup(seed = 1): TrainingSetup {
  const training = { epochs: 1, batchSize: 16, trainCount: 20, ...adamOptions }
  return { seeds: [seed], data: randomData(24, 5, 3), network: networkOf(5, [4, 3, 3], 0.3), training }
}

function randomData(count: number, width: number, classes: number): DataSet {
  return {
    name: 'random',
    count,
    width,
    classes,
    enumerated: true,
    inputs: uniform(count * width, 7, -2, 2),
    labels: whole(count, 8, classes),
  }
}
