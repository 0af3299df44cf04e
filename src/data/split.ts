import { InputError } from '../errors.js'
import { permutation, streams } from '../math/shuffle.js'

/** Indices of the training and of the test inputs: disjoint, together everything. */
export interface Split {
  train: Uint32Array
  test: Uint32Array
}

/**
 * Divides the inputs 0..count-1 at random into `trainCount` for training and the rest for testing, the same way for
 * the same seed. InputError when fewer than one or more than `count` are asked for.
 */
export function split(count: number, trainCount: number, seed: number): Split {
  if (!(Number.isInteger(trainCount) && trainCount >= 1 && trainCount <= count)) {
    throw new InputError(
      `training.trainCount: ${trainCount} is not a whole number from 1 to ${count}, the inputs there are`,
    )
  }
  const order = permutation(count, seed, streams.split, 0)
  return { train: order.slice(0, trainCount), test: order.slice(trainCount) }
}
