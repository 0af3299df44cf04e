import { permutation } from '../math/shuffle.js'
import type { DataSet } from './dataset.js'

/** Last word of the Philox counter: see src/math/shuffle.ts and src/network/plans.ts for those of others. */
const stream = 20

/**
 * The same inputs, the labels of all of them (training and test) in an order that `key`, 0 to 2^53 - 1, decides: as many
 * of each class as before, and nothing left to learn but the inputs one by one.
 */
export function shuffledLabels(data: DataSet, key: number): DataSet {
  const order = permutation(data.count, key, stream, 0)
  return { ...data, name: `${data.name}, labels shuffled (key ${key})`, labels: order.map((row) => data.labels[row]) }
}
