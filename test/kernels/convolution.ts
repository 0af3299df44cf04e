/** Convolutions to test kernels on: the smallest, strides, paddings, pixels left over, and the layers of a network for MNIST. */
import { convolvedPixels, type ConvShape } from '../../src/kernels/conv2d.js'
import { uniform } from './samples.js'

/** Of `channels` x `height` x `width` by `filters` filters. */
function shapeOf(
  [channels, height, width]: [number, number, number],
  [filters, kernel, stride, padding]: [number, number, number, number],
): ConvShape {
  return { channels, height, width, filters, kernel, stride, padding }
}

export const small: ConvShape[] = [
  shapeOf([1, 1, 1], [1, 1, 1, 0]),
  shapeOf([3, 1, 1], [2, 1, 1, 0]),
  shapeOf([1, 1, 1], [1, 3, 1, 1]),
  shapeOf([2, 3, 7], [3, 3, 1, 0]),
  shapeOf([1, 5, 5], [4, 3, 1, 1]),
  shapeOf([2, 5, 6], [1, 5, 1, 2]),
  shapeOf([3, 6, 5], [5, 2, 1, 1]),
  shapeOf([5, 17, 9], [9, 3, 1, 1]),
]

export const strided: ConvShape[] = [
  shapeOf([2, 7, 7], [3, 3, 2, 0]),
  // the last row and column are seen by no output
  shapeOf([2, 8, 6], [3, 3, 2, 0]),
  shapeOf([3, 8, 9], [2, 3, 2, 1]),
  shapeOf([1, 9, 8], [5, 5, 2, 2]),
  // pixels between filters are skipped
  shapeOf([2, 8, 8], [3, 2, 3, 1]),
]

/** Planes as wide as a tile, with zeros around and between: more padding than a kernel reaches, too. */
export const wide: ConvShape[] = [
  shapeOf([2, 5, 6], [3, 5, 1, 2]),
  shapeOf([1, 9, 8], [5, 5, 2, 2]),
  shapeOf([3, 8, 9], [2, 3, 2, 1]),
  shapeOf([1, 3, 4], [2, 2, 1, 2]),
]

export const mnist: ConvShape[] = [shapeOf([1, 28, 28], [16, 5, 1, 0]), shapeOf([16, 12, 12], [32, 5, 1, 0])]

export interface Places {
  weights_at: number
  bias_at: number
}

export const inputsOf = ({ channels, height, width }: ConvShape): number => channels * height * width
export const weightsOf = ({ channels, filters, kernel }: ConvShape): number => filters * channels * kernel ** 2
export const outputsOf = (shape: ConvShape): number => shape.filters * convolvedPixels(shape)

/** Weights begin at 5, and the bias 3 elements after their end: nothing that lies between may matter. */
export function placesOf(shape: ConvShape): Places {
  return { weights_at: 5, bias_at: 5 + weightsOf(shape) + 3 }
}

/** Random weights and bias at their places, with NaN around them. */
export function parametersOf(shape: ConvShape): Float32Array {
  const { weights_at, bias_at } = placesOf(shape)
  const parameters = new Float32Array(bias_at + shape.filters + 2).fill(NaN)
  parameters.set(uniform(weightsOf(shape), 11), weights_at)
  parameters.set(uniform(shape.filters, 12), bias_at)
  return parameters
}
