/** A run without end, started by tests that kill it or starve it: `endless-writer.ts FOLDER`; tells each row on stdout. */
import { writeSync } from 'node:fs'
import { InputError } from '../../src/errors.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { takeRunFolder, writeRunRecord } from '../../src/tables/run-folder.js'
import { activationRows, metadata, trainingRow } from './sample-run.js'

const folder = takeRunFolder({ experiment: 'endless', out: process.argv[2] })
const recorder = new RunRecorder(folder, [1], metadata)
try {
  for (let epoch = 0; ; epoch++) {
    recorder.training(trainingRow(epoch))
    recorder.activations(activationRows(epoch, 100))
    writeSync(1, `${epoch}\n`)
  }
} catch (error) {
  if (!(error instanceof InputError)) throw error
  recorder.salvage()
  writeRunRecord(folder, { status: 'failed' })
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
