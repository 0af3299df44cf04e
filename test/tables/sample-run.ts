/** Rows and tables that the tests of this folder write, and a folder of their own to write them to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'uvu'
import { distanceFigures, histogramKinds, quantities } from '../../src/tables/rows.js'
import type {
  ActivationRows,
  BinnedEntropyRow,
  ClusteringRow,
  DistanceColumns,
  HistogramRow,
  InformationRow,
  QuantityColumns,
  RivalRow,
  ScatterRow,
  TrainingRow,
} from '../../src/tables/rows.js'

export const metadata = { configuration_hash: 'c0ffee', title: 'quick' }

/** An empty folder, removed after the tests. */
export function scratchFolder<T>(test: Test<T>): string {
  const folder = mkdtempSync(join(tmpdir(), 'infoflow-tables-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const trainingRow = (epoch: number): TrainingRow => ({
  seed: 2 ** 32 - 1,
  epoch,
  train_loss: 1 / (epoch + 3),
  test_loss: epoch % 2 === 0 ? null : Math.PI * 1e-300,
  train_accuracy: 0.5,
  test_accuracy: null,
  learning_rate: 5e-4,
})

/** Layer 1 has every number, layer 2 none that may be missing. */
export function informationRow(epoch: number, layer: 1 | 2): InformationRow {
  const given = (value: number) => (layer === 1 ? value : null)
  const names = quantities.flatMap((name) => [name, `${name}_corrected`, `${name}_se`, `${name}_low`, `${name}_high`])
  const numbers = Object.fromEntries(names.map((name, i) => [name, given(-i - 1 / 3)])) as unknown as QuantityColumns
  return {
    ...{ seed: 0, epoch, layer, dimension: 10, ...numbers },
    ...{ mi_ceiling: given(8.3178), certificate: given(0), numerical_error: given(1e-7), step_ratio: given(0.5) },
    ...{ regime: layer === 1 ? 'exact' : 'deterministic', inputs: 4096, replicas: 16, own_replicas: 1024 },
    ...{ batches: 16, queries: 65_536, seconds: 0.25, warnings: layer === 1 ? [] : ['too few replicas', 'Σ > ½'] },
  }
}

/** Layer 1 has a value, layer 2 cannot have one. */
export const rivalRow = (epoch: number, layer: 1 | 2): RivalRow => ({
  ...{ seed: 3, epoch, layer, dimension: 10, estimator: 'binned', parameter: layer === 1 ? 'width=0.07' : '' },
  ...{ quantity: 'mi', value: layer === 1 ? -1 / 3 : null, se: null, points: 4096, measures: 'bins', seconds: 0.5 },
})

/** Layer 1 has every figure, layer 2 none that may be missing. */
export function clusteringRow(epoch: number, layer: 1 | 2): ClusteringRow {
  const given = (value: number) => (layer === 1 ? value : null)
  const names = ['within', 'between'].flatMap((pairs) => distanceFigures.map((figure) => `${pairs}_${figure}`))
  const distances = Object.fromEntries(names.map((name, i) => [name, given(i + 1 / 3)])) as unknown as DistanceColumns
  return {
    ...{ seed: 3, epoch, layer, dimension: 10, noise_std: 0.005, inputs: 4096, pair_inputs: 1024, classes: 2 },
    ...{ ...distances, tightness: given(0.1), within_std: given(0.2), within_std_in_noise: given(40) },
    ...{ nc1: given(0.3), nc2_equinorm: given(0.4), nc2_equiangularity: given(0.5), nc2_simplex: given(0.6) },
    ...{ cosine_within_median: given(0.9), cosine_between_median: given(-0.9), participation_ratio: given(1.5) },
    ...{ intrinsic_dimension: given(1.25), coinciding_share: given(0.01) },
  }
}

/** Layer 1 is noisy, layer 2 is not. */
export const binnedEntropyRow = (epoch: number, layer: 1 | 2): BinnedEntropyRow => ({
  ...{ seed: 3, epoch, layer, dimension: 10, bin_width: 0.05, width_in_noise: layer === 1 ? 10 : null },
  ...{ h_bin: 1 / 3, normalised: layer === 1 ? 0.1 : null, bins: 17, inputs: 4096 },
})

export const histogramRow = (epoch: number, kind: number): HistogramRow => ({
  ...{ seed: 3, epoch, layer: 1, kind: histogramKinds[kind], low: -1, high: 1 },
  counts: Array.from({ length: 40 }, (_, bin) => bin * epoch),
})

export const scatterRow = (epoch: number, x: number, seed = 3): ScatterRow => ({
  ...{ seed, epoch, layer: 5, x, y: x % 2 },
  ...{ s1: epoch + x / 8, s2: -x, s3: 0.5 },
})

/** `count` samples of width 3 whose numbers tell their place; labels where `labelled`. */
export function activationRows(epoch: number, count: number, labelled = true): ActivationRows {
  return {
    ...{ seed: 7, epoch, layer: 2, width: 3, count },
    replica: Uint32Array.from({ length: count }, (_, i) => i % 2),
    x: Uint32Array.from({ length: count }, (_, i) => i >> 1),
    y: labelled ? Uint32Array.from({ length: count }, (_, i) => (i >> 1) % 2) : null,
    s: Float32Array.from({ length: 3 * count }, (_, i) => epoch + i / 7),
  }
}
