// One run of an experiment of one's own on the f64 references, with its companion, its rows kept instead of written.
import type { Config } from '../../src/experiments/config.js'
import type { Companion, ExperimentDefinition } from '../../src/experiments/definition.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode, toDraft, toExperiment, type SettledConfig } from '../../src/experiments/settle.js'
import type { DataSet } from '../../src/data/dataset.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { runExperiment } from '../../src/scheduler.js'
import type { EntropyRow, InformationRow, NoiseLevelRow, Recorder, RivalRow } from '../../src/tables/rows.js'

export interface Kept {
  information: InformationRow[]
  rivals: RivalRow[]
  noiseLevels: NoiseLevelRow[]
  entropies: EntropyRow[]
}

export interface Ran {
  companion: Companion
  rows: Kept
  /** Whether the companion's last step came to its end. */
  whole: boolean
}

/** A definition on other data, its configuration changed as by --set; nothing may be left to pick. */
export async function runWith(
  definition: ExperimentDefinition,
  data: DataSet,
  sets: string[],
  signal = new AbortController().signal,
): Promise<Ran> {
  const config: Config = applyMode(readConfig(definition.defaults, { sets }), definition)
  const companion = await definition.companion!(config, data)
  const experiment = toExperiment(config as SettledConfig, toDraft(config, data))
  const rows: Kept = { information: [], rivals: [], noiseLevels: [], entropies: [] }
  const recorder = keeping(rows)
  const machine = new ReferenceMachine()
  const quiet = { evaluated() {}, measured() {}, progress() {} }
  await runExperiment(machine, experiment, recorder, {
    ...quiet,
    looked: async (look) => companion.looked?.(look, recorder),
  })
  const whole = (await companion.finished?.({ machine, experiment, recorder, signal, log() {}, keep() {} })) ?? true
  return { companion, rows, whole }
}

function keeping(rows: Kept): Recorder {
  return {
    training() {},
    activations() {},
    weights() {},
    information: (row) => rows.information.push(row),
    rival: (...some) => rows.rivals.push(...some),
    noiseLevel: (row) => rows.noiseLevels.push(row),
    entropy: (...some) => rows.entropies.push(...some),
    clustering() {},
    binnedEntropy() {},
    histogram() {},
    scatter() {},
  }
}

/** The 8 corners of a cube, labelled by their first coordinate. */
export const cube: DataSet = {
  name: 'cube',
  count: 8,
  width: 3,
  classes: 2,
  enumerated: true,
  inputs: Float32Array.from({ length: 24 }, (_, i) => (Math.floor(i / 3) >> (i % 3)) & 1),
  labels: Uint32Array.from({ length: 8 }, (_, x) => x & 1),
}

const layers = '{width: 3, activation: tanh}, {width: 2, activation: tanh}, {width: 2, activation: linear}'

/** A network for the cube, five epochs, three measurements. */
export const small = [
  ...[`network.layers=[${layers}]`, 'training.epochs=5', 'training.trainCount=8', 'training.batchSize=4'],
  ...['training.learningRate=0.05', 'measurement.count=2'],
]
