import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compareRivals } from '../../src/rivals/compare.js'
import type { Samples } from '../../src/samples/samples.js'
import { batchOfRows } from '../../src/tables/batch.js'
import type { Rival } from '../../src/tables/rows.js'
import { rivalSchema } from '../../src/tables/schema.js'
import { close } from '../close.js'
import { normals, samplesOf } from './clouds.js'

const place = { seed: 1, epoch: 2, layer: 3 }
const named = ({ estimator, parameter, quantity }: Rival) => `${estimator}, ${parameter}, ${quantity}`
const find = (rows: Rival[], estimator: string, quantity: string, parameter = '') =>
  rows.filter((row) => row.estimator === estimator && row.quantity === quantity && row.parameter.includes(parameter))
const timeless = (rows: Rival[]) => rows.map((row) => ({ ...row, seconds: 0 }))

/** As the table takes them: whole counts, no NaN, nothing infinite, no row twice. */
function check(rows: Rival[]): void {
  batchOfRows(
    rivalSchema({ configuration_hash: '' }),
    rows.map((row) => ({ ...place, ...row })),
  )
  assert.is(new Set(rows.map(named)).size, rows.length)
  for (const row of rows) {
    for (const number of [row.value, row.se]) assert.ok(number === null || Number.isFinite(number), named(row))
    assert.ok(row.measures.length > 20 && row.points > 0 && row.seconds >= 0, named(row))
  }
}

/** Four inputs, of two labels, one sample each: a channel of log 4 where the noise is small. */
const constellation = samplesOf([-0.9, -0.3, 0.3, 0.9], 1, { y: Uint32Array.of(0, 0, 1, 1) })

test('four points far apart in little noise: all who can say it say log 4, and the label log 2', () => {
  const rows = compareRivals(constellation, 0.01, 1)
  check(rows)
  for (const estimator of ['kolchinsky-tracey', 'kozachenko-leonenko', 'ksg', 'kde']) {
    for (const [quantity, truth] of [
      ['mi', Math.log(4)],
      ['label_mi', Math.LN2],
    ] as const) {
      for (const { value, se, points } of find(rows, estimator, quantity)) {
        // Ross' psi(N) - psi(N/m) is off log m by less than m/N
        close(value!, truth, 4 * se! + 4 / points + 1e-12, `${estimator}, ${quantity}`)
      }
    }
  }
  assert.is(find(rows, 'binned', 'mi', 'width=0.07')[0].value, Math.log(4))
  close(find(rows, 'binned', 'mi', 'width=0.5')[0].value!, Math.log(4), 1e-14, 'bins at -1, -0.5, 0.5, 1')
})

test('the same seed gives the same rows, another one other points', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => timeless(compareRivals(constellation, 0.3, seed)))
  assert.equal(again, first)
  const values = (rows: Rival[], estimator: string) => find(rows, estimator, 'mi').map(({ value }) => value)
  assert.not.equal(values(other, 'ksg'), values(first, 'ksg'))
  assert.equal(values(other, 'binned'), values(first, 'binned'))
})

test('several samples of an input: h(T|X) is estimated as h(T) is, over drawn inputs where there are many', () => {
  const [inputs, runs] = [100, 8]
  const noise = normals(inputs * runs, 6)
  const x = Uint32Array.from({ length: inputs * runs }, (_, i) => i % inputs)
  const samples = samplesOf(
    noise.map((value, i) => x[i] + 0.05 * value),
    1,
    { x },
  )
  const rows = compareRivals(samples, 0.05, 1)
  check(rows)
  for (const estimator of ['kozachenko-leonenko', 'kde']) {
    const [{ value, se }] = find(rows, estimator, 'mi')
    close(value!, Math.log(inputs), 4 * se! + (estimator === 'kde' ? 0.2 : 0), estimator)
    assert.ok(se! > 0 && se! < 0.1)
  }
  assert.is(find(rows, 'ksg', 'label_mi').length, 0)
})

test('a deterministic layer: bins and what past work imagined; where there is no density, no number', () => {
  const rows = compareRivals(constellation, 0, 1)
  check(rows)
  assert.equal(find(rows, 'kolchinsky-tracey', 'mi'), [])
  assert.is(find(rows, 'kozachenko-leonenko', 'mi')[0].value, null)
  assert.is(find(rows, 'ksg', 'mi')[0].value, null)
  assert.is(find(rows, 'binned', 'mi', 'width=0.01')[0].value, Math.log(4))
  assert.ok(find(rows, 'saxe', 'mi', 'variance=0.001').every(({ value }) => Math.abs(value! - Math.log(4)) < 1e-6))
})

const odd: [name: string, samples: Samples][] = [
  ['one sample', samplesOf([0.5])],
  ['two samples of one input', samplesOf([0.5, 0.6], 1, { x: Uint32Array.of(0, 0), y: Uint32Array.of(0, 0) })],
  [
    'identical samples',
    samplesOf(new Float64Array(20).fill(1), 2, { y: Uint32Array.from({ length: 10 }, (_, i) => i % 2) }),
  ],
  [
    'a constant neuron',
    samplesOf(
      normals(40, 1).map((value, i) => (i % 2 ? 1 : value)),
      2,
    ),
  ],
  ['an input of weight 0', samplesOf([1, 2, 3], 1, { weights: Float64Array.of(0, 1, 1), y: Uint32Array.of(0, 1, 2) })],
  ['more neurons than samples', samplesOf(normals(120, 2), 40)],
]

for (const [name, samples] of odd) {
  test(`${name}: numbers or null, with noise and without`, () => {
    for (const noiseStd of [0.1, 0]) check(compareRivals(samples, noiseStd, 1))
  })
}

test.run()
