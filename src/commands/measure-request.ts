/**
 * What a command line asks `infoflow measure` for, as an experiment like any other, whose weights are there instead of trained. The
 * network and the data are those of a file, of a built-in experiment, or of a run, whose own weights are then taken by default.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import type { Config } from '../experiments/config.js'
import type { Companion, ExperimentDefinition, GivenWeights } from '../experiments/definition.js'
import { givenWeights } from '../experiments/given-weights.js'
import { commonNoise, hiddenNoises } from '../experiments/hidden-noises.js'
import { noiseSweep } from '../experiments/noise-sweep.js'
import { readConfig, valueIn, type OptionValue, type Sources } from '../experiments/read-config.js'
import { findExperiment } from '../experiments/registry.js'
import { seedText } from '../experiments/seeds.js'
import { isStudy } from '../experiments/studies.js'
import { variantChanges } from '../experiments/variant.js'
import { visible, wrapped } from '../report/numbers.js'
import { readRunRecord } from '../tables/run-folder.js'
import { checkpoints, type Checkpoint } from '../weights/checkpoints.js'
import { readOnnx } from '../weights/onnx.js'
import { noisesOf, several } from './measure-options.js'
import { requested } from './run-request.js'
import { sourcesOf, type Typed } from './run-options.js'

export interface MeasureRequest {
  definition: ExperimentDefinition
  config: Config
  /** Of the numbered folders. */
  name: string
}

/** @throws InputError: the first mistake in the command line, the file or the weights' names */
export function measureRequest(asked: string, typed: Typed): MeasureRequest {
  const { definition, sources, name, folder } = subject(asked, typed)
  const patterns = patternsOf(typed, folder)
  const found = checkpoints(patterns)
  const options = [...(sources.options ?? []), ...graphOf(found, definition, sources)]
  const read = readConfig(definition.defaults, { ...sources, options }, variantChanges(definition))
  const { seeds, chosen } = seedsOf(found, read.seeds)
  const noises = noisesOf(typed)
  const map = several(typed, 'map')
  const weights = givenWeights({
    ...{ checkpoints: chosen, seed: seeds[0], map, trainedNoise: read.noise.std },
    words: wordsOf({ weights: patterns, map, 'noise-std': noises ? [noises.join()] : [] }),
    note: (line) => process.stderr.write(`${visible(line)}\n`),
  })
  const epochs = [...new Set(chosen.map(({ epoch }) => epoch))].sort((a, b) => a - b)
  const config: Config = {
    ...withNoise(read, noises),
    seeds,
    training: { ...read.training, epochs: Math.max(1, epochs.at(-1)!) },
    measurement: { ...read.measurement, epochs, count: 'auto' },
    save: { ...read.save, weights: false },
  }
  return { definition: measured(definition, weights, noises, read), name, config }
}

/** The experiment with its weights given; what it would look at beside belongs to its own training. */
function measured(
  definition: ExperimentDefinition,
  weights: GivenWeights,
  noises: number[] | null,
  trained: Config,
): ExperimentDefinition {
  const single: ExperimentDefinition = {
    ...definition,
    ...{ weights, panel: undefined },
    companion: async (config, data) =>
      Promise.resolve(wordsOnNoise(hiddenNoises(config, data), hiddenNoises(trained, data))),
  }
  if (noises === null || noises.length < 2) return single
  return {
    ...single,
    panel: async (config, data) => {
      const known = hiddenNoises(trained, data)
      const companion = (noiseStd: number) => wordsOnNoise(Array<number>(known.length).fill(noiseStd), known)
      return Promise.resolve(noiseSweep(config, noises, commonNoise(known), companion))
    },
  }
}

/** What a person must know who reads these values; of each hidden layer the noise now, and that of training. */
function wordsOnNoise(now: number[], trained: number[]): Companion {
  const isNone = now.every((one) => one === 0)
  const had = trained.every((one) => one === 0) ? 'none' : `noise ${inWords(trained)}`
  const text = isNone
    ? 'Without noise there is nothing to estimate: give --noise-std, such as 0.1, to ask how much the layers know under it.'
    : `Noise ${inWords(now)} was not part of training, which had ${had} as far as the configuration says: I(X;T) here tells how ` +
      'far apart the activations lie on the scale of this noise, not what a network trained with it would do.'
  const isTrained = !isNone && String(now) === String(trained)
  return { draw: () => Promise.resolve([]), words: () => (isTrained ? '' : wrapped(text)) }
}

/** 0.1; or 0.02 and 0.1 by layer. */
function inWords(noises: number[]): string {
  const different = [...new Set(noises)]
  if (different.length === 1) return String(different[0])
  return `${different.slice(0, -1).join(', ')} and ${different.at(-1)} by layer`
}

/** One noise is that of all layers; a sweep's conditions have theirs. */
function withNoise(config: Config, noises: number[] | null): Config {
  if (noises === null) return config
  const layers = config.network.layers.map((layer) => {
    const entries = Object.entries(layer).filter(([key]) => key !== 'noiseStd')
    return Object.fromEntries(entries) as typeof layer
  })
  return { ...config, network: { layers }, noise: noises.length === 1 ? { std: noises[0] } : config.noise }
}

interface Subject {
  definition: ExperimentDefinition
  sources: Sources
  name: string
  /** Of a run that is measured again. */
  folder?: string
}

function subject(asked: string, typed: Typed): Subject {
  const record = existsSync(join(asked, 'run.json')) ? readRunRecord(asked) : null
  if (record === null) {
    const { definition, ...rest } = requested(asked, typed)
    if (isStudy(definition)) throw new InputError(`${definition.name}: has no network to measure: expected ${networks}`)
    return { definition, ...rest }
  }
  const values = record.configuration as Partial<Config> | undefined
  if (typeof values?.experiment !== 'string' || !values.measurement) {
    throw new InputError(`${asked}: its run.json holds no network's configuration: expected ${networks}`)
  }
  const { experiment, measurement } = values
  const sources = { ...sourcesOf(typed), values: { ...values, measurement: { ...measurement, count: 'auto' } } }
  return { definition: findExperiment(experiment), sources, name: experiment, folder: asked }
}

const networks = 'an experiment with a network, such as szt, a file such as my.yaml, or the folder of a run'

/** @throws InputError: nothing given, and no run that kept its weights */
function patternsOf(typed: Typed, folder: string | undefined): string[] {
  const patterns = several(typed, 'weights')
  if (patterns.length > 0) return patterns
  if (folder === undefined) {
    throw new InputError("--weights: nothing given, expected files, such as --weights 'checkpoints/*.safetensors'")
  }
  if (existsSync(join(folder, 'weights'))) return [join(folder, 'weights')]
  throw new InputError(`${folder}: this run kept no weights: run it with --save-weights, or name files with --weights`)
}

/** The seeds that the files name, or those asked for among them; where they name none, one that draws the noise. */
function seedsOf(found: Checkpoint[], asked: Config['seeds']): { seeds: number[]; chosen: Checkpoint[] } {
  const named = [...new Set(found.flatMap(({ seed }) => seed ?? []))]
  if (named.length === 0) {
    const seeds = asked === 'auto' ? [1] : asked
    if (seeds.length === 1) return { seeds, chosen: found }
    throw new InputError(`seeds: ${seedText(seeds)}: the files name no seed, expected one, which draws split and noise`)
  }
  const unnamed = found.find(({ seed }) => seed === undefined)
  if (unnamed) throw new InputError(`${unnamed.path}: names no seed, which other files do: put it into a folder seed-N`)
  const seeds = asked === 'auto' ? named : asked
  const missing = seeds.find((seed) => !named.includes(seed))
  if (missing === undefined) return { seeds, chosen: found.filter(({ seed }) => seeds.includes(seed!)) }
  throw new InputError(
    `seeds: no weights of seed ${missing}: the files are of ${seedText(named)}: try --seeds ${seedText(named)}`,
  )
}

/** A graph says its layers, and the shape of its input, where the file does not. */
function graphOf(found: Checkpoint[], { name }: ExperimentDefinition, sources: Sources): OptionValue[] {
  const graph = found.find(({ format }) => format === 'onnx')
  if (!graph || name !== 'custom' || valueIn(sources, ['network', 'layers']) !== undefined) return []
  const { layers, inputShape } = readOnnx(graph.path)
  const shape: OptionValue[] =
    inputShape && valueIn(sources, ['data', 'shape']) === undefined
      ? [[graph.path, 'data.shape', JSON.stringify(inputShape)]]
      : []
  return [[graph.path, 'network.layers', JSON.stringify(layers)], ...shape]
}

const wordsOf = (options: Record<string, string[]>) =>
  Object.entries(options).flatMap(([name, values]) => values.flatMap((value) => [`--${name}`, value]))
