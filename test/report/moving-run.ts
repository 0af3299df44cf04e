/** A run's folder with every table of a report, written in few batches: clusters form while I(X;T) falls. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { batchOfRows } from '../../src/tables/batch.js'
import { writeRunRecord } from '../../src/tables/run-folder.js'
import {
  binnedEntropySchema,
  clusteringSchema,
  histogramSchema,
  informationSchema,
  rivalSchema,
  scatterSchema,
  trainingSchema,
} from '../../src/tables/schema.js'
import { TableWriter } from '../../src/tables/stream.js'
import { informationRow, trainingRow } from './rows.js'

export interface MovingRun {
  seeds?: number[]
  /** Measurements, epoch 0 among them. */
  measurements?: number
  inputs?: number
  title?: string
  experiment?: string
  /** Of one rival. */
  estimator?: string
  warnings?: string[]
  /** Names of the two classes. */
  classes?: string[]
  status?: 'finished' | 'running'
}

const metadata = { configuration_hash: 'c0ffee' }
const layers = [1, 2, 3, 4, 5]
const widths = [0.005, 0.05, 0.5]
const neurons = [10, 7, 5, 4, 3]

/** 0, 1, 2, ... growing to some 10,000, all different. */
export function measuredEpochs(count: number): number[] {
  const found = new Set([0])
  for (let i = 0; found.size < count; i++) found.add(Math.max(found.size, Math.round(10_000 ** (i / (count - 2)))))
  return [...found]
}

/** How far clusters have formed, 0 to 1. */
const formed = (epoch: number) => Math.log1p(epoch) / Math.log1p(10_000)

/** I(X;T) of a layer: up, and down again in the deep ones. */
export const informationAt = (epoch: number, layer: number, seed: number) =>
  8.3 -
  layer * layer * 0.16 * (0.4 + formed(epoch) ** 2) +
  0.7 * Math.sin(5 * formed(epoch)) * (layer > 2 ? 1 : 0) +
  0.03 * (seed % 7)

export function writeMovingRun(folder: string, run: MovingRun = {}): string {
  const {
    seeds = [1],
    measurements = 20,
    inputs = 60,
    title = 'a moving run',
    experiment = 'szt',
    status = 'finished',
  } = run
  const epochs = measuredEpochs(measurements)
  mkdirSync(folder, { recursive: true })
  const configuration = {
    experiment,
    mode: 'full',
    seeds,
    compare: true,
    noise: { std: 0.005 },
    network: { layers: neurons.map((width) => ({ width, activation: 'tanh' })) },
  }
  const adapter = { name: 'SwiftShader', kind: 'software', backend: 'vulkan', from: 'embedded' }
  writeRunRecord(folder, {
    status,
    title,
    ...(run.classes && { class_names: run.classes }),
    configuration,
    adapter,
    command: `infoflow run ${experiment}`,
    seconds: { training: 61, measuring: 200 },
  })
  const each = <Row extends object>(row: (seed: number, epoch: number, layer: number) => Row | Row[]) =>
    seeds.flatMap((seed) => epochs.flatMap((epoch) => layers.flatMap((layer) => row(seed, epoch, layer))))
  const write = (name: string, schema: Schema, rows: object[]) => {
    const writer = new TableWriter(join(folder, `${name}.arrows`), schema)
    for (let at = 0; at < rows.length; at += 20_000) writer.append(batchOfRows(schema, rows.slice(at, at + 20_000)))
    if (status === 'finished') writer.finish()
    else writer.close()
  }
  write(
    'training',
    trainingSchema(metadata),
    seeds.flatMap((seed) => epochs.map((epoch) => trainingRow(epoch, { seed }))),
  )
  write(
    'information',
    informationSchema(metadata),
    each((seed, epoch, layer) => {
      const mi = informationAt(epoch, layer, seed)
      const label = 0.69 * formed(epoch) ** 0.3
      const warnings = layer === 5 && epoch === epochs[1] ? (run.warnings ?? []) : []
      return informationRow(epoch, mi, {
        seed,
        layer,
        dimension: neurons[layer - 1],
        label_mi_corrected: label,
        warnings,
      })
    }),
  )
  write(
    'clustering',
    clusteringSchema(metadata),
    each((seed, epoch, layer) => clusteringRow(seed, epoch, layer)),
  )
  write(
    'binned-entropies',
    binnedEntropySchema(metadata),
    each((seed, epoch, layer) =>
      widths.map((bin_width) => ({
        ...{
          seed,
          epoch,
          layer,
          dimension: neurons[layer - 1],
          bin_width,
          width_in_noise: bin_width / 0.005,
          normalised: null,
          bins: 5,
          inputs,
        },
        h_bin: informationAt(epoch, layer, seed) * (1 - bin_width),
      })),
    ),
  )
  write(
    'histograms',
    histogramSchema(metadata),
    each((seed, epoch, layer) => histogramRows(seed, epoch, layer)),
  )
  write(
    'rivals',
    rivalSchema(metadata),
    each((seed, epoch, layer) => rivalRows(seed, epoch, layer, run.estimator)),
  )
  write(
    'scatter',
    scatterSchema(3, metadata),
    epochs.flatMap((epoch) => scatterRows(seeds[0], epoch, inputs)),
  )
  return folder
}

function clusteringRow(seed: number, epoch: number, layer: number): object {
  const row = Object.fromEntries(
    clusteringSchema(metadata).fields.map(({ name, nullable }) => [name, nullable ? null : 1]),
  )
  const [within, between] = [1.6 - formed(epoch) * 0.25 * layer, 1.7 + 0.05 * layer]
  const quartiles = {
    within_q25: 0.7 * within,
    within_q75: 1.3 * within,
    between_q25: 0.8 * between,
    between_q75: 1.2 * between,
  }
  return { ...row, seed, epoch, layer, within_median: within + 0.01 * seed, between_median: between, ...quartiles }
}

function histogramRows(seed: number, epoch: number, layer: number): object[] {
  const sharp = 1 + 9 * formed(epoch) * (layer / 5)
  const counts = Array.from({ length: 40 }, (_, bin) =>
    Math.round(100 + 400 * Math.abs((bin - 19.5) / 19.5) ** sharp * sharp),
  )
  return ['activation', 'distance within'].map((kind) => ({ seed, epoch, layer, kind, low: -1, high: 1, counts }))
}

function rivalRows(seed: number, epoch: number, layer: number, estimator = 'kde'): object[] {
  const mi = informationAt(epoch, layer, seed)
  const common = { seed, epoch, layer, dimension: neurons[layer - 1], se: null, points: 4096, seconds: 0.1 }
  return [
    { ...common, estimator, parameter: '', quantity: 'mi', value: mi - 0.5, measures: `what ${estimator} measures` },
    { ...common, estimator: 'binned', parameter: 'width=0.05', quantity: 'mi', value: 0.9 * mi, measures: 'H(Bin(S))' },
    {
      ...common,
      estimator: 'kolchinsky-tracey',
      parameter: 'upper',
      quantity: 'mi',
      value: mi + 0.2,
      measures: 'a bound',
    },
    { ...common, estimator: 'kolchinsky-tracey', parameter: 'upper', quantity: 'h_t', value: -3, measures: 'a bound' },
  ]
}

/** Two classes, whose clouds tighten around opposite corners. */
export function scatterRows(seed: number, epoch: number, inputs: number) {
  const t = formed(epoch)
  const turn = (x: number, k: number) => Math.sin(12.9898 * (x + 1) * (k + 1))
  return Array.from({ length: inputs }, (_, x) => {
    const y = x % 2
    const at = (k: number) =>
      Math.fround(Math.tanh((y === 0 ? -1 : 1) * (k === 1 ? -2 : 2) * t + (1 - 0.85 * t) * turn(x, k)))
    return { seed, epoch, layer: 5, x: 8 * x, y, s1: at(0), s2: at(1), s3: at(2) }
  })
}
