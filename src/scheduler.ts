import type { DataSet } from './data/dataset.js'
import type { MeasurementOptions } from './information/options.js'
import type { NetworkSpec } from './network/network.js'
import type { InformationRow, TrainingRow } from './tables/rows.js'
import type { TrainingOptions } from './training/options.js'

/** Everything that determines a run's numbers, on a given adapter and version. */
export interface Experiment {
  seed: number
  data: DataSet
  network: NetworkSpec
  training: TrainingOptions
  measurement: MeasurementOptions
  /** Epochs at which I(X;T_l) is measured, ascending; 0 = before the first step. */
  measuredEpochs: number[]
  /** Epochs at which loss and accuracy are evaluated (noiseless), ascending; contains measuredEpochs. */
  evaluatedEpochs: number[]
  /** Replicas of each input whose samples are kept in activations/ at every measurement; 0 keeps none. */
  saveReplicas: number
  saveWeights: boolean
}

/** What the run tells while it goes on. */
export interface Observer {
  evaluated(row: TrainingRow): void
  measured(rows: InformationRow[]): void
  /** Part of the expected work done, 0..1, and what it does now. */
  progress(fraction: number, epoch: number, doing: 'training' | 'measuring'): void
}

/** Wall-clock seconds, exclusive. */
export interface Phases {
  training: number
  evaluating: number
  measuring: number
  writing: number
}
