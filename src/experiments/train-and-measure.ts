/**
 * An experiment out of typed arrays, for code that has data of its own and wants rows instead of a folder. What is given
 * goes through the same checks as a configuration file, so a mistake gets the same one line.
 */
import type { DataSet } from '../data/dataset.js'
import { InputError } from '../errors.js'
import type { MeasurementOptions } from '../information/options.js'
import type { NetworkSpec } from '../network/network.js'
import type { Machine } from '../plan.js'
import { runExperiment, type Experiment } from '../scheduler.js'
import type { InformationRow, Recorder, TrainingRow } from '../tables/rows.js'
import type { TrainingOptions } from '../training/options.js'
import type { Config } from './config.js'
import { readConfig } from './read-config.js'
import { applyMode, toDraft, toExperiment, type SettledConfig } from './settle.js'
import { szt } from './szt.js'

export interface TypedArrayExperiment {
  /** count x width, row-major. Every row is one input X, all equally likely. */
  inputs: Float32Array
  /** By default true: X is uniform on these rows. False: they are a sample of all that X may be. */
  enumerated?: boolean
  /** One class index for each row, below the width of the last layer. */
  labels: Uint32Array
  /** The last layer gives the logits, one for each class; noiseStd is that of every hidden layer. */
  network: Pick<NetworkSpec, 'layers' | 'noiseStd'>
  /** Epochs after which I(X;T) is measured, ascending; 0 is before the first step. */
  measureAt: readonly number[]
  /** By default: up to the last of measureAt, on 80 % of the rows, in batches of at most 256, Adam with 4e-4. */
  training?: Partial<TrainingOptions>
  /** By default: every hidden layer, 16 replicas, 1024 own replicas, 16 batches, 1 query, tolerance 1e-6. */
  measurement?: Partial<MeasurementOptions>
  /** Of the initial weights, the order and the noise: 0 to 2^32 - 1; 1 by default. */
  seed?: number
}

/** Rows as a run writes them to training.arrow and information.arrow; information in nats. */
export interface RunRows {
  training: TrainingRow[]
  information: InformationRow[]
}

/**
 * Trains a noisy network and estimates I(X;T_l) of its layers (Goldfeld et al. 2019, arXiv 1810.05728; the form that is
 * computed stands in information/jackknife.ts). Training rows come at epoch 0, at every measurement and at the end.
 * Buffers that the machine holds are freed first.
 * @throws InputError: lengths that do not fit, a label without a logit, an option out of its range or not known
 */
export async function trainAndMeasure(machine: Machine, given: TypedArrayExperiment): Promise<RunRows> {
  const experiment = experimentOf(given)
  const rows: RunRows = { training: [], information: [] }
  const recorder: Recorder = {
    training: (row) => rows.training.push(row),
    information: (row) => rows.information.push(row),
    rival() {},
    noiseLevel() {},
    entropy() {},
    clustering() {},
    binnedEntropy() {},
    histogram() {},
    scatter() {},
    activations() {},
    weights() {},
  }
  machine.release()
  await runExperiment(machine, experiment, recorder, { evaluated() {}, measured() {}, progress() {} })
  return rows
}

function experimentOf(given: TypedArrayExperiment): Experiment {
  const { measureAt, network } = given
  const named: [string, string, string][] = [
    ['measureAt', 'measurement.epochs', JSON.stringify(measureAt) ?? 'nothing'],
    ['network.noiseStd', 'noise.std', String(network.noiseStd)],
  ]
  const config = applyMode(readConfig(configOf(given), { options: named }), szt)
  const data = dataOf(given, classesOf(config))
  return toExperiment(config as SettledConfig, toDraft(config, data))
}

/** Everything as a configuration says it, the paper's values where nothing was given. */
function configOf({ labels, network, measureAt, training, measurement, seed = 1 }: TypedArrayExperiment): Config {
  const trainCount = training?.trainCount ?? Math.max(1, Math.ceil(0.8 * labels.length))
  const sampling = { replicas: 16, ownReplicas: 1024, batches: 16, queries: 1 }
  return {
    ...szt.defaults,
    seeds: [seed],
    network: { layers: network.layers },
    training: {
      ...szt.defaults.training,
      epochs: Math.max(1, ...(measureAt ?? [])),
      batchSize: Math.min(256, trainCount),
      ...training,
      trainCount,
      evaluations: 1,
    },
    measurement: { ...szt.defaults.measurement, ...sampling, ...measurement },
  }
}

/** Width of the last layer, which must be dense. */
function classesOf({ network }: Config): number {
  const last = network.layers.at(-1)!
  if ('width' in last) return last.width
  throw new InputError(`network.layers: the last one is ${last.type}, not dense, which gives a logit for each class`)
}

function dataOf({ inputs, labels, enumerated = true }: TypedArrayExperiment, classes: number): DataSet {
  const count = labels.length
  if (count === 0) throw new InputError('labels: empty, expected one for each row of inputs')
  if (inputs.length === 0 || inputs.length % count > 0) {
    throw new InputError(`inputs: ${inputs.length} numbers, expected a multiple of ${count}, the labels: rows x width`)
  }
  const infinite = inputs.findIndex((value) => !Number.isFinite(value))
  if (infinite >= 0) throw new InputError(`inputs: ${inputs[infinite]} at ${infinite}, expected finite numbers`)
  const stray = labels.findIndex((label) => label >= classes)
  if (stray >= 0) {
    throw new InputError(
      `labels: ${labels[stray]} at ${stray}, expected less than ${classes}, the width of the last layer`,
    )
  }
  return { name: 'typed arrays', count, width: inputs.length / count, classes, enumerated, inputs, labels }
}
