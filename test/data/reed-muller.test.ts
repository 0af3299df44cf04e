// Reed-Muller codes are what their two numbers promise: so many words, so far apart, closed under addition.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allCodewords, codeword, reedMuller, signals } from '../../src/data/reed-muller.js'

const weight = (word: Uint8Array) => word.reduce((sum, bit) => sum + bit, 0)
const text = (word: Uint8Array) => word.join('')

test('2^k different words; the lightest but zero has 2^(m - r) ones, the minimum distance of a linear code', () => {
  for (const [r, m, k] of [
    [0, 3, 1],
    [1, 3, 4],
    [1, 4, 5],
    [2, 4, 11],
    [3, 4, 15],
    [4, 4, 16],
    [1, 5, 6],
  ]) {
    const code = reedMuller(r, m)
    const words = allCodewords(code)
    assert.equal([code.dimension, code.length, code.distance], [k, 2 ** m, 2 ** (m - r)], code.name)
    assert.is(new Set(words.map(text)).size, 2 ** k, code.name)
    assert.is(Math.min(...words.map(weight).filter((ones) => ones > 0)), code.distance, code.name)
  }
})

test('the sum of two words is a word', () => {
  const words = allCodewords(reedMuller(1, 3))
  const known = new Set(words.map(text))
  for (const a of words) for (const b of words) assert.ok(known.has(text(a.map((bit, i) => bit ^ b[i]))))
})

test('RM(m - r - 1, m) is the dual of RM(r, m): every two of their words meet in an even number of ones', () => {
  for (const row of reedMuller(2, 5).generator) {
    for (const other of reedMuller(2, 5).generator) {
      assert.is(row.reduce((sum, bit, i) => sum + bit * other[i], 0) % 2, 0)
    }
  }
})

test('a repetition code repeats, and its signals are 1 and -1', () => {
  const code = reedMuller(0, 2)
  assert.equal([...codeword(code, () => true)], [1, 1, 1, 1])
  assert.equal([...signals(allCodewords(code))], [1, 1, 1, 1, -1, -1, -1, -1])
})

test('no such code, or too many words to list', () => {
  assert.throws(() => reedMuller(3, 2), /RM\(3,2\): expected 0 <= r <= m/)
  assert.throws(() => allCodewords(reedMuller(5, 5)), /2\^32 words are too many to list/)
})

test.run()
