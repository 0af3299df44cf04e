/** Run folders with chosen curves, written as a run writes them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { RunRecorder } from '../../src/tables/recorder.js'
import type { BinnedEntropyRow, ClusteringRow } from '../../src/tables/rows.js'
import { writeRunRecord, type RunStatus } from '../../src/tables/run-folder.js'
import { binnedEntropySchema, clusteringSchema } from '../../src/tables/schema.js'
import { informationRow, trainingRow } from '../report/rows.js'

/** One measured layer of one seed: a value for each epoch; null is no estimate, or no distance. */
export interface Curve {
  seed: number
  layer?: number
  mi: (number | null)[]
  label?: number[]
  within?: (number | null)[]
  /** H(Bin(T)) by width of the bins. */
  bins?: Record<string, number[]>
}

export interface Synthetic {
  configuration?: Record<string, unknown>
  /** The same for all curves; 0, 1, 10, 100, ... by default. */
  epochs?: number[]
  curves: Curve[]
  /** Final accuracy by seed. */
  accuracy?: Record<number, number>
  status?: RunStatus
}

const nobody = { configuration_hash: 'c0ffee' }

/** The folder with run.json and tables; those of a run that is not finished are streams. */
export function writeRun(folder: string, run: Synthetic): string {
  const { configuration = {}, curves, accuracy = {}, status = 'finished' } = run
  mkdirSync(folder, { recursive: true })
  const seeds = [...new Set(curves.map(({ seed }) => seed))]
  writeRunRecord(folder, { status, configuration: { experiment: 'szt', seeds, ...configuration } })
  const recorder = new RunRecorder(folder, seeds, nobody)
  for (const curve of curves) writeCurve(recorder, curve, run.epochs)
  for (const [seed, test_accuracy] of Object.entries(accuracy)) {
    recorder.training(trainingRow(0, { seed: Number(seed), test_accuracy: 0.5 }))
    recorder.training(trainingRow(100, { seed: Number(seed), test_accuracy }))
  }
  if (status !== 'running') recorder.finish()
  return folder
}

function writeCurve(
  recorder: RunRecorder,
  { seed, layer = 5, mi, label, within, bins }: Curve,
  given?: number[],
): void {
  const epochs = given ?? mi.map((_, i) => (i === 0 ? 0 : 10 ** (i - 1)))
  mi.forEach((value, i) => {
    const labels = label === undefined ? {} : { label_mi_corrected: label[i] }
    const regime = value === null ? ('deterministic' as const) : ('all' as const)
    recorder.information(informationRow(epochs[i], value, { seed, layer, regime, ...labels }))
    if (within) recorder.clustering(clusteringRow(seed, epochs[i], layer, within[i]))
    for (const [width, values] of Object.entries(bins ?? {})) {
      recorder.binnedEntropy(binnedRow(seed, epochs[i], layer, Number(width), values[i]))
    }
  })
}

function clusteringRow(seed: number, epoch: number, layer: number, within_median: number | null): ClusteringRow {
  return { ...blank(clusteringSchema(nobody)), seed, epoch, layer, within_median } as ClusteringRow
}

function binnedRow(seed: number, epoch: number, layer: number, bin_width: number, h_bin: number): BinnedEntropyRow {
  return { ...blank(binnedEntropySchema(nobody)), seed, epoch, layer, bin_width, h_bin } as BinnedEntropyRow
}

/** Null where a column allows it, and otherwise 1. */
function blank({ fields }: Schema): object {
  return Object.fromEntries(fields.map(({ name, nullable }) => [name, nullable ? null : 1]))
}

/** Four seeds that compress by 2 to 3 nats while their clusters tighten, and four that hardly do; the same without noise. */
export function threeConditions(root: string): { plain: string; orthonormal: string; deterministic: string } {
  const seeds = [1, 2, 3, 4]
  const rise = [2, 3, 5, 4, 6]
  const plain = seeds.map((seed) => {
    const mi = [...rise.map((value) => value + 0.1 * seed), 3.5 - 0.2 * seed]
    const bins = { 0.05: mi.map((value) => 0.8 * value), 0.005: mi.map((value) => 8 - 0.01 * (value - 4) ** 2) }
    return { seed, mi, label: mi.map((_, i) => 0.1 * i), within: mi.map((value) => Math.exp(value - 6)), bins }
  })
  const orthonormal = seeds.map((seed) => {
    const mi = [4, 5, 6, 7, 7.5 + 0.1 * seed, 7.4]
    return { seed, mi, label: mi.map(() => 0.3), within: mi.map((_, i) => 1 + 0.1 * ((i * seed) % 4)) }
  })
  const deterministic = plain.map(({ seed, bins }) => ({ seed, mi: rise.map(() => null).concat([null]), bins }))
  const accuracy = (base: number) => Object.fromEntries(seeds.map((seed) => [seed, base + 0.001 * seed]))
  const config = (std: number, orthonormal: number) => ({ noise: { std }, training: { orthonormal } })
  return {
    plain: writeRun(join(root, 'szt-full'), {
      configuration: config(0.005, 0),
      curves: plain,
      accuracy: accuracy(0.97),
    }),
    orthonormal: writeRun(join(root, 'orthonormal'), {
      ...{ configuration: config(0.005, 0.001), curves: orthonormal, accuracy: accuracy(0.975) },
    }),
    deterministic: writeRun(join(root, 'deterministic'), { configuration: config(0, 0), curves: deterministic }),
  }
}
