// The entropy of a trained layer by three estimators, and what it is held against.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { spiral as points } from '../../src/data/spiral.js'
import { InputError } from '../../src/errors.js'
import { freshSamples, freshSpiral } from '../../src/experiments/fresh-samples.js'
import { readConfig } from '../../src/experiments/read-config.js'
import { applyMode } from '../../src/experiments/settle.js'
import { entropyPoints, enoughSamples, referenceOf, spiralSummary } from '../../src/experiments/spiral-summary.js'
import { spiral } from '../../src/experiments/spiral.js'
import { szt } from '../../src/experiments/szt.js'
import { ReferenceMachine } from '../../src/machine/reference.js'
import { minimalSamples } from '../../src/math/theory.js'
import type { EntropyRow } from '../../src/tables/rows.js'
import { close } from '../close.js'
import { runWith, type Ran } from './run-with.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-spiral-'))
test.after(() => rmSync(folder, { recursive: true }))
const tanh = (width: number) => `{width: ${width}, activation: tanh}`
const sizes =
  'entropies={samples: [64, 32], repetitions: 3, queries: 256, referenceSamples: 256, referenceRepetitions: 2}'
const sets = [
  `network.layers=[${tanh(3)}, ${tanh(2)}, {width: 3, activation: linear}]`,
  ...['training.epochs=5', 'training.trainCount=48', 'training.batchSize=16', 'measurement.count=1'],
  ...[sizes, 'clustering.inputs=60', 'clustering.pairs=60'],
]
const data = points({ perClass: 20 })
let ran: Ran

test('a run ends with every estimator at every n, and a reference that lies between its two sides', async () => {
  ran = await runWith(spiral, data, sets)
  assert.ok(ran.whole)
  assert.equal(ran.rows.information, [])
  const { entropies } = ran.rows
  const places = entropies.map((row) => `${row.part} ${row.repetition} ${row.samples} ${row.estimator}`)
  const rivals = ['sp', 'kde', 'kozachenko-leonenko']
  const reference = [1, 2].flatMap((r) => ['sp', 'held-out'].map((name) => `reference ${r} 256 ${name}`))
  const each = [1, 2, 3].flatMap((r) => [32, 64].flatMap((n) => rivals.map((name) => `samples ${r} ${n} ${name}`)))
  assert.equal(places, [...reference, ...each])
  for (const { layer, dimension, noise_std, epoch } of entropies)
    assert.equal([layer, dimension, noise_std, epoch], [2, 2, 0.2, 5])
  const found = referenceOf(entropies)!
  const held = entropies.filter(({ estimator }) => estimator === 'held-out')
  const se = Math.hypot(...held.map((row) => row.se!)) / held.length
  assert.ok(found.below < found.above + 4 * se, `${found.below} below ${found.above}`)
  // two dimensions: nothing is hard here
  for (const { error, estimator, samples } of entropyPoints(entropies, found.value))
    assert.ok(error.value < 0.6, `${estimator} at ${samples}: ${error.value}`)
})

test('repetitions have inputs of their own, and the same seed gives the same ones', async () => {
  const again = await runWith(spiral, data, sets)
  const values = ({ rows }: Ran) => rows.entropies.map((row) => row.value)
  assert.equal(values(again), values(ran))
  assert.is(new Set(values(ran)).size, values(ran).length)
})

test('words and picture', async () => {
  const words = ran.companion.words().replace(/\s+/g, ' ')
  assert.match(
    words,
    /^h\(T\), nats: mean and standard deviation over repetitions n sp sp corrected kde neighbours 32 /,
  )
  assert.match(words, /h\(T\) of layer 2 \(2 neurons\) is -?\d\.\d+ ± \d\.\d+ nats by the reference/)
  assert.match(words, /at most 0\.1 nats: sp (from n = \d+ on|not within reach, \d\.\d+ at n = 64); sp corrected/)
  const paths = await ran.companion.draw(folder, { title: 'spiral', subtitle: 'small' })
  assert.ok(paths.length === 3 && paths.every((path) => existsSync(path)))
})

test('who wants no more is heard, and nothing is made of a reference that is not there', async () => {
  const { whole, rows, companion } = await runWith(spiral, data, sets, AbortSignal.abort())
  assert.not(whole)
  assert.equal(rows.entropies, [])
  assert.is(companion.words(), '')
  assert.equal(await companion.draw(folder, { title: 'spiral', subtitle: 'small' }), [])
})

test('fresh inputs are the spiral, each of a class of its own choice', () => {
  const count = 3000
  const inputs = freshSpiral(count, 7)
  assert.equal(freshSpiral(count, 7), inputs)
  const key = (x: ArrayLike<number>, i: number) => `${x[2 * i]} ${x[2 * i + 1]}`
  const all = points({ perClass: count, seed: 7 })
  const classOf = new Map(Array.from(all.labels, (label, i) => [key(all.inputs, i), label]))
  const classes = Array.from({ length: count }, (_, i) => classOf.get(key(inputs, i))!)
  for (const y of [0, 1, 2]) {
    const share = classes.filter((label) => label === y).length / count
    close(share, 1 / 3, 4 * Math.sqrt(2 / 9 / count), `class ${y}`)
  }
  // in turn, neighbours would never be alike
  const alike = classes.filter((label, i) => i > 0 && label === classes[i - 1]).length / count
  close(alike, 1 / 3, 4 * Math.sqrt(2 / 9 / count), 'neighbours of one class')
})

test('samples of a layer carry the noise of the layers below, not their own', async () => {
  const network = {
    inputWidth: 2,
    noiseStd: 0.2,
    layers: [1, 2, 3].map((width) => ({ width, activation: 'linear' as const })),
  }
  // t1 = x0 + 2 x1 + 3 + z, s2 = (2 t1 + 1, -t1)
  const parameters = Float32Array.of(1, 2, 3, 2, -1, 1, 0, ...new Array<number>(9).fill(0))
  const count = 20_000
  const inputs = Float32Array.from({ length: 2 * count }, (_, i) => [0.5, -1][i % 2])
  const machine = new ReferenceMachine()
  const first = await freshSamples(machine, { network, parameters }, 1, inputs.slice(0, 4), 1)
  close(first, [1.5, 1.5], 1e-6, 'layer 1 has nothing random')
  const second = await freshSamples(machine, { network, parameters }, 2, inputs, 1)
  const column = (k: number) => Array.from({ length: count }, (_, i) => second[2 * i + k])
  const [a, b] = [column(0), column(1)]
  const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / count
  close(
    [mean(a), mean(b)],
    [4, -1.5],
    [0.4, 0.2].map((std) => (4 * std) / Math.sqrt(count)),
    'means',
  )
  const spread = Math.sqrt(mean(a.map((value) => (value - 4) ** 2)))
  close(spread, 0.4, (4 * 0.4) / Math.sqrt(2 * count), 'noise of layer 1, doubled')
  close(
    b,
    a.map((value) => (1 - value) / 2),
    1e-5,
    'one noise for both neurons',
  )
})

test('enough is a number of samples from which on all are close', () => {
  const row = (samples: number, value: number): EntropyRow => ({
    ...{ seed: 1, epoch: 1, layer: 1, dimension: 1, noise_std: 1, estimator: 'kde', repetition: 1, seconds: 0 },
    ...{ queries: null, corrected: null, se: null, low: null, high: null, minimal_samples: null, warnings: [] },
    ...{ part: 'samples', samples, value },
  })
  const enough = (...values: number[]) =>
    enoughSamples(
      entropyPoints(
        values.map((v, i) => row(2 ** i, v)),
        1,
      ),
    )
  assert.is(enough(1.2, 0.95, 1.3, 1.08, 1.01), 8)
  assert.is(enough(1, 1, 1.2), null)
  assert.is(enough(1, 1), 1)
  assert.is(spiralSummary([row(64, 1)]), '')
})

test('quick and full pick sizes; a person may say others', () => {
  const at = (mode: string, ...more: string[]) =>
    applyMode(readConfig(spiral.defaults, { sets: [`mode=${mode}`, ...more] }), spiral).entropies!
  assert.equal(
    [at('quick').samples, at('full').samples].map((n) => (n as number[]).at(-1)),
    [2 ** 13, 2 ** 15],
  )
  assert.equal(at('full', 'entropies.samples=[50]').samples, [50])
  assert.is(at('full', 'entropies.samples=[50]').repetitions, spiral.full.entropies!.repetitions)
})

test('what it says at the head, and what it is not about', async () => {
  const companion = (...more: string[]) =>
    spiral.companion!(applyMode(readConfig(spiral.defaults, { sets: more }), spiral), data)
  assert.match(
    (await companion()).beside!,
    new RegExp(`bias of 0\\.1 nats: ${minimalSamples(10, 0.2)} \\(METHOD 2\\.3\\)`),
  )
  const refused = async (pattern: RegExp, ...more: string[]) => {
    const error = await companion(...more).then(
      () => null,
      (reason: unknown) => reason,
    )
    assert.instance(error, InputError)
    assert.match((error as Error).message, pattern)
  }
  await refused(/^network\.layers: the last but one is no dense layer with noise/, 'noise.std=0')
  await refused(/^seeds: 1\.\.2 is not one seed/, 'seeds=1..2')
  assert.throws(() => readConfig(szt.defaults, { sets: [sizes] }), /is not a key of szt, only of spiral$/)
  assert.throws(() => readConfig(spiral.defaults, { sets: ['entropies.samples=[8]'] }), /samples.*a whole number >= 16/)
})

test.run()
