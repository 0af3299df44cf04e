// I(X;Bin(T)) goes where the bins take it, while the layer's own entropy stays; and what f32 does to it is told.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { binning } from '../../src/experiments/binning.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { szt } from '../../src/experiments/szt.js'
import type { Look } from '../../src/scheduler.js'
import type { RunRecorder } from '../../src/tables/recorder.js'
import type { InformationRow, RivalRow } from '../../src/tables/rows.js'
import { close } from '../close.js'
import { cube, runWith, small, type Ran } from './run-with.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-binning-'))
test.after(() => rmSync(folder, { recursive: true }))
const widths = 'binWidths=[2, 0.7, 1e-4]'
let ran: Ran

const of = (estimator: string, parameter: string) =>
  ran.rows.rivals.filter((row) => row.estimator === estimator && row.parameter === parameter)

test('from nothing to log 8 as bins shrink; without bins log 8 at every epoch and layer', async () => {
  ran = await runWith(binning, cube, [...small, widths])
  const places = of('distinct', 'f32').map(({ epoch, layer }) => [epoch, layer])
  assert.equal(
    places,
    [0, 1, 5].flatMap((epoch) => [1, 2].map((layer) => [epoch, layer])),
  )
  const values = (rows: RivalRow[]) => rows.map(({ value }) => value!)
  close(values(of('binned', 'width=2')), Array(6).fill(0), 0, 'one bin of width 2 holds all of tanh')
  close(values(of('binned', 'width=0.0001')), Array(6).fill(Math.log(8)), 1e-12, 'bins finer than what they cut')
  close(values(of('distinct', 'f32')), Array(6).fill(Math.log(8)), 1e-12, 'H(S)')
  assert.ok(values(of('binned', 'width=0.7')).every((nats) => nats > 0 && nats < Math.log(8)))
})

test('words say what depends on the bins and what does not', () => {
  const words = ran.companion.words().replace(/\s+/g, ' ')
  assert.match(
    words,
    /^I\(X;Bin\(T\)\) of layer 2 after epoch 5, nats by bin width: 0\.00 \(2\), \d\.\d\d \(0\.7\), 2\.08 \(0\.0001\)/,
  )
  assert.match(words, /I\(X;T\) is constant: .* all 8 inputs .* H\(X\) = 2\.0794 nats.*: what moved were the bins\.$/)
})

test('the picture is drawn', async () => {
  const paths = await ran.companion.draw(folder, { title: 'bins', subtitle: 'a cube' })
  assert.equal(
    paths.map((path) => path.slice(folder.length + 1)),
    ['binning.svg', 'binning.png', 'binning.vl.json'],
  )
  assert.ok(paths.every((path) => existsSync(path)))
})

test('activations that f32 cannot tell apart are counted, and called rounding', async () => {
  const companion = await binning.companion!(readConfig(binning.defaults, { sets: [widths] }), cube)
  const rows: RivalRow[] = []
  const saturated = Float32Array.of(1, 1, 1, 1, 0.5, 0.25, -0, 0)
  const look = { epoch: 9, rows: [{ layer: 1, dimension: 1 } as InformationRow], activations: async () => saturated }
  const recorder = { rival: (...some: RivalRow[]) => rows.push(...some) } as unknown as RunRecorder
  await companion.looked!(look as unknown as Look, recorder)
  const expected = Math.log(8) - (4 * Math.log(4) + 2 * Math.log(2)) / 8
  close(rows.find(({ estimator }) => estimator === 'distinct')!.value!, expected, 1e-12, 'H(S) of groups of 4, 2, 1, 1')
  const words = companion.words().replace(/\s+/g, ' ')
  assert.match(
    words,
    /the fewest different ones are 4 of 8 \(layer 1, epoch 9\), H\(S\) = 1\.2130 nats\. That is rounding/,
  )
})

test('noise is refused, and widths belong to this experiment alone', async () => {
  const noisy = readConfig(binning.defaults, { sets: ['noise.std=0.1'] })
  let told = ''
  await binning.companion!(noisy, cube).catch((error: Error) => (told = error.message))
  assert.is(told, "noise.std: 0.1 is not 0, what 'binning' is about: try szt")
  assert.throws(() => readConfig(szt.defaults, { sets: [widths] }), /a list is not a key of szt, only of binning$/)
  assert.throws(
    () => readConfig(binning.defaults, { sets: ['binWidths=[1, 0]'] }),
    /binWidths.1: 0 is not a number > 0$/,
  )
})

test.run()
