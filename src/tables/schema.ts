/**
 * Schema version 1: the columns of every table, the same in every command; what a run has nothing for is null.
 * Seeds, epochs, indices and counts are unsigned 32-bit: whole numbers in every reader, and plain numbers (no BigInt)
 * in JavaScript; what a run can afford stays far below 2^32. Words are plain Utf8: a dictionary would have to be the
 * very same object in every batch of a stream, for no gain on tables of this size.
 */
import { Field, FixedSizeList, Float32, Float64, List, Schema, Uint32, Utf8 } from 'apache-arrow'
import type { DataType } from 'apache-arrow'
import { distanceFigures, quantities } from './rows.js'
import type { PairKind, Quantity } from './rows.js'

export const schemaVersion = 1

export interface Column {
  name: string
  type: DataType
  unit: string
  description: string
  /** Whether a row may lack it. */
  nullable: boolean
}

/** What every table says of the run that made it; `configuration_hash` and whatever else a reader should know. */
export interface TableMetadata {
  configuration_hash: string
  [key: string]: string
}

export const column = (name: string, type: DataType, unit: string, description: string, nullable = false): Column => ({
  name,
  type,
  unit,
  description,
  nullable,
})
const index = (name: string, description: string) => column(name, new Uint32(), 'index', description)
export const count = (name: string, description: string) => column(name, new Uint32(), 'count', description, true)
export const real = (name: string, unit: string, description: string) =>
  column(name, new Float64(), unit, description, true)

const seed = column('seed', new Uint32(), 'none', 'seed of the run: initial weights, order, noise')
const epoch = column('epoch', new Uint32(), 'epochs', 'epochs of training done; 0 is before the first step')
const layer = index('layer', 'layer, from 1')
const dimension = column('dimension', new Uint32(), 'count', 'neurons of the layer')

const trainingColumns: Column[] = [
  seed,
  epoch,
  real('train_loss', 'nats', 'mean cross-entropy over the training set, without noise'),
  real('test_loss', 'nats', 'mean cross-entropy over the test set, without noise'),
  real('train_accuracy', 'fraction', 'part of the training set classified rightly, without noise'),
  real('test_accuracy', 'fraction', 'part of the test set classified rightly, without noise'),
  real('learning_rate', '1', 'step size of the optimiser at this epoch'),
]

const quantityText: Record<Quantity, string> = {
  mi: 'I(X;T), mutual information between input and noisy layer',
  label_mi: 'I(Y;T), mutual information between label and noisy layer',
  h_t: 'h(T), differential entropy of the noisy layer',
  h_t_given_x: 'h(T|X), differential entropy of the noisy layer given the input',
  h_t_given_y: 'h(T|Y), differential entropy of the noisy layer given the label',
}

export const quantityColumns: Column[] = quantities.flatMap((name) => [
  real(name, 'nats', `${quantityText[name]}: raw estimate, never clamped`),
  real(`${name}_corrected`, 'nats', `${name} less its bias, by the delete-one-batch jackknife`),
  real(`${name}_se`, 'nats', `standard error of ${name}_corrected, by the same jackknife`),
  real(`${name}_low`, 'nats', `lower end of the 95 % interval around ${name}_corrected`),
  real(`${name}_high`, 'nats', `upper end of the 95 % interval around ${name}_corrected`),
])

const informationColumns: Column[] = [
  seed,
  epoch,
  layer,
  dimension,
  ...quantityColumns,
  real(
    'mi_ceiling',
    'nats',
    'value that mi cannot exceed: min(log m, capacity (d/2) log(1 + 1/beta^2) for activations in [-1, 1])',
  ),
  real('certificate', 'nats', 'proven bound of what the skipped part of the sums changes in mi_corrected'),
  real('numerical_error', 'nats', 'bound of the rounding error of mi'),
  real('step_ratio', '1', '0.5 where the bias falls as 1/replicas; above 0.65 mi_corrected keeps some of it'),
  column(
    'regime',
    new Utf8(),
    'none',
    'exact, all (every input summed, layers below random), sample (of X), deterministic, or insufficient (too few samples)',
    true,
  ),
  count('inputs', 'm: inputs summed over'),
  count('replicas', 'R: centers of each input in the sum over all inputs'),
  count('own_replicas', "K: centers of the query's own input in the sum over itself"),
  count('batches', 'B: disjoint shares of centers and queries for the jackknife'),
  count('queries', 'm B Q: noisy samples averaged over'),
  real('seconds', 'seconds', 'wall-clock time of the measurement, shared out evenly among its layers'),
  column('warnings', new List(new Field('item', new Utf8(), false)), 'none', 'checks that failed; empty is good'),
]

const noiseLevelColumns: Column[] = [
  ...informationColumns.slice(0, 4),
  column('noise_std', new Float64(), '1', 'beta: noise of every hidden layer while it was measured, not trained'),
  ...informationColumns.slice(4),
]

const words = (name: string, description: string) => column(name, new Utf8(), 'none', description)

const entropyColumns: Column[] = [
  ...informationColumns.slice(0, 4),
  column('noise_std', new Float64(), '1', 'beta: standard deviation of the noise on each neuron'),
  words('part', 'samples: of n samples; reference: of the largest samples, which the others are held against'),
  words('estimator', 'sp (sample propagation), held-out (its mixture at other points), kde or kozachenko-leonenko'),
  column('samples', new Uint32(), 'count', 'n: samples of S for inputs drawn anew, or noisy points made of as many'),
  column('repetition', new Uint32(), 'count', 'from 1: each with inputs and noise of its own'),
  count('queries', 'noisy points averaged over; null for kde and kozachenko-leonenko'),
  real('value', 'nats', 'h(T) as the estimator gives it, without correction; null where infinite'),
  real('corrected', 'nats', 'h(T) less the bias, by the jackknife over samples; null but for sp'),
  real('se', 'nats', 'standard error: of the corrected value for sp, over the points for the others'),
  real('low', 'nats', 'lower end of the 95 % interval around the corrected value'),
  real('high', 'nats', 'upper end of the 95 % interval around the corrected value'),
  real('minimal_samples', 'count', 'samples below which the worst case leaves a bias of over 0.1 nats'),
  real('seconds', 'seconds', 'wall-clock time of the estimate, the drawing of samples left out'),
  column('warnings', new List(new Field('item', new Utf8(), false)), 'none', 'checks that failed; empty is good'),
]

/** Of a rival without its place; the place is a run's seed, epoch and layer, or the keys of a group of samples. */
export const rivalColumns: Column[] = [
  dimension,
  column('estimator', new Utf8(), 'none', 'who says it: binned, kolchinsky-tracey, saxe, kde, ..., or quadrature'),
  column('parameter', new Utf8(), 'none', 'how it was asked, as width=0.07; empty where there is nothing to choose'),
  column('quantity', new Utf8(), 'none', 'what it is an estimate of: mi, label_mi, h_t, h_t_given_x or h_t_given_y'),
  real('value', 'nats', 'as the estimator gives it, neither corrected nor clamped; null where infinite or unknown'),
  real('se', 'nats', 'standard error of value over its points; null where there is none'),
  column('points', new Uint32(), 'count', 'samples, or noisy points made of them, that went in'),
  column('measures', new Utf8(), 'none', 'one line on what the value is'),
  real('seconds', 'seconds', 'wall-clock time of all rows of this estimator together'),
]

const figureText: Record<(typeof distanceFigures)[number], string> = {
  q05: '5 % quantile',
  q25: '25 % quantile',
  median: 'median',
  q75: '75 % quantile',
  q95: '95 % quantile',
  mean: 'mean',
}
const distances = (pairs: PairKind, text: string) =>
  distanceFigures.map((figure) =>
    real(`${pairs}_${figure}`, 'activation', `distance of two inputs of ${text}: ${figureText[figure]}`),
  )

/** Of a layer without its noise; METHOD 4. */
const clusteringColumns: Column[] = [
  ...[seed, epoch, layer, dimension],
  column('noise_std', new Float64(), 'activation', 'beta of the layer, not added here; 0 where deterministic'),
  column('inputs', new Uint32(), 'count', 'm: inputs whose class means and covariances were formed'),
  column('pair_inputs', new Uint32(), 'count', 'of them, those whose pairs were formed, in every layer and epoch'),
  column('classes', new Uint32(), 'count', 'C: classes that have an input'),
  ...distances('within', 'one class'),
  ...distances('between', 'two classes'),
  real('tightness', '1', 'within_median / between_median'),
  real('within_std', 'activation', 'root mean square distance to the own class mean, classes counting alike'),
  real('within_std_in_noise', 'beta', 'within_std / noise_std; null without noise'),
  real('nc1', '1', 'tr(Sigma_W Sigma_B^+) / C: variability within classes against that of their means'),
  real('nc2_equinorm', '1', 'std / mean of the norms of the centred class means; null below 3 classes'),
  real('nc2_equiangularity', '1', 'std of the cosines of centred class means; null below 3 classes'),
  real('nc2_simplex', '1', 'mean |cosine + 1/(C-1)| of centred class means; null below 3 classes'),
  real('cosine_within_median', '1', 'cosine similarity of two inputs of one class: median'),
  real('cosine_between_median', '1', 'cosine similarity of two inputs of two classes: median'),
  real('participation_ratio', '1', '(sum of eigenvalues)^2 / sum of their squares, of the covariance: 1 to dimension'),
  real(
    'intrinsic_dimension',
    '1',
    'TwoNN: from the ratio of the distances to the two nearest; null where many coincide',
  ),
  real('coinciding_share', 'fraction', 'of pair_inputs, those with another at the same place, to f32'),
]

const binnedEntropyColumns: Column[] = [
  ...[seed, epoch, layer, dimension],
  column('bin_width', new Float64(), 'activation', 'width of the bins, centred on its multiples'),
  real('width_in_noise', 'beta', 'bin_width / beta of the layer; null without noise'),
  column('h_bin', new Float64(), 'nats', 'H(Bin(S)), entropy of the bin of all neurons together'),
  real('normalised', '1', 'h_bin / log m; null for one input'),
  column('bins', new Uint32(), 'count', 'different bins that hold an input'),
  column('inputs', new Uint32(), 'count', 'm: inputs counted'),
]

const histogramColumns: Column[] = [
  ...[seed, epoch, layer],
  column('kind', new Utf8(), 'none', 'activation, or distance or cosine of pairs within or between classes'),
  column('low', new Float64(), 'value', 'lower edge of the first bin'),
  column('high', new Float64(), 'value', 'upper edge of the last bin'),
  column('counts', new List(new Field('item', new Uint32(), false)), 'count', 'values in each of the equal bins'),
]

const scatterColumns = (neurons: number): Column[] => [
  ...[seed, epoch, layer],
  index('x', 'input, from 0'),
  index('y', 'label of the input, from 0'),
  ...Array.from({ length: neurons }, (_, i) =>
    column(`s${i + 1}`, new Float32(), 'activation', `neuron ${i + 1} of the layer, without noise`),
  ),
]

const activationColumns = (width: number): Column[] => [
  seed,
  epoch,
  index('replica', 'run of the noise below, from 0'),
  index('x', 'input, from 0'),
  column('y', new Uint32(), 'index', 'label of the input, from 0', true),
  column(
    's',
    new FixedSizeList(width, new Field('item', new Float32(), false)),
    '1',
    "activations of the layer before the layer's own noise",
  ),
]

export const trainingSchema = (metadata: TableMetadata) => schemaOf('training', trainingColumns, metadata)
export const informationSchema = (metadata: TableMetadata) => schemaOf('information', informationColumns, metadata)

export const noiseLevelSchema = (metadata: TableMetadata) => schemaOf('noise-levels', noiseLevelColumns, metadata)
export const entropySchema = (metadata: TableMetadata) => schemaOf('entropies', entropyColumns, metadata)
export const rivalSchema = (metadata: TableMetadata) =>
  schemaOf('rivals', [seed, epoch, layer, ...rivalColumns], metadata)

export const clusteringSchema = (metadata: TableMetadata) => schemaOf('clustering', clusteringColumns, metadata)
export const binnedEntropySchema = (metadata: TableMetadata) =>
  schemaOf('binned-entropies', binnedEntropyColumns, metadata)
export const histogramSchema = (metadata: TableMetadata) => schemaOf('histograms', histogramColumns, metadata)

/** Of the last hidden layer, `neurons` columns of it. */
export const scatterSchema = (neurons: number, metadata: TableMetadata) =>
  schemaOf('scatter', scatterColumns(neurons), metadata)

/** Of `activations/layer-L`, whose samples are `width` numbers each. */
export const activationSchema = (layer: number, width: number, metadata: TableMetadata) =>
  schemaOf('activations', activationColumns(width), { ...metadata, layer: String(layer) })

/**
 * Build it once for each table of a run: Arrow drops a batch whose schema differs, in silence. The metadata key
 * `columns` is JSON, `{ NAME: { description, unit } }`: not every reader shows the same two keys of each field.
 */
export function schemaOf(table: string, columns: Column[], metadata: TableMetadata): Schema {
  const fields = columns.map(
    ({ name, type, nullable, description, unit }) =>
      new Field(name, type, nullable, new Map(Object.entries({ description, unit }))),
  )
  const told = Object.fromEntries(columns.map(({ name, description, unit }) => [name, { description, unit }]))
  const head = { schema_version: String(schemaVersion), table, columns: JSON.stringify(told) }
  return new Schema(fields, new Map(Object.entries({ ...metadata, ...head })))
}
