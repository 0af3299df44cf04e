// LZ4 frames made by hand, from the format's description: what Arrow's writers rarely make is read too.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeLz4Frame } from '../../src/samples/lz4.js'

const test = suite('LZ4 frames')

const head = [0x04, 0x22, 0x4d, 0x18]
const end = [0, 0, 0, 0]
const literals = [...'abcdefgh'].map((letter) => letter.charCodeAt(0))
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const frame = (flags: number, more: number[]) => Uint8Array.from([...head, flags, 0x40, 0, ...more])

test('literals, a match that overlaps itself, a block that is not packed, and a match into the block before', () => {
  // 8 literals, then 4 + 2 bytes from 2 back; then literals alone. The second block copies 4 bytes from 12 back.
  const first = [0x82, ...literals, 2, 0, 0x10, 0x21]
  const stored = [0x03, 0, 0, 0x80, 0x58, 0x59, 0x5a]
  const second = [0x00, 12, 0, 0x10, 0x2e]
  const bytes = frame(0x40, [first.length, 0, 0, 0, ...first, ...stored, second.length, 0, 0, 0, ...second, ...end])
  assert.is(text(decodeLz4Frame(bytes, 23)), 'abcdefghghghgh!XYZghgh.')
})

test('lengths beyond 14, a content size, checksums of blocks', () => {
  const block = [0xf0, 5, ...Array<number>(20).fill(0x61)]
  const bytes = frame(0x58, [20, 0, 0, 0, 0, 0, 0, 0, block.length, 0, 0, 0, ...block, 1, 2, 3, 4, ...end])
  const moved = Uint8Array.from([9, 9, 9, ...bytes]).subarray(3)
  assert.is(text(decodeLz4Frame(moved, 20)), 'a'.repeat(20))
})

test('frames that lie', () => {
  const block = [0x80, ...literals]
  const good = [block.length, 0, 0, 0, ...block]
  assert.throws(() => decodeLz4Frame(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 8), /no frame begins here/)
  assert.throws(() => decodeLz4Frame(frame(0x40, good), 8), /the frame has no end/)
  assert.throws(() => decodeLz4Frame(frame(0x40, [...good, ...end]), 9), /8 bytes where 9 should be/)
  assert.throws(() => decodeLz4Frame(frame(0x40, [...good, ...end]), 7), /more bytes than announced/)
  assert.throws(() => decodeLz4Frame(frame(0x40, [99, 0, 0, 0, ...block, ...end]), 8), /a block of 99 bytes/)
  const astray = [0x10, 0x61, 9, 0, 0x10, 0x62]
  assert.throws(() => decodeLz4Frame(frame(0x40, [6, 0, 0, 0, ...astray, ...end]), 8), /outside of the output/)
})

test.run()
