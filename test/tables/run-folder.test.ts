import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { readRunRecord, takeRunFolder, writeRunRecord } from '../../src/tables/run-folder.js'
import { scratchFolder } from './sample-run.js'

const scratch = scratchFolder(test)
const refuses = (what: () => unknown, pattern: RegExp) =>
  assert.throws(what, (error: Error) => error instanceof InputError && pattern.test(error.message))

/** A finished run with foreign files among its own. */
function finishedRun(name: string): string {
  const out = takeRunFolder({ experiment: 'szt', out: join(scratch, name) })
  writeRunRecord(out, { status: 'finished', command: 'infoflow run szt' })
  for (const part of ['activations', 'weights', 'export']) mkdirSync(join(out, part))
  for (const own of [
    'training.arrow',
    'activations/layer-1.arrow',
    'weights/epoch-10.safetensors',
    'information.vl.json',
    'export/information.csv',
    'export/information.csv-metadata.json',
  ])
    writeFileSync(join(out, own), 'old')
  for (const foreign of ['notes.md', 'export/mine.csv', 'activations/my.csv', 'training.arrow.bak'])
    writeFileSync(join(out, foreign), 'mine')
  return out
}

test('runs are numbered, above all that are there', () => {
  const root = join(scratch, 'results')
  const next = (experiment: string) => takeRunFolder({ experiment, root })
  assert.is(next('szt'), join(root, 'szt-001'))
  assert.is(next('szt'), join(root, 'szt-002'))
  assert.is(next('spiral'), join(root, 'spiral-001'))
  for (const other of ['szt-041', 'szt-draft', 'reference', 'my-szt-099']) mkdirSync(join(root, other))
  assert.is(next('szt'), join(root, 'szt-042'))
  mkdirSync(join(root, 'szt-999'))
  assert.is(next('szt'), join(root, 'szt-1000'))
  assert.equal(readdirSync(join(root, 'reference')), [])
  assert.throws(() => next('../x'), /cannot name a folder/)
})

test('a named folder may be new or empty', () => {
  const out = join(scratch, 'deep', 'er')
  assert.is(takeRunFolder({ experiment: 'szt', out }), out)
  assert.equal(readRunRecord(out), { status: 'running' })
  mkdirSync(join(scratch, 'empty'))
  assert.is(takeRunFolder({ experiment: 'szt', out: join(scratch, 'empty') }), join(scratch, 'empty'))
})

test('a run is never overwritten without force', () => {
  const out = finishedRun('finished')
  refuses(
    () => takeRunFolder({ experiment: 'szt', out }),
    /finished: holds a run \(finished\): .* replace it with --force/,
  )
  writeRunRecord(out, { status: 'running' })
  refuses(() => takeRunFolder({ experiment: 'szt', out }), /holds a run \(running or killed\)/)
  assert.is(readFileSync(join(out, 'training.arrow'), 'utf8'), 'old')
})

test("force removes infoflow's files and nobody else's", () => {
  const out = finishedRun('forced')
  takeRunFolder({ experiment: 'szt', out, force: true })
  assert.equal(readdirSync(out, { recursive: true }).sort(), [
    ...['activations', 'activations/my.csv', 'export', 'export/mine.csv'],
    ...['notes.md', 'run.json', 'training.arrow.bak', 'weights'],
  ])
  assert.equal(readRunRecord(out), { status: 'running' })
})

test('a folder of something else is refused, with force as well', () => {
  const out = join(scratch, 'photos')
  mkdirSync(out)
  writeFileSync(join(out, 'run.json'), '{ "jogging": "10 km" }')
  for (const force of [false, true])
    refuses(() => takeRunFolder({ experiment: 'szt', out, force }), /photos: not empty, and no run's folder/)
  assert.equal(readdirSync(out), ['run.json'])
})

test('a path that cannot be a folder: one line', () => {
  const file = join(scratch, 'file')
  writeFileSync(file, '')
  refuses(
    () => takeRunFolder({ experiment: 'szt', out: file }),
    /file: cannot create the folder: .* \(EEXIST\); choose/,
  )
  refuses(() => takeRunFolder({ experiment: 'szt', out: join(file, 'run') }), /\(ENOTDIR\); choose another folder/)
})

test('run.json is replaced whole', () => {
  const out = takeRunFolder({ experiment: 'szt', out: join(scratch, 'record') })
  const record = { status: 'finished', configuration: { noise: { std: 0.005 } }, adapter: null } as const
  writeRunRecord(out, record)
  assert.equal(readRunRecord(out), record)
  assert.not(existsSync(join(out, 'run.json.tmp')))
  mkdirSync(join(out, 'run.json.tmp'))
  refuses(
    () => writeRunRecord(out, { status: 'failed' }),
    /run\.json: cannot write: a folder is in its place \(EISDIR\)/,
  )
  assert.equal(readRunRecord(out), record)
})

test.run()
