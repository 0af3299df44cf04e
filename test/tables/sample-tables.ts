/** The tables of a finished run, for the tests that open them with other programs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunRecorder } from '../../src/tables/recorder.js'
import { activationRows, informationRow, metadata, trainingRow } from './sample-run.js'

export interface SampleTables {
  training: Buffer
  information: Buffer
  /** Four samples of width 3 with labels, then two without. */
  activations: Buffer
  /** The stream of `training` as a killed run leaves it: three batches and no end mark. */
  killed: Buffer
}

export function sampleTables(folder: string): SampleTables {
  const recorder = new RunRecorder(folder, [1], metadata)
  for (const epoch of [0, 1, 2]) recorder.training(trainingRow(epoch))
  for (const layer of [1, 2] as const) recorder.information(informationRow(10, layer))
  recorder.activations(activationRows(0, 4))
  recorder.activations(activationRows(10, 2, false))
  const stream = readFileSync(join(folder, 'training.arrows'))
  recorder.finish()
  const read = (name: string) => readFileSync(join(folder, name))
  return {
    training: read('training.arrow'),
    information: read('information.arrow'),
    activations: read('activations/layer-2.arrow'),
    killed: stream,
  }
}
