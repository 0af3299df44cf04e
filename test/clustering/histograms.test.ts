import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clusteringRows } from '../../src/clustering/clustering.js'
import { quantiles } from '../../src/clustering/quantiles.js'
import { quantile } from '../../src/math/statistics.js'
import { uniform } from '../rivals/clouds.js'
import { lookAt, points } from './looks.js'

const total = (counts: number[]) => counts.reduce((a, b) => a + b)

test('tanh: ranges that are the same at every epoch, values on an inner edge in the bin above', () => {
  const rows = [
    [-1, -0.975],
    [0, 1],
    [0.95, 0.951],
  ]
  const { histograms } = clusteringRows(lookAt(rows, [0, 0, 1], { activation: 'tanh' }))
  const [activation, within, between, cosine] = histograms
  assert.equal([activation.low, activation.high, activation.counts.length], [-1, 1, 40])
  const filled = activation.counts.flatMap((found, bin) => (found > 0 ? [[bin, found]] : []))
  assert.equal(filled, [
    [0, 2],
    [20, 1],
    [38, 1],
    [39, 2],
  ])
  for (const { low, high } of [within, between]) assert.equal([low, high], [0, 2 * Math.SQRT2])
  assert.equal([cosine.kind, cosine.low, cosine.high], ['cosine within', -1, 1])
})

test('without bounds the range of the data, the same for both kinds of pairs; every value is counted', () => {
  const draw = uniform(4)
  const rows = points(60, (i) => [3 + 5 * draw(), 7 * draw(), i < 20 ? 0 : 9])
  const labels = points(60, (i) => [i < 20 ? 0 : 1]).flat()
  const { histograms } = clusteringRows(lookAt(rows, labels, { activation: 'relu' }))
  const of = Object.fromEntries(histograms.map((row) => [row.kind, row]))
  assert.equal([of.activation.low, of.activation.high, total(of.activation.counts)], [0, 9, 180])
  assert.is(of['distance within'].high, of['distance between'].high)
  assert.ok(of['distance between'].counts[39] > 0)
  const [inside, across] = [(20 * 19) / 2 + (40 * 39) / 2, 20 * 40]
  for (const what of ['distance', 'cosine']) {
    assert.is(total(of[`${what} within`].counts), inside)
    assert.is(total(of[`${what} between`].counts), across)
  }
})

test('quantiles by selection are those of sorting, whatever the spread and the ties', () => {
  const draw = uniform(1)
  const clouds = {
    even: () => draw(),
    'a tail over forty decades': () => 10 ** (-20 + 40 * draw()),
    'nearly all alike': () => (draw() < 0.99 ? 1 : 1e6 * draw()),
    'a few values': () => Math.floor(5 * draw()),
    'a tight cluster far off': () => 1e8 + 1e-6 * draw(),
    one: () => 7,
  }
  const ps = [0, 0.05, 0.25, 0.5, 0.95, 1]
  for (const [name, value] of Object.entries(clouds)) {
    for (const count of [1, 2, 2048, 30_001]) {
      const values = Float64Array.from({ length: count }, value)
      assert.equal(
        quantiles(values, ps),
        ps.map((p) => quantile(values, p)),
        `${name}, ${count}`,
      )
    }
  }
  assert.equal(quantiles(new Float64Array(), [0.5]), [null])
})

test.run()
