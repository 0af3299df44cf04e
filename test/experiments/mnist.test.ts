// The convolutional network under its conditions, on pictures as small as it takes, from IDX files.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { mnist } from '../../src/experiments/mnist.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyData, applyMode, toDraft } from '../../src/experiments/settle.js'
import { layerTable } from '../../src/network/network.js'
import { idxBytes, imageFolder } from '../data/idx-files.js'
import { runPanel } from './run-panel.js'

const temporary = mkdtempSync(join(tmpdir(), 'infoflow-pictures-'))
test.after(() => rmSync(temporary, { recursive: true }))

/** 8 x 8 pixels: a bar whose place is the label, 0 to 2, on a background that differs. */
function bars(count: number): { images: Buffer; labels: Buffer } {
  const pixel = (i: number, at: number) => (at % 8 === 2 * (i % 3) + 1 ? 250 : (i * 37 + at * at * (i + 11)) % 197)
  const pixels = Array.from({ length: count * 64 }, (_, k) => pixel(Math.floor(k / 64), k % 64))
  const labels = Array.from({ length: count }, (_, i) => i % 3)
  return { images: idxBytes([count, 8, 8], pixels), labels: idxBytes([count], labels) }
}

const [train, tests] = [bars(24), bars(12)]
const directory = imageFolder(join(temporary, 'bars'), {
  'train-images-idx3-ubyte': train.images,
  'train-labels-idx1-ubyte': train.labels,
  't10k-images-idx3-ubyte': tests.images,
  't10k-labels-idx1-ubyte': tests.labels,
})
const network = [
  '{type: conv2d, channels: 2, kernel: 3, activation: tanh}, {type: dropout, rate: 0.2}, {type: max-pool, size: 2}',
  '{type: flatten}, {width: 20, activation: tanh}, {type: dropout, rate: 0.2}, {width: 10, activation: linear}',
].join(', ')
const files = [`data.directory=${directory}`, 'data.trainImages=24', 'data.testImages=12']
const sets = [...files, `network.layers=[${network}]`, 'training.batchSize=8', 'training.learningRate=0.01']

const settled = (...more: string[]) => applyMode(readConfig(mnist.defaults, { sets: more }), mnist)

test('quick and full say how many images, how long, which noises; whoever says otherwise is heard', () => {
  const quick = settled()
  assert.equal([quick.data.trainImages, quick.data.testImages], [4000, 1000])
  assert.equal([quick.training.epochs, quick.seeds, quick.noiseStds], [2, [1, 2, 3], [0.1]])
  const full = settled('mode=full')
  assert.equal([full.data.trainImages, full.data.testImages], [60_000, 10_000])
  assert.equal(full.noiseStds, [0.05, 0.1, 0.2, 0.5])
  const own = settled('data.trainImages=500', 'noiseStds=[0.3]', 'seeds=7')
  assert.equal([own.data.trainImages, own.noiseStds, own.seeds], [500, [0.3], [7]])
})

test('every image that is no test image trains', async () => {
  const config = settled(...sets)
  assert.is(config.training.trainCount, 'auto')
  assert.is(applyData(config, await mnist.data(config)).training.trainCount, 24)
})

test('the paper network on 28 x 28 pixels: layers, widths, where noise and dropout stand', () => {
  const config = settled()
  const table = layerTable({ inputWidth: 784, inputShape: [1, 28, 28], layers: config.network.layers, noiseStd: 0.1 })
  assert.equal(
    table.map(({ type, width, noiseStd }) => [type, width, noiseStd]),
    [
      ['conv2d', 9216, 0.1],
      ['dropout', 9216, 0],
      ['max-pool', 2304, 0],
      ['conv2d', 2048, 0.1],
      ['dropout', 2048, 0],
      ['max-pool', 512, 0],
      ['flatten', 512, 0],
      ['dense', 128, 0.1],
      ['dropout', 128, 0],
      ['dense', 10, 0],
    ],
  )
  assert.equal(config.measurement.layers, [1, 3, 4, 6, 8])
})

test('three conditions from the same start; wide layers have no estimate and say why', async () => {
  const data = await mnist.data(settled(...sets))
  const run = await runPanel(mnist, data, [...sets, 'noise.std=0', 'seeds=1,2'])
  const dropped = run.panel.conditions.map(({ name, config }) => [
    name,
    config.noise.std,
    config.network.layers.flatMap((layer) => (layer.type === 'dropout' ? [layer.rate] : [])),
  ])
  assert.equal(dropped, [
    ['deterministic', 0, [0, 0]],
    ['noise-0.1', 0.1, [0, 0]],
    ['dropout-0.2', 0, [0.2, 0.2]],
  ])
  const rows = run.rows.get('noise-0.1')!.information
  assert.ok(rows.every((row) => row.mi === null && row.mi_corrected === null && row.mi_ceiling === null))
  assert.equal(
    rows.slice(0, 3).map(({ layer, regime }) => [layer, regime]),
    [
      [1, 'insufficient'],
      [3, 'deterministic'],
      [5, 'insufficient'],
    ],
  )
  assert.match(rows[2].warnings[0], /20 dimensions with noise 0\.1 at least [\d.]+e\+\d+ samples are needed/)
  assert.ok(run.rows.get('dropout-0.2')!.information.every(({ regime }) => regime === 'deterministic'))
  const losses = [...run.rows.values()].map(({ training }) => [training[0].train_loss, training.at(-1)!.train_loss])
  assert.is(new Set(losses.map(([first]) => first)).size, 1, 'one start')
  assert.is(new Set(losses.map(([, last]) => last)).size, 3, 'three ways on')

  const words = run.panel.words().replace(/\s+/g, ' ')
  assert.match(words, /A quick run \(24 images, 2 epochs\): its numbers show that it works; claims take --full/)
  assert.match(words, /I\(X;T\) is not estimated: even 20 neurons with noise 0\.1 take .* samples or more/)
  assert.match(words, /too few for rank correlations/)
  assert.match(words, /H\(Bin\(T\)\) of layers? [\d, to]+ is log 12 throughout/)
  assert.not.match(words, /holds|fails/)
})

test('files that are not there, more images than there are, a network that does not fit', async () => {
  const refused = async (expected: RegExp, ...more: string[]) => {
    const config = settled(...sets, ...more)
    const message = await Promise.resolve()
      .then(() => mnist.data(config))
      .then((data) => toDraft(config, data))
      .then(
        () => 'nothing was wrong',
        (error: unknown) => (error instanceof InputError ? error.message : `a fault: ${String(error)}`),
      )
    assert.match(message, expected)
  }
  await refused(/nowhere: no such folder: expected one with the four IDX files/, 'data.directory=nowhere')
  await refused(/^data\.trainImages: 25 is not a whole number from 1 to 24, the training images/, 'data.trainImages=25')
  await refused(/^network\.layers: layer 1: a kernel of 9 x 9 does not fit: 1 x 8 x 8/, 'network.layers.0.kernel=9')
  await refused(/^training\.trainCount: 30 is not <= 24/, 'training.trainCount=30')
})

test.run()
