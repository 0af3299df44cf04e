// Random bits are whole numbers: device and twin agree bit for bit.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { multiplyHigh, philox4x32, type Counter, type Key } from '../../src/math/philox.js'
import { openMachine } from './compare.js'
import { runText } from './run-text.js'
import { whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const blocks = (words: readonly (readonly number[])[]) => runText(machine, ['philox'], 'philox(a, b.xy)', words)
const randomWords = (seed: number, count = 8) => [...whole(count, seed, 2 ** 32)]

test('the known answers of Philox4x32-10', async () => {
  const ones = 0xffffffff
  const found = await blocks([
    [0, 0, 0, 0, 0, 0, 0, 0],
    [ones, ones, ones, ones, ones, ones, 0, 0],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0, 0],
  ])
  const known = [
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ]
  assert.equal([...found], known.flat())
})

test('any counter and key: the bits of the twin', async () => {
  const words = Array.from({ length: 500 }, (_, i) => randomWords(i))
  const expected = words.flatMap((w) => philox4x32(w.slice(0, 4) as Counter, w.slice(4, 6) as Key))
  assert.equal([...(await blocks(words))], expected)
})

test('the upper half of a product, to the last bit', async () => {
  const extremes = [0, 1, 2, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xfffeffff, 0xffffffff]
  const words = extremes.flatMap((x) => extremes.map((y) => [x, y, ...randomWords(y % 97, 6)]))
  const high = await runText(
    machine,
    ['philox'],
    'vec4u(multiply_high(a.x, a.y), multiply_high(a.z, a.w), 0, 0)',
    words,
  )
  const exact = (x: number, y: number) => Number((BigInt(x) * BigInt(y)) >> 32n)
  assert.equal(
    [...high],
    words.flatMap(([x, y, z, w]) => [exact(x, y), exact(z, w), 0, 0]),
  )
  assert.equal(
    words.map(([x, y]) => multiplyHigh(x, y)),
    words.map(([x, y]) => exact(x, y)),
  )
})

test.run()
