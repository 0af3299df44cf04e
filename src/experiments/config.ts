/**
 * Everything a person may set about a run, as one schema: its keys are those of a configuration file and of
 * `--set KEY=VALUE`. Every message here is what was expected, the end of the sentence "-0.1 is not ...".
 * Values that may be 'auto' are picked at the start of the run, to fit the adapter.
 */
import { z } from 'zod'
import { nearest } from '../errors.js'
import { activations } from '../network/network.js'
import { initialisations } from '../network/parameters.js'
import { losses, optimisers, schedules } from '../training/options.js'
import { seedsSchema } from './seeds.js'

const epochLimit = 100_000_000

export const configSchema = z
  .strictObject({
    experiment: z.string('the name of an experiment'),
    mode: z.enum(['quick', 'full'], 'quick or full'),
    seeds: auto(seedsSchema),
    adapter: z.string('the name of an adapter').min(1, 'the name of an adapter').optional(),
    variant: z.string('the name of a variant').optional(),
    data: group({
      shuffledLabels: z.boolean('true or false'),
      directory: z.string('a folder').optional(),
      inputs: file(),
      labels: file(),
      testInputs: file(),
      testLabels: file(),
      inputColumn: z.string('the name of a column').optional(),
      labelColumn: z.string('the name of a column').optional(),
      classes: whole(2).optional(),
      normalise: normalisation().optional(),
      shape: z.array(whole(1), list('sizes')).length(3, 'channels, height and width, such as [1, 28, 28]').optional(),
      regime: one(['sample', 'all']).optional(),
      trainImages: whole(1).optional(),
      testImages: whole(1).optional(),
    }),
    network: group({ layers: z.array(layerSchema(), list('layers')).min(2, 'a list of 2 layers or more') }),
    noise: group({ std: real(0) }),
    training: group({
      epochs: auto(whole(1, epochLimit)),
      batchSize: whole(1),
      trainCount: auto(whole(1)),
      learningRate: real(0),
      beta1: fraction(),
      beta2: fraction(),
      epsilon: real(0),
      optimiser: one(optimisers),
      momentum: fraction(),
      weightDecay: real(0),
      schedule: one(schedules),
      finalLearningRate: real(0),
      loss: one(losses),
      initialisation: one(initialisations),
      orthonormal: real(0),
      weightNorm: z.boolean('true or false'),
      evaluations: whole(1),
    }),
    measurement: group({
      count: auto(whole(1)),
      epochs: z.array(whole(0, epochLimit), list('epochs')).min(1, 'at least 1 epoch').optional(),
      layers: auto(z.array(whole(1), list('layers'))),
      replicas: auto(whole(1)),
      ownReplicas: auto(whole(1)),
      batches: auto(whole(2)),
      queries: auto(whole(1)),
      tolerance: real(0),
    }),
    compare: z.boolean('true or false'),
    binWidths: z.array(positive(), list('widths')).min(1, 'at least 1 width').optional(),
    noiseStds: z.array(positive(), list('noises')).min(1, 'at least 1 noise').optional(),
    entropies: group({
      samples: auto(z.array(whole(16), list('sample sizes')).min(1, 'at least 1 sample size')),
      repetitions: auto(whole(2)),
      queries: whole(1),
      referenceSamples: auto(whole(16)),
      referenceRepetitions: whole(2),
    }).optional(),
    clustering: group({ inputs: whole(2), pairs: whole(2) }),
    save: group({ replicas: whole(0), weights: z.boolean('true or false') }),
  })
  .superRefine((config, context) => {
    for (const { path, expected } of conflicts(config)) {
      context.addIssue({ code: 'custom', path, message: expected })
    }
  })

/** A run's configuration, with 'auto' where the calibration picks. */
export type Config = z.infer<typeof configSchema>

interface Conflict {
  path: (string | number)[]
  expected: string
}

/** What is wrong between values that are each right: batches divide replicas, measured layers exist, and so on. */
function* conflicts({
  experiment,
  data,
  network,
  training,
  measurement,
  save,
  binWidths,
  noiseStds,
  entropies,
}: Config): Generator<Conflict> {
  const only = (key: string, of: string): Conflict => ({
    path: [key],
    expected: `a key of ${experiment}, only of ${of}`,
  })
  if (binWidths && experiment !== 'binning') yield only('binWidths', 'binning')
  const withNoises = ['noise-levels', 'proxy', 'mnist']
  if (noiseStds && !withNoises.includes(experiment)) yield only('noiseStds', withNoises.join(', '))
  yield* dataConflicts(experiment, data)
  if (entropies && experiment !== 'spiral') yield only('entropies', 'spiral')
  const { batches, replicas, ownReplicas, count, epochs, layers } = measurement
  const at = (key: string, expected: string): Conflict => ({ path: ['measurement', key], expected })
  for (const [key, value] of Object.entries({ replicas, ownReplicas })) {
    if (number(value) % number(batches) > 0) yield at(key, `a multiple of measurement.batches, ${batches}`)
  }
  if (number(ownReplicas) < number(replicas)) yield at('ownReplicas', `>= measurement.replicas, ${replicas}`)
  for (const [key, value] of Object.entries({ replicas, ownReplicas })) {
    if (save.replicas > number(value)) yield { path: ['save', 'replicas'], expected: `<= measurement.${key}, ${value}` }
  }

  const hidden = network.layers.length - 1
  if (layers !== 'auto') yield* listConflicts('layers', layers, hidden, `hidden layers, 1 to ${hidden}`)
  if (epochs && count !== 'auto') yield at('count', `to be given together with measurement.epochs: give one of them`)
  if (training.orthonormal > 0 && training.weightNorm) {
    yield {
      path: ['training', 'weightNorm'],
      expected: 'to be used together with training.orthonormal: take one of them',
    }
  }
  const falls = training.schedule === 'geometric' && !(training.finalLearningRate > 0 && training.learningRate > 0)
  if (falls) yield { path: ['training', 'finalLearningRate'], expected: '> 0, which a geometric schedule needs' }
  const last = number(training.epochs)
  if (epochs) yield* listConflicts('epochs', epochs, last, `epochs up to training.epochs, ${training.epochs}`)
}

const imageKeys = ['directory', 'trainImages', 'testImages'] as const
const fileKeys = [
  ...['inputs', 'labels', 'testInputs', 'testLabels', 'inputColumn', 'labelColumn'],
  ...['classes', 'normalise', 'shape', 'regime'],
] as const

/** Each way to give data has keys of its own. */
function* dataConflicts(experiment: string, data: Config['data']): Generator<Conflict> {
  const given = (keys: readonly string[]) => keys.filter((key) => data[key as keyof typeof data] !== undefined)
  const only = (key: string, of: string) => ({
    path: ['data', key],
    expected: `a key of ${experiment}, only of ${of}`,
  })
  if (experiment !== 'mnist') for (const key of given(imageKeys)) yield only(key, 'mnist')
  if (experiment !== 'custom') {
    for (const key of given(fileKeys)) yield only(key, "custom, a network on data of one's own")
    return
  }
  if (data.inputs === undefined) yield { path: ['data', 'inputs'], expected: 'a file, such as inputs.npy' }
  if (data.testLabels !== undefined && data.testInputs === undefined) {
    yield { path: ['data', 'testLabels'], expected: 'to be given without data.testInputs: give both' }
  }
}

/** Lists of layers and of epochs ascend, without repeats, up to a last one. */
function* listConflicts(key: string, values: number[], last: number, expected: string): Generator<Conflict> {
  for (const [i, value] of values.entries()) {
    if (value > last) yield { path: ['measurement', key, i], expected: `among the ${expected}` }
    if (i > 0 && !(value > values[i - 1])) {
      yield { path: ['measurement', key, i], expected: `> ${values[i - 1]}, the one before it in this ascending list` }
    }
  }
}

/** NaN for what is not known yet, so that no comparison with it holds. */
function number(value: number | 'auto'): number {
  return value === 'auto' ? NaN : value
}

function layerSchema() {
  const activation = one(activations)
  const noiseStd = real(0).optional()
  const types = ['dense', 'conv2d', 'max-pool', 'average-pool', 'flatten', 'dropout']
  const expected =
    'a layer: a group of keys with `type` dense (the default), conv2d, max-pool, average-pool, flatten or dropout'
  const error = ({ input }: { input?: unknown }) => {
    const near = nearest(String((input as { type?: unknown } | null | undefined)?.type), types)
    return near === null ? expected : `${expected}: did you mean ${near}?`
  }
  return z.discriminatedUnion(
    'type',
    [
      group({ type: z.literal('dense').optional(), width: whole(1), activation, noiseStd }),
      group({
        type: z.literal('conv2d'),
        ...{ channels: whole(1), kernel: whole(1), stride: whole(1).optional(), padding: whole(0).optional() },
        ...{ activation, noiseStd },
      }),
      group({ type: z.enum(['max-pool', 'average-pool']), size: whole(1), noiseStd }),
      group({ type: z.literal('flatten') }),
      group({ type: z.literal('dropout'), rate: fraction() }),
    ],
    { error },
  )
}

function file() {
  return z.string('the name of a file').min(1, 'the name of a file').optional()
}

function normalisation() {
  const numbers = () => z.union([z.number('a number'), z.array(z.number('a number'), list('numbers')).min(1)])
  return z.union([one(['none', 'standard', 'min-max']), group({ mean: numbers(), std: numbers() })], {
    error: 'none, standard, min-max or a group of keys: mean, std',
  })
}

/** One of a few words. */
function one<const W extends readonly [string, ...string[]]>(words: W) {
  return z.enum(words, `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`)
}

function group<S extends z.ZodRawShape>(shape: S) {
  const expected = `a group of keys: ${Object.keys(shape).join(', ')}`
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? expected : undefined) })
}

function list(of: string): string {
  return `a list of ${of}`
}

function whole(min: number, max = 1_000_000_000) {
  const expected = `a whole number >= ${min}`
  return z.int(expected).min(min, expected).max(max, `a whole number <= ${max}`)
}

function real(min: number) {
  const expected = `a number >= ${min}`
  return z.number(expected).min(min, expected)
}

function positive() {
  const expected = 'a number > 0'
  return z.number(expected).gt(0, expected)
}

/** Decay rates, momentum, shares. */
function fraction() {
  const expected = 'a number >= 0 and < 1'
  return z.number(expected).min(0, expected).lt(1, expected)
}

function auto<S extends z.ZodType>(schema: S) {
  return z.union([z.literal('auto'), schema])
}
