/**
 * From a checked configuration, which may still say 'auto', to the experiment that the scheduler runs: --full fills
 * in the paper's length, the calibration the rest.
 */
import type { z } from 'zod'
import type { DataSet } from '../data/dataset.js'
import { InputError } from '../errors.js'
import { layerTable, type Layer, type NetworkSpec } from '../network/network.js'
import type { Experiment } from '../scheduler.js'
import { configSchema, type Config } from './config.js'
import type { ExperimentDefinition, GivenWeights, Length } from './definition.js'
import { logSpacedEpochs } from './epochs.js'
import { at, merge, show } from './tree.js'

type Settled<T> = { [K in keyof T]: Exclude<T[K], 'auto'> }

/** A configuration in which nothing is left to pick. With an explicit list of epochs `count` is their number. */
export interface SettledConfig extends Omit<Config, 'seeds' | 'training' | 'measurement'> {
  seeds: number[]
  training: Settled<Config['training']>
  measurement: Settled<Config['measurement']>
}

/** What 'auto' becomes. `measurements` counts the log-spaced epochs, epoch 0 not among them. */
export interface Picked {
  seeds: number[]
  epochs: number
  measurements: number
  replicas: number
  ownReplicas: number
  batches: number
  queries: number
}

/** Fills in what needs no calibration: the hidden layers, and the length and whatever else the mode says. */
export function applyMode(given: Config, { quick = {}, full }: ExperimentDefinition): Config {
  const mode: Partial<Length> = given.mode === 'full' ? full : quick
  const config = merge(mode.absent ?? {}, given) as Config
  const hidden = config.network.layers.slice(0, -1).flatMap((layer, i) => (passive.has(layer.type) ? [] : [i + 1]))
  const filled = { ...config, measurement: withoutAuto(config.measurement, { layers: hidden }) }
  const { epochs = 'auto', measurements = 'auto', entropies = {} } = mode
  const count = config.measurement.epochs ? 'auto' : measurements
  return {
    ...filled,
    seeds: config.seeds === 'auto' ? (mode.seeds ?? 'auto') : config.seeds,
    training: withoutAuto(config.training, { epochs }),
    measurement: withoutAuto(filled.measurement, { count }),
    ...(config.entropies && { entropies: withoutAuto(config.entropies, entropies) }),
  }
}

/**
 * Fills in what the data say: how many of them train, unless somebody gave a number. Weights that name no seed have no known split:
 * all rows count as those they were trained on.
 */
export function applyData(config: Config, { count, testFrom }: DataSet, weights?: GivenWeights): Config {
  const part = weights && !weights.seeded ? 1 : trainedPart
  const trainCount = testFrom ?? Math.max(1, Math.floor(part * count))
  return { ...config, training: withoutAuto(config.training, { trainCount }) }
}

/** Of data without a test set of their own. */
const trainedPart = 0.8

/** What a calibration looks at: an experiment whose length and sampling may still be to pick. */
export interface Draft extends Pick<Experiment, 'data' | 'network' | 'weightsAt'> {
  seeds: Config['seeds']
  training: Config['training'] & { trainCount: number }
  measurement: Config['measurement'] & { layers: number[] }
  clustering: Config['clustering']
}

/** The draft of a configuration that went through applyMode. InputError when the network does not fit the data or the weights. */
export function toDraft(config: Config, data: DataSet, weights?: GivenWeights): Draft {
  requireFit(config, data)
  const network = networkOf(config, data)
  const { seeds, training, measurement, clustering } = config
  return {
    seeds,
    data,
    network,
    weightsAt: weights?.of(network),
    training: training as Draft['training'],
    measurement: measurement as Draft['measurement'],
    clustering,
  }
}

/**
 * Fills in what the calibration picked, where nobody gave a value.
 * @throws InputError: a value that was given does not go with one that was picked; TypeError: picked ones break a rule
 */
export function settle(config: Config, picked: Picked): SettledConfig {
  const { seeds: free, epochs, measurements, ...sampling } = picked
  // what is to be saved must be drawn
  const saved = Math.ceil(config.save.replicas / sampling.batches) * sampling.batches
  sampling.replicas = Math.max(sampling.replicas, saved)
  sampling.ownReplicas = Math.max(sampling.ownReplicas, sampling.replicas)
  const training = withoutAuto(config.training, { epochs })
  const measurement = withoutAuto(config.measurement, sampling)
  const seeds = config.seeds === 'auto' ? free : config.seeds
  const { success, error } = configSchema.safeParse({ ...config, seeds, training, measurement })
  if (!success) throw misfit(error.issues, config)
  const count = measurement.epochs?.length ?? measurements
  return { ...config, seeds, training, measurement: withoutAuto(measurement, { count }) } as SettledConfig
}

function misfit(issues: z.core.$ZodIssue[], config: Config): Error {
  const issue = issues.find(({ path }) => at(config, path) !== 'auto')
  if (!issue) return new TypeError(`the calibration picked what does not fit: ${JSON.stringify(issues)}`)
  const [key, found] = [issue.path.join('.'), show(at(config, issue.path))]
  return new InputError(`${key}: ${found} is not ${issue.message}, which was picked as none was given: give it as well`)
}

/** The experiment of a settled configuration, on the data that its draft was made with. */
export function toExperiment(config: SettledConfig, { data, network, weightsAt }: Draft): Experiment {
  const { seeds, training, measurement, clustering, save } = config
  const { evaluations, ...trainingOptions } = training
  const { count, epochs, ...measurementOptions } = measurement
  const measuredEpochs = epochs ?? [0, ...logSpacedEpochs(training.epochs, count)]
  const evaluatedEpochs = new Set([0, ...measuredEpochs, ...logSpacedEpochs(training.epochs, evaluations)])
  const last = measuredEpochs.at(-1)!
  return {
    seeds,
    data,
    network,
    training: weightsAt ? { ...trainingOptions, epochs: last } : trainingOptions,
    measurement: measurementOptions,
    measuredEpochs,
    clustering,
    evaluatedEpochs: weightsAt ? measuredEpochs : [...evaluatedEpochs].sort((a, b) => a - b),
    weightsAt,
    saveReplicas: save.replicas,
    saveWeights: save.weights,
  }
}

/** Layers that only hand on what comes in. */
const passive = new Set<string | undefined>(['flatten', 'dropout'])

/** As it stands on these data; what layers cannot stand on one another is not looked at. */
export function networkOf({ network, noise }: Pick<Config, 'network' | 'noise'>, data: DataSet): NetworkSpec {
  const { layers } = network
  return { inputWidth: data.width, inputShape: data.shape, layers, noiseStd: noise.std }
}

/** InputError where a layer cannot stand on the one below. */
function tableOf(config: Pick<Config, 'network' | 'noise'>, data: DataSet): Layer[] {
  try {
    return layerTable(networkOf(config, data))
  } catch (error) {
    throw error instanceof RangeError ? new InputError(`network.layers: ${error.message}`) : error
  }
}

function requireFit(config: Config, data: DataSet): void {
  const { training } = config
  const table = tableOf(config, data)
  const { width } = table.at(-1)!
  if (width !== data.classes) {
    throw new InputError(`network.layers: the last width, ${width}, is not ${data.classes}, the classes of the data`)
  }
  const most = data.testFrom ?? data.count
  if (Number(training.trainCount) > most) {
    throw new InputError(
      `training.trainCount: ${training.trainCount} is not <= ${most}, the inputs there are to train on`,
    )
  }
}

/** The group with its 'auto' values replaced where a value is at hand. */
function withoutAuto<T extends object, P extends Partial<T>>(group: T, values: P): T {
  const filled = Object.entries(values).filter(([key]) => group[key as keyof T] === 'auto')
  return { ...group, ...Object.fromEntries(filled) }
}
