// How many samples are proven too few, and what the queries can add, against fixtures worked out by hand or elsewhere.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { minimalSamples, queryErrorBound, resolution } from '../../src/math/theory.js'
import { close } from '../close.js'

/** Widths of the hidden layers of the SZT network, with its noise. */
const layers = [10, 7, 5, 4, 3]
const noise = 0.005

test('points an axis that the noise leaves apart: three up to 11 dimensions, two from there on', () => {
  const k = (d: number) => resolution(d, 0.1, 0.01)
  assert.equal([1, 2, 11, 12, 100, 10_000].map(k), [3, 3, 3, 2, 2, 2])
})

test('samples for the layers of the SZT network, at epsilon 0.01', () => {
  const known = [3.4e17, 2.3e12, 7.5e8, 1.4e7, 2.4e5]
  const found = layers.map((d) => minimalSamples(d, noise, 0.1, 0.01))
  assert.equal(
    found.map((n) => n.toPrecision(2)),
    known.map((n) => n.toPrecision(2)),
  )
})

test('the best epsilon proves at least as much as any on a grid, and not more than a fine one', () => {
  for (const [d, beta] of [...layers.map((width) => [width, noise]), [1, 0.1], [8, 0.1], [15, 0.05], [2, 0.3]]) {
    const floor = resolution(d, beta, 1e-9) < 1 ? 1e-6 : 1e-9
    const grid = Array.from({ length: 4000 }, (_, i) => floor ** (1 - i / 4000))
    const onGrid = Math.max(
      ...grid.filter((e) => resolution(d, beta, e) > 1).map((e) => minimalSamples(d, beta, 0.1, e)),
    )
    const best = minimalSamples(d, beta)
    assert.ok(best >= onGrid, `d ${d}, beta ${beta}: ${best} against ${onGrid} on a grid`)
    close(best, onGrid, 0.02 * onGrid + 1, `d ${d}, beta ${beta}`)
  }
})

test('much noise proves nothing, little noise in many dimensions stays a number', () => {
  assert.is(minimalSamples(15, 1), 1)
  assert.is(minimalSamples(256, 1e-4), Number.MAX_VALUE)
  assert.ok(minimalSamples(1, 1e-9) > 1e8)
  close(minimalSamples(3, 0.01, 1) / minimalSamples(3, 0.01, 0.1), Math.exp(-0.9), 1e-3, 'delta enters as exp(-delta)')
})

test('the bound on the error of queries falls as one over the root of their number', () => {
  close(queryErrorBound(5, 0.1, 1000, 2), 1, 1e-14, 'sqrt(20 / (0.01 x 2000))')
  close(queryErrorBound(5, 0.1, 1000, 200), 0.1, 1e-14, 'sqrt(20 / (0.01 x 200,000))')
})

test.run()
