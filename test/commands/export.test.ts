/** infoflow export: what it prints, where files go, what it refuses, and runs that are not as they should be. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Schema, Table, tableToIPC } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportOptions, readExportRequest } from '../../src/commands/export-options.js'
import { exportedLines } from '../../src/commands/perform-export.js'
import { InputError } from '../../src/errors.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { root } from '../example.js'
import { metadata, trainingRow } from '../tables/sample-run.js'
import { mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const reference = join(root, 'results/reference')

/** A copy of a committed run. */
function copyOf(run: string, name: string): string {
  const copy = join(folder, name)
  mkdirSync(copy, { recursive: true })
  for (const file of readdirSync(join(reference, run))) {
    if (/\.(arrow|json)$/.test(file)) copyFileSync(join(reference, run, file), join(copy, file))
  }
  return copy
}

/** What an export of it prints, in this process. */
const lines = (run: string, options: Record<string, unknown> = {}) => [
  ...exportedLines(readExportRequest({ run, ...options })),
]

const refused = (expected: RegExp, run: string, options: Record<string, unknown> = {}) =>
  assert.throws(
    () => lines(run, options),
    (error: Error) => {
      assert.instance(error, InputError)
      assert.match(error.message, expected)
      return true
    },
  )

test('by default every table goes to export/ in the run as Parquet, a line for each, and stays there', async () => {
  const run = copyOf('szt-quick', 'plain')
  const { stdout, stderr } = await succeed(folder, 'export', 'plain')
  assert.is(stderr, '')
  assert.equal(stdout.trimEnd().split('\n'), [
    `${join('plain', 'export', 'information.parquet')}  130 rows, 41 columns, 37 kB`,
    `${join('plain', 'export', 'training.parquet')}     414 rows, 7 columns, 13 kB`,
  ])
  const before = readFileSync(join(run, 'export/training.parquet'))
  refused(/information\.parquet: exists: choose another --out DIR, or replace it with --force/, run)
  lines(run, { force: true, tables: 'training' })
  assert.equal(readFileSync(join(run, 'export/training.parquet')), before, 'the same tables, the same bytes')
})

test('--out takes runs of several conditions, a folder for each', () => {
  const out = join(folder, 'mnist')
  const written = lines(join(reference, 'mnist-quick'), { out, format: 'csv', tables: 'similarity,training' })
  const files = ['similarity', 'deterministic/training', 'dropout-0.2/training', 'noise-0.1/training']
  assert.equal(
    written.map((line) => line.split(' ')[0]),
    files.map((file) => join(out, `${file}.csv`)),
  )
  for (const file of files) assert.ok(existsSync(join(out, `${file}.csv-metadata.json`)), file)
  assert.match(readFileSync(join(out, 'noise-0.1/training.csv'), 'utf8'), /^seed,epoch,train_loss,/)
})

test('a run that goes on: its whole rows, and a word on it', () => {
  const going = join(folder, 'going')
  mkdirSync(going)
  writeFileSync(join(going, 'run.json'), JSON.stringify({ status: 'running' }))
  const recorder = new RunRecorder(going, [1], metadata)
  for (const epoch of [0, 1, 2]) recorder.training(trainingRow(epoch))
  const stream = join(going, 'training.arrows')
  truncateSync(stream, readFileSync(stream).length - 5)
  const text = lines(going, { format: 'npz' }).join(' ').replace(/\s+/g, ' ')
  assert.match(text, /training\.npz 2 rows, 7 columns/)
  assert.match(text, /goes on, or was killed: these are its rows so far, without the one that is not whole yet/)
  recorder.training(trainingRow(3))
  assert.ok(existsSync(stream))
})

test('one table by itself goes beside it', () => {
  const run = copyOf('szt-quick', 'alone')
  assert.match(lines(join(run, 'training.arrow'), { format: 'csv' })[0], /alone.training\.csv +414 rows/)
})

test('a damaged table is named, the others are written', () => {
  const run = copyOf('szt-quick', 'damaged')
  truncateSync(join(run, 'information.arrow'), 1000)
  writeFileSync(join(run, 'mine.arrow'), tableToIPC(new Table(new Schema([])), 'file'))
  refused(/information\.arrow: .* its footer .* \(and 1 other table likewise\); 1 other table written/, run, {
    format: 'csv',
  })
  assert.equal(readdirSync(join(run, 'export')), ['training.csv', 'training.csv-metadata.json'])
})

test('a mistake is one line and exit code 2, and writes nothing', async () => {
  const run = copyOf('szt-quick', 'mistaken')
  assert.match(await mistake(folder, 'export'), 'export: no run given')
  assert.match(
    await mistake(folder, 'export', 'nowhere'),
    /nowhere: cannot be read \(ENOENT\): expected a run's folder/,
  )
  refused(/unknown format 'xls'.*known: parquet, csv, npz/, run, { format: 'xls' })
  refused(/did you mean 'information'/, run, { tables: 'infomation' })
  refused(/--tables: 'training,' names no tables/, run, { tables: 'training,' })
  mkdirSync(join(folder, 'empty'))
  refused(/empty: holds no tables/, join(folder, 'empty'))
  assert.not(existsSync(join(run, 'export')))
})

test('files stay in their folder, also where links lead out of it', () => {
  const run = copyOf('szt-quick', 'linked')
  mkdirSync(join(folder, 'elsewhere'))
  mkdirSync(join(run, 'export'))
  symlinkSync(join(folder, 'elsewhere/stolen'), join(run, 'export/training.parquet.tmp'))
  refused(/training\.parquet\.tmp: a link that leads elsewhere/, run)
  const out = join(folder, 'out')
  mkdirSync(out)
  symlinkSync(join(folder, 'elsewhere'), join(out, 'noise-0.1'))
  refused(/noise-0\.1: a link that leads elsewhere/, join(reference, 'mnist-quick'), { out })
  assert.equal(readdirSync(join(folder, 'elsewhere')), [])
})

test('--help names every option, and what becomes of lists and of what is missing', async () => {
  const { stdout } = await succeed(folder, 'export', '--help')
  for (const name of Object.keys(exportOptions)) assert.match(stdout, `--${name}`)
  for (const word of ['s0, s1', 'NaN', '_metadata']) assert.match(stdout, word)
  assert.ok(stdout.split('\n').every((line) => line.length <= 80))
})

test.run()
