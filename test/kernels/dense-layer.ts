/** Dense layers to test kernels on: the paper's, the smallest, and some too large to be unrolled. */
import { uniform } from './samples.js'

export interface DenseShape {
  inputs: number
  outputs: number
  weights_at: number
  bias_at: number
}

const widths = [12, 10, 7, 5, 4, 3, 2]

/** Weights begin at 5, and the bias 3 elements after their end: nothing that lies between may matter. */
export function shapeOf(inputs: number, outputs: number): DenseShape {
  return { inputs, outputs, weights_at: 5, bias_at: 5 + inputs * outputs + 3 }
}

export const paperLayers = widths.slice(1).map((outputs, i) => shapeOf(widths[i], outputs))
export const smallest = shapeOf(1, 1)
export const large = shapeOf(70, 33)

/** Rows and a layer: of MNIST's networks, of less than a tile either way, and with tiles that are cut off. */
export const batches: [rows: number, shape: DenseShape][] = [
  [64, shapeOf(512, 128)],
  [64, shapeOf(128, 10)],
  [7, shapeOf(33, 5)],
  [1, shapeOf(1, 600)],
  [9, shapeOf(600, 1)],
  [17, shapeOf(41, 25)],
]

/** Rows: one, a vector of four and its neighbours, one workgroup and one more (of 4 and 64 lanes), a batch. */
export const rowCounts = [1, 3, 4, 5, 16, 17, 64, 65, 205, 256]

/** Random weights and bias at their places, with NaN around them. */
export function parametersOf({ inputs, outputs, weights_at, bias_at }: DenseShape): Float32Array {
  const parameters = new Float32Array(bias_at + outputs + 2).fill(NaN)
  parameters.set(uniform(inputs * outputs, 11), weights_at)
  parameters.set(uniform(outputs, 12), bias_at)
  return parameters
}
