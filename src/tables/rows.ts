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
  regime: 'exact' | 'all' | 'sample' | 'deterministic' | 'insufficient'
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

/** One estimate of h(T) of a trained network's layer, from samples for inputs of its own. */
export interface EntropyRow {
  seed: number
  epoch: number
  layer: number
  dimension: number
  noise_std: number
  /** reference: from the largest samples, which the others are held against. */
  part: 'samples' | 'reference'
  /** sp (sample propagation), held-out, kde or kozachenko-leonenko. */
  estimator: string
  /** n. */
  samples: number
  /** From 1. */
  repetition: number
  /** Noisy points averaged over; null for kde and kozachenko-leonenko, whose samples they are. */
  queries: number | null
  /** null where infinite. */
  value: number | null
  corrected: number | null
  se: number | null
  low: number | null
  high: number | null
  minimal_samples: number | null
  seconds: number
  warnings: string[]
}

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

/** The middle of the distances of pairs, and five of their quantiles: within_q05, ..., between_mean. */
export const distanceFigures = ['q05', 'q25', 'median', 'q75', 'q95', 'mean'] as const
export type PairKind = 'within' | 'between'
export type DistanceColumns = { [F in `${PairKind}_${(typeof distanceFigures)[number]}`]: number | null }

/** How a layer without noise lies, by class: METHOD 4. Distances are Euclidean, in units of the activations. */
export interface ClusteringRow extends DistanceColumns {
  seed: number
  epoch: number
  layer: number
  dimension: number
  /** beta of the layer, 0 in a deterministic one: the unit of within_std_in_noise. */
  noise_std: number
  inputs: number
  /** Of them, those whose pairs were formed; the same in every layer and epoch. */
  pair_inputs: number
  /** Classes that have an input. */
  classes: number
  /** within_median / between_median. */
  tightness: number | null
  /** Root mean square distance to the mean of the own class. */
  within_std: number | null
  within_std_in_noise: number | null
  nc1: number | null
  /** Coefficient of variation of the norms of centred class means. */
  nc2_equinorm: number | null
  /** Standard deviation of the cosines between centred class means. */
  nc2_equiangularity: number | null
  /** Mean |cosine + 1/(C - 1)|. */
  nc2_simplex: number | null
  cosine_within_median: number | null
  cosine_between_median: number | null
  participation_ratio: number | null
  intrinsic_dimension: number | null
  /** Part of the inputs with pairs that have another one at the same place, as far as f32 can tell. */
  coinciding_share: number | null
}

/** H(Bin(S)) of a layer without noise, at one width of the bins. */
export interface BinnedEntropyRow {
  seed: number
  epoch: number
  layer: number
  dimension: number
  bin_width: number
  /** bin_width / beta; null in a deterministic layer. */
  width_in_noise: number | null
  /** Nats. */
  h_bin: number
  /** h_bin / log m; null for one input. */
  normalised: number | null
  /** Different bins that hold an input. */
  bins: number
  inputs: number
}

export const histogramKinds = [
  'activation',
  'distance within',
  'distance between',
  'cosine within',
  'cosine between',
] as const

/** Equal bins from `low` to `high`, one count each; a value on an inner edge counts in the bin above it. */
export interface HistogramRow {
  seed: number
  epoch: number
  layer: number
  kind: (typeof histogramKinds)[number]
  low: number
  high: number
  counts: number[]
}

/** One input in a layer without noise: s1, s2, ... are its neurons, the first `scatterNeurons` where there are more. */
export interface ScatterRow {
  seed: number
  epoch: number
  layer: number
  /** Index of the input, and its label. */
  x: number
  y: number
  [neuron: `s${number}`]: number
}

export const scatterNeurons = 16

/** Where a run's rows go. Every call has its rows on disk before it returns. */
export interface Recorder {
  training(row: TrainingRow): void
  information(row: InformationRow): void
  /** Several rows of one moment go together. */
  rival(...rows: RivalRow[]): void
  noiseLevel(row: NoiseLevelRow): void
  entropy(...rows: EntropyRow[]): void
  clustering(...rows: ClusteringRow[]): void
  binnedEntropy(...rows: BinnedEntropyRow[]): void
  histogram(...rows: HistogramRow[]): void
  /** Of the run's first seed; those of others are left out. */
  scatter(...rows: ScatterRow[]): void
  activations(rows: ActivationRows): void
  weights(epoch: number, seed: number, tensors: Tensor[]): void
}
