// Root mean square errors and how they fall, from errors whose size is known.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { errorSlope, rootMeanSquare } from '../../src/math/error-size.js'
import { draws } from '../../src/validation/draws.js'
import { close } from '../close.js'

test('the root of the mean square, with an interval of 95 % that is mostly right', () => {
  close(rootMeanSquare([3, -4]).value, Math.sqrt(12.5), 1e-12, 'of 3 and -4')
  const { normal } = draws(1)
  const held = Array.from({ length: 400 }, () => {
    const { low, high } = rootMeanSquare(Array.from({ length: 20 }, () => 0.1 * normal()))
    return low < 0.1 && 0.1 < high
  })
  const share = held.filter(Boolean).length / held.length
  assert.ok(share > 0.88 && share < 0.99, `${share}`)
})

test('two repetitions have no interval, and none a value', () => {
  assert.ok(Number.isNaN(rootMeanSquare([1, 2]).low))
  assert.ok(Number.isNaN(rootMeanSquare([]).value))
})

test('errors that halve where queries are four times as many have slope -1/2', () => {
  const sizes = [4, 16, 64, 256]
  const exact = errorSlope(
    sizes,
    [1, -2, 0.5, 3].map((scale) => sizes.map((size) => scale / Math.sqrt(size))),
  )
  close(exact.value, -0.5, 1e-12, 'slope')
  close(exact.high - exact.low, 0, 1e-12, 'width of the interval')
  const { normal } = draws(2)
  const noisy = errorSlope(
    sizes,
    Array.from({ length: 30 }, () => sizes.map((size) => normal() / Math.sqrt(size))),
  )
  assert.ok(noisy.low < -0.5 && -0.5 < noisy.high && noisy.high - noisy.low < 0.5, JSON.stringify(noisy))
})

test.run()
