import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { permutation } from '../../src/math/shuffle.js'

test('every order is a permutation, and the same one when asked again', () => {
  for (const count of [0, 1, 2, 5, 4096]) {
    const order = permutation(count, 3, 2, 1)
    assert.equal(
      [...order].sort((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    )
    assert.equal(permutation(count, 3, 2, 1), order)
  }
})

test('seed, stream and step each give another order', () => {
  const orders = [
    permutation(64, 3, 2, 1),
    permutation(64, 4, 2, 1),
    permutation(64, 3 + 2 ** 32, 2, 1),
    permutation(64, 3, 1, 1),
    permutation(64, 3, 2, 2),
  ]
  assert.is(new Set(orders.map(String)).size, orders.length)
})

test('all 24 orders of four things come equally often', () => {
  const draws = 24_000
  const counts = new Map<string, number>()
  for (let step = 0; step < draws; step++) {
    const order = String(permutation(4, 11, 2, step))
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  assert.is(counts.size, 24)
  const expected = draws / 24
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  assert.ok(chiSquare < 49.7, `chi-square ${chiSquare} with 23 degrees of freedom: 49.7 is its 99.9 % quantile`)
  assert.ok(chiSquare > 7.5, `chi-square ${chiSquare}: 7.5 is its 0.1 % quantile`)
})

test.run()
