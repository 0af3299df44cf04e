import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { multiplyHigh, philox4x32, seedKey, type Counter, type Key } from '../../src/math/philox.js'

const ones = 0xffffffff
const known: [Counter, Key, Counter][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [ones, ones, ones, ones],
    [ones, ones],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
]

test('the published known answers come out', () => {
  for (const [counter, key, answer] of known) assert.equal(philox4x32(counter, key), answer)
})

test('the upper half of a product is exact, also where f64 would round', () => {
  const edges = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xd2511f53, 0xfffffffe, ones]
  for (const a of edges) {
    for (const b of edges) assert.is(multiplyHigh(a, b), Number((BigInt(a) * BigInt(b)) >> 32n), `${a} x ${b}`)
  }
})

test('seeds beyond 32 bits use the second key word', () => {
  assert.equal(seedKey(7), [7, 0])
  assert.equal(seedKey(2 ** 32 + 7), [7, 1])
  assert.equal(seedKey(Number.MAX_SAFE_INTEGER), [ones, 0x1fffff])
})

test.run()
