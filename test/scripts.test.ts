// The headless scripts that people are meant to read and change: each runs by itself, and what it prints is right.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { RunRecorder } from '../src/tables/recorder.js'
import { writeRunRecord } from '../src/tables/run-folder.js'
import { outputOf, read, readExample, root } from './example.js'
import { informationRow, trainingRow } from './report/rows.js'

const test = suite('scripts')
const folder = mkdtempSync(join(tmpdir(), 'infoflow-scripts-'))
test.after(() => rmSync(folder, { recursive: true }))

test('train-and-measure: a layer knows no more than the one below, and the network learns', async () => {
  const { rows, accuracy } = readExample(await outputOf('scripts/train-and-measure.ts'))
  assert.equal(
    rows.map(({ epoch, layer }) => `${epoch} ${layer}`),
    ['0 1', '0 2', '10 1', '10 2', '300 1', '300 2'],
  )
  for (const { mi, low, high } of rows) assert.ok(low < mi && mi < high && low > 0 && low < Math.log(64))
  for (let i = 1; i < rows.length; i += 2) assert.ok(rows[i].mi < rows[i - 1].mi)
  assert.ok(accuracy > 0.9, `accuracy ${accuracy}`)
})

test('noise-kernel: a million numbers with the moments asked for, as the reference draws them', async () => {
  const output = await outputOf('scripts/noise-kernel.ts')
  const [, count, mean, std] = /^(\d+) numbers: mean (\S+), standard deviation (\S+)$/m.exec(output)!.map(Number)
  const error = 0.005 / Math.sqrt(count)
  assert.is(count, 2 ** 20)
  assert.ok(Math.abs(mean) < 5 * error, `mean ${mean}`)
  assert.ok(Math.abs(std - 0.005) < (5 * error) / Math.SQRT2 + 5e-7, `standard deviation ${std}`)
  // WGSL's logarithm may be off by 2^-21 near 1; the root of it by 1e-4 at the shortest of these 2048 radii, over .005
  const difference = Number(/reference: (\S+) standard/.exec(output)?.[1])
  assert.ok(difference > 0 && difference < 1e-4, `difference ${difference}`)
})

test('read-tables: highest, last and the difference of every layer of a run on disk', async () => {
  const recorder = new RunRecorder(folder, [1], { configuration_hash: 'c0ffee' })
  for (const [epoch, layer4, layer5] of [
    [0, 5, 2],
    [10, 6, 4.5],
    [100, 7, 3],
  ]) {
    recorder.training(trainingRow(epoch))
    recorder.information(informationRow(epoch, layer4, { layer: 4, dimension: 4 }))
    recorder.information(informationRow(epoch, layer5))
    recorder.information(informationRow(epoch, null, { layer: 6, regime: 'deterministic' }))
  }
  recorder.finish()
  writeRunRecord(folder, { status: 'finished', title: 'a run' })
  const lines = (await outputOf('scripts/read-tables.ts', folder)).trimEnd().split('\n')
  assert.is(lines[0], 'a run: 9 rows up to epoch 100')
  assert.match(lines[1], /^layer 4: highest 7\.000 nats at epoch 100; by epoch 100 it lost 0\.000 nats .*\)$/)
  assert.match(
    lines[2],
    /^layer 5: highest 4\.500 nats at epoch 10; by epoch 100 it lost 1\.500 nats .*\): compression$/,
  )
  assert.is(lines[3], 'layer 6: no estimate')
})

test('read-tables: of several seeds the means, and in how many of them a layer compressed', async () => {
  const several = join(folder, 'several')
  mkdirSync(several)
  const recorder = new RunRecorder(several, [1], { configuration_hash: 'c0ffee' })
  for (const seed of [0, 1, 2]) {
    recorder.training(trainingRow(9, { seed }))
    recorder.information(informationRow(0, 4 + seed, { seed }))
    recorder.information(informationRow(9, seed === 0 ? 4 : 3, { seed }))
  }
  recorder.finish()
  const lines = (await outputOf('scripts/read-tables.ts', several)).trimEnd().split('\n')
  assert.is(lines[0], `${several}: 6 rows of 3 seeds up to epoch 9`)
  assert.match(lines[1], /^layer 5: highest 5\.000 ± 2\.484 nats; .* lost 1\.667 ± 3\.795 nats .* in 2 of 3$/)
})

test('every script for people says at its head what it shows and what it costs, and is short', () => {
  const scripts = readdirSync(join(root, 'scripts')).filter(
    (name) => name.endsWith('.ts') && name !== 'check-shaders.ts',
  )
  assert.ok(scripts.length >= 3)
  for (const name of scripts) {
    const text = read(`scripts/${name}`)
    assert.match(text, /^\/\/ SHOWS {2}.*\n(\/\/ {8}.*\n)*\/\/ COST {3}.*: node --import tsx scripts\//, name)
    assert.ok(text.trimEnd().split('\n').length < 40, `${name} has 40 lines or more`)
  }
})

test.run()
