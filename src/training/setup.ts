import type { DataSet } from '../data/dataset.js'
import type { NetworkSpec } from '../network/network.js'
import type { TrainingOptions } from './options.js'

export interface TrainingSetup {
  /** One network each: its initialisation, split, order and noise. */
  seeds: readonly number[]
  data: DataSet
  network: NetworkSpec
  training: TrainingOptions
}

/** Buffers that others may read: all inputs (count x width), their labels, and the selected network's parameters. */
export const shared = { inputs: 'inputs', labels: 'labels', parameters: 'parameters' } as const
