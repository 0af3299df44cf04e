/** --compare: what other estimators say, beside `infoflow estimate` and in the tables of a run. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { besideOut, checkOut } from '../../src/commands/estimate-output.js'
import { readRequest } from '../../src/commands/estimate-request.js'
import { comparison } from '../../src/experiments/comparison.js'
import { InputError } from '../../src/index.js'
import { rivalsReport } from '../../src/report/rivals.js'
import type { Look } from '../../src/scheduler.js'
import { readRows } from '../../src/tables/read.js'
import type { ActivationRows, ClusteringRow, Rival, RivalRow } from '../../src/tables/rows.js'
import { cube } from '../experiments/run-with.js'
import { mistake, scratch, succeed } from './process.js'

const folder = scratch(test)

/** Four inputs in bins of their own, in two groups named like a column of the rivals. */
const points = join(folder, 'points.csv')
const rows = [1, 2].flatMap((group) => [0, 1, 2, 3].map((x) => `${group},${x},${x % 2},${x}`))
writeFileSync(points, `estimator,x,y,s0\n${rows.join('\n')}\n`)

test('estimate --compare: rivals in JSON and in a table beside --out, under keys of their own', async () => {
  const out = join(folder, 'answers.arrow')
  const asked = ['estimate', points, '--noise-std', '0', '--by', 'estimator', '--out', out]
  const { stdout, stderr } = await succeed(folder, ...asked, '--compare', '--json')
  const { answers, rivals } = JSON.parse(stdout) as Printed
  assert.equal(
    answers.map(({ by_estimator }) => by_estimator),
    [1, 2],
  )
  const binned = rivals.filter(({ estimator, parameter }) => estimator === 'binned' && parameter === 'width=0.5')
  assert.equal(
    binned.map(({ by_estimator, quantity, value }) => [by_estimator, quantity, value!.toFixed(6)]),
    [1, 2].flatMap((key) => [
      [key, 'mi', Math.log(4).toFixed(6)],
      [key, 'label_mi', Math.log(2).toFixed(6)],
    ]),
  )
  const beside = join(folder, 'answers-rivals.arrow')
  assert.ok(stderr.includes(`written: ${beside}\n`), stderr)
  assert.equal(readRows(beside), rivals)
})

test('without --compare nobody else is asked', async () => {
  const { stdout } = await succeed(folder, 'estimate', points, '--noise-std', '0', '--json')
  assert.equal(Object.keys(JSON.parse(stdout) as object), ['answers', 'warnings'])
})

test('a table of rivals is not overwritten unasked', () => {
  const out = join(folder, 'kept.arrow')
  writeFileSync(besideOut(out), '')
  const check = (more: object) => checkOut(readRequest({ samples: points, 'noise-std': '1', out, ...more }))
  check({})
  check({ compare: true, force: true })
  assert.throws(
    () => check({ compare: true }),
    (error: unknown) => error instanceof InputError && error.message.includes('kept-rivals.arrow'),
  )
})

test('the terminal has a line for each value and one for each estimator', () => {
  const rival: Rival = {
    ...{ dimension: 1, estimator: 'kde', parameter: 'width=1', quantity: 'mi', value: Math.LN2, se: 0.01, points: 9 },
    ...{ measures: 'kernels', seconds: 1 },
  }
  const text = rivalsReport({ rivals: [{ keys: { epoch: 3 }, rivals: [rival] }], bits: true })
  assert.match(text, /^epoch 3\nestimator +parameter +quantity +value/m)
  assert.match(text, /^kde +width=1 +I\(X;T\) +1\.0000 ± 0\.0144$/m)
  assert.match(text, /^kde: kernels$/m)
})

test('a run without noise records its binned entropy, one of comparison every rival once', async () => {
  const measurement = { replicas: 2 } as never
  const corners: Look = {
    ...{
      seed: 1,
      epoch: 5,
      monitored: { inputs: new Uint32Array(), layers: [], s: [], clustering: [], binned: [] },
      rows: [{ layer: 2, dimension: 3 }] as Look['rows'],
      parameters: () => Promise.reject(new Error()),
    },
    activations: () => Promise.resolve(cube.inputs),
    samples: () => Promise.resolve([samples]),
  }
  const asked = async (std: number, compare: boolean, binWidths?: number[]) => {
    const kept: RivalRow[] = []
    const recorder = { rival: (...some: RivalRow[]) => kept.push(...some) } as never
    const clustering = [2, 7].map((layer) => ({ layer, noise_std: std })) as ClusteringRow[]
    const look = { ...corners, monitored: { ...corners.monitored, clustering } }
    await comparison(look, { compare, binWidths, measurement }, cube, recorder)
    return kept
  }
  const [entropy, ...others] = await asked(0, false)
  assert.is(others.length, 0)
  const { value, parameter, ...place } = entropy
  assert.equal([parameter, value!.toFixed(6)], ['bins=30, range=data', Math.log(8).toFixed(6)])
  assert.equal([place.seed, place.epoch, place.layer, place.dimension], [1, 5, 2, 3])

  assert.equal(await asked(0.1, false), [])
  const all = await asked(0, true)
  assert.is(all.filter((row) => row.parameter === parameter && row.estimator === 'binned').length, 2) // mi, label_mi
  assert.is((await asked(0, true, [0.5])).length, all.length - 1)
  const noisy = await asked(0.1, true)
  assert.ok(noisy.some(({ estimator, layer }) => estimator === 'kolchinsky-tracey' && layer === 7))
})

test('a mistyped option of validate is told the nearest of its own', async () => {
  const line = await mistake(folder, 'validate', '--repetition', '3')
  assert.is(line, "infoflow: unknown option '--repetition': did you mean '--repetitions'?")
})

interface Printed {
  answers: { by_estimator: number }[]
  rivals: ({ by_estimator: number } & Rival)[]
}

/** Two replicas of the corners of the cube. */
const samples: ActivationRows = {
  ...{ seed: 1, epoch: 5, layer: 7, width: 3, count: 16 },
  replica: Uint32Array.from({ length: 16 }, (_, i) => i % 2),
  x: Uint32Array.from({ length: 16 }, (_, i) => i >> 1),
  y: Uint32Array.from({ length: 16 }, (_, i) => (i >> 1) & 1),
  s: Float32Array.from({ length: 48 }, (_, i) => cube.inputs[Math.floor(i / 6) * 3 + (i % 3)] + 0.01 * (i % 5)),
}

test.run()
