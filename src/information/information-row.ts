/** One row of information.arrow: the estimates of a layer with bounds, certificate, regime, and warnings in words. */
import type { DataSet } from '../data/dataset.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import { quantities, type InformationRow, type QuantityColumns } from '../tables/rows.js'
import { mean } from '../math/statistics.js'
import { amplification, certificateOf } from './certificate.js'
import { boundingWeights } from './control-variate.js'
import { jackknife, type Estimates, type KernelSums } from './jackknife.js'
import type { MeasurementOptions } from './options.js'
import { reasonNotEstimated } from './not-estimated.js'
import { entropyOf, labelProbabilities, regularSums, type RegularSums } from './regular-sums.js'

export interface About {
  seed: number
  epoch: number
  data: DataSet
  network: NetworkSpec
  options: MeasurementOptions
}

export interface LayerSums {
  sums: RegularSums
  /** queries: bound on what was skipped of a query's sum, in means (the query's own center counting 1 / K). */
  skipped: Float64Array
  /** Bound on the relative error of what was summed by moments. */
  remainder: number
}

/** The row without its time; `read` is null for a layer that is not estimated. */
export function informationRow(
  { seed, epoch, data, network, options }: About,
  layer: number,
  read: LayerSums | null,
): InformationRow {
  const dimension = layerTable(network)[layer - 1].width
  const place = { seed, epoch, layer, dimension, inputs: data.count, seconds: 0 }
  if (read === null) return { ...place, ...nothing(), ...reasonNotEstimated({ data, network, options }, layer)! }
  const { sums } = read
  const inColumns = regularSums(sums)
  const estimates = jackknife(inColumns)
  const row: InformationRow = {
    ...place,
    ...columns(estimates),
    mi_ceiling: ceiling(data.count, network, layer),
    certificate: certificate(read, inColumns),
    numerical_error: estimates.numericalError,
    step_ratio: estimates.stepRatio,
    regime: sums.batchedCenters ? 'all' : 'exact',
    replicas: sums.replicas,
    own_replicas: sums.ownReplicas,
    batches: sums.batches,
    queries: data.count * sums.batches * options.queries,
    warnings: [...oracle(sums), ...labelBound(estimates, sums)],
  }
  return row
}

/** In the lowest noisy layer h(T|X) is known exactly, if the noise is what it should be: its mean energy is d/2. */
function oracle({ batchedCenters, noiseEnergy, dimension }: RegularSums): string[] {
  if (batchedCenters) return []
  const allowed = 5 * Math.sqrt(dimension / 2 / noiseEnergy.length)
  if (Math.abs(mean(noiseEnergy) - dimension / 2) <= allowed) return []
  return [
    'the noise drawn has not the variance that h(T|X) of this layer rests on: please report this, with the adapter',
  ]
}

function labelBound({ label_mi }: Estimates, sums: RegularSums): string[] {
  if (label_mi.corrected <= entropyOf(labelProbabilities(sums.labels)) + 3 * label_mi.se + 1e-4) return []
  return ['I(Y;T) is above the entropy of the labels, which cannot be: raise replicas']
}

function columns(estimates: Estimates): QuantityColumns {
  const entries = quantities.flatMap((q) => [
    [q, estimates[q].raw],
    [`${q}_corrected`, estimates[q].corrected],
    [`${q}_se`, estimates[q].se],
    [`${q}_low`, estimates[q].low],
    [`${q}_high`, estimates[q].high],
  ])
  return Object.fromEntries(entries) as QuantityColumns
}

/** log m, and the capacity (d/2) log(1 + 1/beta^2) of activations in [-1, 1], whichever is lower. Nats. */
function ceiling(inputs: number, network: NetworkSpec, layer: number): number {
  const { width, activation, noiseStd } = layerTable(network)[layer - 1]
  const capacity =
    activation === 'tanh' || activation === 'sigmoid' ? (width / 2) * Math.log1p(1 / noiseStd ** 2) : Infinity
  return Math.min(Math.log(inputs), capacity)
}

/** Without batches of centers there is no correction, and nothing is amplified. */
function certificate({ sums, skipped, remainder }: LayerSums, inColumns: KernelSums): number {
  const { batches, ownReplicas, replicas, batchedCenters } = sums
  const amplified = amplification(batchedCenters ? batches : 1, ownReplicas / replicas)
  return certificateOf(
    amplified,
    skipped.map((bound) => bound * ownReplicas),
    remainder,
    boundingWeights(inColumns),
  )
}

function nothing() {
  const columns = quantities
    .flatMap((q) => [q, `${q}_corrected`, `${q}_se`, `${q}_low`, `${q}_high`])
    .map((c) => [c, null])
  return {
    ...(Object.fromEntries(columns) as QuantityColumns),
    ...{ mi_ceiling: null, certificate: null, numerical_error: null, step_ratio: null },
    ...{ replicas: 0, own_replicas: 0, batches: 0, queries: 0 },
  }
}
