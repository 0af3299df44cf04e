/**
 * Do the inputs of one class come together? Tables of one layer at one moment, noisy network or not, from a pass without
 * noise: METHOD 4. What needs pairs is formed of some inputs, always the same, and says how many; the rest of all.
 */
import type { BinnedEntropyRow, ClusteringRow, DistanceColumns, HistogramRow, PairKind } from '../tables/rows.js'
import { binnedEntropyRows, defaultBinWidths } from './binned-entropy.js'
import { histogramRows } from './histograms.js'
import { neighbourhood } from './intrinsic-dimension.js'
import { checkLook, pairInputs, type LayerLook, type PairInputs } from './look.js'
import { neuralCollapse } from './neural-collapse.js'
import { pairsOf, type Pairs } from './pairs.js'
import { quantiles } from './quantiles.js'

export interface ClusteringOptions {
  /** Inputs whose pairs are formed, at most: 1024. Time grows with its square times the width of the layer. */
  pairInputs?: number
  /** In units of the activations, by default defaultBinWidths of the layer's noise. */
  binWidths?: readonly number[]
}

export interface ClusteringTables {
  clustering: ClusteringRow
  binned: BinnedEntropyRow[]
  histograms: HistogramRow[]
}

/** All rows of one look, null where a figure is not defined. InputError on a look or a width that is none. */
export function clusteringRows(look: LayerLook, options: ClusteringOptions = {}): ClusteringTables {
  checkLook(look)
  const { pairInputs: most = 1024, binWidths = defaultBinWidths(look.noiseStd) } = options
  const inputs = pairInputs(look, most)
  const pairs = pairsOf(inputs)
  return {
    clustering: clusteringRow(look, inputs, pairs),
    binned: binnedEntropyRows(look, binWidths),
    histograms: histogramRows(look, pairs),
  }
}

function clusteringRow(look: LayerLook, inputs: PairInputs, pairs: Pairs): ClusteringRow {
  const { seed, epoch, layer, width: dimension, noiseStd: noise_std } = look
  const collapse = neuralCollapse(look)
  const distances = { ...distanceColumns('within', pairs), ...distanceColumns('between', pairs) }
  const { within_median, between_median } = distances
  return {
    ...{ seed, epoch, layer, dimension, noise_std, inputs: look.count, pair_inputs: inputs.count },
    ...{ ...distances, ...collapse, tightness: ratio(within_median, between_median) },
    within_std_in_noise: ratio(collapse.within_std, noise_std),
    cosine_within_median: quantiles(pairs.within.cosines, [0.5])[0],
    cosine_between_median: quantiles(pairs.between.cosines, [0.5])[0],
    participation_ratio: pairs.participationRatio,
    ...neighbourhood(pairs.nearest, pairs.second, pairs.largestNorm),
  }
}

function distanceColumns(kind: PairKind, pairs: Pairs): DistanceColumns {
  const { distances, mean } = pairs[kind]
  const [q05, q25, median, q75, q95] = quantiles(distances, [0.05, 0.25, 0.5, 0.75, 0.95])
  const figures = { q05, q25, median, q75, q95, mean }
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${kind}_${name}`, value])) as never
}

const ratio = (a: number | null, b: number | null) => (a === null || b === null || b === 0 ? null : a / b)
