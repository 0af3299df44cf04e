// Noisy networks beside the one without noise: where they start, how they part, and what is said of it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { proxy } from '../../src/experiments/proxy.js'
import { readRows } from '../../src/tables/read.js'
import type { SimilarityRow } from '../../src/tables/similarity.js'
import { mistaken } from '../data/input-error.js'
import { cube, small } from './run-with.js'
import { runPanel, type PanelRun } from './run-panel.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-proxy-'))
test.after(() => rmSync(folder, { recursive: true }))

const base = [...small.filter((set) => !/trainCount|epochs|count/.test(set)), 'training.trainCount=6']
const sets = [...base, 'training.epochs=12', 'measurement.count=7', 'noiseStds=[0.5, 0.001]']
let run: PanelRun

test('one condition without noise first, then the noises from the smallest', async () => {
  run = await runPanel(proxy, cube, [...sets, 'seeds=1..3'], folder)
  const found = run.panel.conditions.map(({ name, config }) => [name, config.noise.std])
  assert.equal(found, [
    ['deterministic', 0],
    ['noise-0.001', 0.001],
    ['noise-0.5', 0.5],
  ])
  assert.match(run.told[2], /^noise 0\.5: test error \d+\.\d\d %( to \d+\.\d\d %)? after epoch 12, noise off$/)
})

test('same start, same batches: little noise changes little, much noise much', () => {
  const rows = readRows<SimilarityRow>(run.panel.finish(true)[0])
  const start = rows.filter(({ epoch }) => epoch === 0)
  assert.is(start.length, 2 * 3 * 2, 'conditions, seeds, layers; the reference is not held against itself')
  for (const { cosine_q05, cosine_mean, inputs } of start) assert.equal([cosine_q05, cosine_mean, inputs], [1, 1, 8])
  const least = (noise: number) =>
    Math.min(...rows.filter((row) => row.noise_std === noise && row.epoch === 12).map((row) => row.cosine_mean!))
  assert.ok(least(0.001) > 0.999 && least(0.001) < 1, `noise 0.001: ${least(0.001)}`)
  assert.ok(least(0.5) < 0.99, `noise 0.5: ${least(0.5)}`)
  assert.ok(rows.every((row) => row.cosine_q05! <= row.cosine_median! && row.cosine_median! <= row.cosine_q95!))
})

test('a network that does not start as the reference did is a fault', async () => {
  const { panel } = await runPanel(proxy, cube, [...sets, 'seeds=1'])
  await panel.companion('deterministic').looked!(lookLike(1), undefined as never)
  let said = ''
  await panel.companion('noise-0.5').looked!(lookLike(-1), undefined as never).catch(
    (error: Error) => (said = error.message),
  )
  assert.match(said, /^noise-0\.5, seed 1, layer 1: before the first step it is not the reference's/)
})

test('words: tables, claims with verdicts, what intervals are of', () => {
  const words = run.panel.words()
  assert.match(words, /^Test error, %, epoch 12 +mean +- deterministic, paired$/m)
  assert.match(words, /^ {2}deterministic +\d+\.\d\d ± \d+\.\d\d$/m)
  assert.match(words, /^ {2}noise 0\.001 +\d+\.\d\d ± \d+\.\d\d +[+-]?\d+\.\d\d ± \d+\.\d\d$/m)
  assert.match(words, /Cosine similarity to deterministic/)
  assert.match(words, /Rank correlation over epochs of H\(Bin\(T\)\), bins of 0\.1/)
  assert.match(words, /less than 1 point more test error: (holds|fails|cannot be told) \(/)
  assert.match(words, /the largest noise, 0\.5, costs test error: (holds|fails|cannot be told)/)
  assert.match(words, /Before the first step every cosine similarity is 1 exactly/)
  assert.ok(
    words.split('\n').every((line) => line.length <= 80),
    'lines of 80 characters',
  )
})

test('one seed has no intervals and makes no claims, two make none either', async () => {
  const one = (await runPanel(proxy, cube, [...sets, 'seeds=1'])).panel.words()
  assert.match(one, /One seed: no intervals, and nothing said of other seeds/)
  assert.not.match(one, /±|holds|fails|Claims;/)
  const two = (await runPanel(proxy, cube, [...sets, 'seeds=1,2'])).panel.words().replace(/\s+/g, ' ')
  assert.match(two, /2 seeds make wide ones \(12\.7 standard errors\)/)
  assert.match(two, /Claims take 3 seeds or more/)
  assert.not.match(two, /holds|fails/)
})

test('three pictures', async () => {
  const paths = await run.panel.draw(folder, { title: 'proxy', subtitle: 'a cube' })
  assert.ok(paths.length === 9 && paths.every((path) => existsSync(path)))
})

test('what conditions decide, or what needs an estimate, is refused', async () => {
  const refused = async (set: string, expected: RegExp) => {
    const made = runPanel(proxy, cube, [...sets, set])
    const error = await made.then(
      () => null,
      (reason: unknown) => reason,
    )
    mistaken(() => {
      throw error
    }, expected)
  }
  await refused('noise.std=0.1', /^noise\.std: 0\.1 is not 0: 'proxy' has conditions with noises of their own/)
  await refused('compare=true', /^compare: true is not false: 'proxy' estimates no I\(X;T\)/)
  await refused('save.replicas=2', /^save\.replicas: 2 is not 0/)
})

test.run()

/** Epoch 0 of seed 1: two inputs in one layer of two neurons, the first neuron times `sign`. */
function lookLike(sign: number) {
  const s = [Float32Array.of(sign, 1, 2 * sign, 3)]
  const monitored = { inputs: Uint32Array.of(0, 1), layers: [1], s, clustering: [], binned: [] }
  const never = () => Promise.reject(new Error('not asked for'))
  return { seed: 1, epoch: 0, rows: [], monitored, parameters: never, activations: never, samples: never }
}
