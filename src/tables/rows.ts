/** The rows of schema version 1. Numbers are f64, in nats where they are information; null where a run has nothing. */
export interface TrainingRow {
  seed: number
  epoch: number
  train_loss: number | null
  test_loss: number | null
  train_accuracy: number | null
  test_accuracy: number | null
  learning_rate: number | null
}

export const quantities = ['mi', 'label_mi', 'h_t', 'h_t_given_x', 'h_t_given_y'] as const
export type Quantity = (typeof quantities)[number]

/** NAME (raw), NAME_corrected, NAME_se, NAME_low, NAME_high: the interval is 95 %, around the corrected value. */
export type QuantityColumns = {
  [Q in Quantity as Q | `${Q}_corrected` | `${Q}_se` | `${Q}_low` | `${Q}_high`]: number | null
}

export interface InformationRow extends QuantityColumns {
  seed: number
  epoch: number
  layer: number
  dimension: number
  mi_ceiling: number | null
  certificate: number | null
  numerical_error: number | null
  step_ratio: number | null
  regime: 'exact' | 'all' | 'deterministic' | 'insufficient'
  inputs: number
  replicas: number
  own_replicas: number
  batches: number
  /** m B Q: all queries of the row. */
  queries: number
  seconds: number
  warnings: string[]
}

/** What the layers of one trained network know under another noise than it was trained with. */
export interface NoiseLevelRow extends InformationRow {
  /** beta of every hidden layer in this measurement. */
  noise_std: number
}

/** What another estimator, or an exact calculation, says of one quantity of a layer, in nats. */
export interface RivalRow {
  seed: number
  epoch: number
  layer: number
  dimension: number
  estimator: string
  /** In words, `width=0.07`; empty where there is none. */
  parameter: string
  quantity: Quantity
  value: number | null
  se: number | null
  /** Samples, or noisy points made of them, that went in. */
  points: number
  /** One line on what the value is. */
  measures: string
  seconds: number
}

/** A row of rivals.arrow without its place: what is said of samples that belong to no run. */
export type Rival = Omit<RivalRow, 'seed' | 'epoch' | 'layer'>

/** Samples of one layer before its own noise: `count` rows of `width` numbers. */
export interface ActivationRows {
  seed: number
  epoch: number
  layer: number
  width: number
  count: number
  replica: Uint32Array
  x: Uint32Array
  y: Uint32Array | null
  s: Float32Array
}

/** A named parameter tensor, PyTorch `state_dict` name and shape. */
export interface Tensor {
  name: string
  shape: number[]
  data: Float32Array
}

/** Where a run's rows go. Every call has its rows on disk before it returns. */
export interface Recorder {
  training(row: TrainingRow): void
  information(row: InformationRow): void
  /** Several rows of one moment go together. */
  rival(...rows: RivalRow[]): void
  noiseLevel(row: NoiseLevelRow): void
  activations(rows: ActivationRows): void
  weights(epoch: number, seed: number, tensors: Tensor[]): void
}
