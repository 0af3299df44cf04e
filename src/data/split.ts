import { InputError } from '../errors.js'
import { permutation, streams } from '../math/shuffle.js'
import type { DataSet } from './dataset.js'

/** Indices of the training and of the test inputs: disjoint. */
export interface Split {
  train: Uint32Array
  test: Uint32Array
}

export interface SplitOptions extends Pick<DataSet, 'testFrom'> {
  /** Test inputs at most; by default all there are. */
  testCount?: number
}

/**
 * Divides the inputs 0..count-1 at random into `trainCount` for training and the rest for testing, the same way for
 * the same seed. With `testFrom`, training draws from the inputs before it alone, and the tests are the inputs from
 * there on, in their order, whatever the seed. InputError when fewer than one or more than there are to train on, or a
 * broken or negative number to test on, are asked for.
 */
export function split(
  count: number,
  trainCount: number,
  seed: number,
  { testFrom, testCount = count }: SplitOptions = {},
): Split {
  const available = Math.min(testFrom ?? count, count)
  if (!(Number.isInteger(trainCount) && trainCount >= 1 && trainCount <= available)) {
    const what = available < count ? 'the inputs there are to train on' : 'the inputs there are'
    throw new InputError(`training.trainCount: ${trainCount} is not a whole number from 1 to ${available}, ${what}`)
  }
  if (!(Number.isInteger(testCount) && testCount >= 0)) {
    throw new InputError(`testCount: ${testCount} is not a whole number >= 0`)
  }
  const order = permutation(available, seed, streams.split, 0)
  const test = testFrom === undefined ? order.slice(trainCount) : from(available, count)
  return { train: order.slice(0, trainCount), test: test.slice(0, testCount) }
}

const from = (first: number, end: number) => Uint32Array.from({ length: end - first }, (_, i) => first + i)
