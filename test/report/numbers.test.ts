import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as numbers from '../../src/report/numbers.js'

test('what has no value is a dash, what rounds to zero has no sign', () => {
  for (const value of [null, undefined, NaN, Infinity]) assert.is(numbers.fixed(value), '-')
  assert.is(numbers.fixed(-0.00001), '0.0000')
  assert.is(numbers.fixed(-2.34567, 2), '-2.35')
  assert.is(numbers.percent(null), '-')
  assert.is(numbers.percent(0.9761), '97.6 %')
  assert.is(numbers.bits(null), null)
  assert.is(numbers.fixed(numbers.bits(Math.log(4096))), '12.0000')
})

test('a margin too small to print is said to be small, an unknown one is left out', () => {
  assert.is(numbers.withMargin(2.5, 0.03125), '2.5000 ± 0.0313')
  assert.is(numbers.withMargin(8.31776, 2e-13), '8.3178 ± <0.0001')
  assert.is(numbers.withMargin(8.31776, 0), '8.3178 ± 0.0000')
  assert.is(numbers.withMargin(2.5, null), '2.5000')
  assert.is(numbers.withMargin(null, 0.1), '-')
})

test('durations carry into the next unit', () => {
  const cases: [number, string, string][] = [
    [0.034, '0.03 s', '0:00'],
    [12.34, '12.3 s', '0:12'],
    [59.97, '1 min 00 s', '1:00'],
    [185, '3 min 05 s', '3:05'],
    [3599.7, '1 h 00 min', '1:00:00'],
    [3725, '1 h 02 min', '1:02:05'],
  ]
  for (const [seconds, long, short] of cases) {
    assert.is(numbers.duration(seconds), long)
    assert.is(numbers.clock(seconds), short)
  }
})

test('escape sequences and direction overrides lose their power', () => {
  assert.is(numbers.visible('a\u001b[31mb\u009b2J'), 'a\\u{1b}[31mb\\u{9b}2J')
  assert.is(numbers.visible('\u202eevil\r\n'), '\\u{202e}evil\\u{d}\\u{a}')
  assert.is(numbers.visible('μ ± é 漢 😀'), 'μ ± é 漢 😀')
})

test('three numbers in a row and more become a range', () => {
  assert.is(numbers.ranges([8, 0, 2, 1, 3, 1, 9, 5]), '0 to 3, 5, 8, 9')
  assert.is(numbers.ranges(new Set([7])), '7')
  assert.is(numbers.ranges([]), '')
})

test('lines break between words and keep every word', () => {
  const text = 'one two three four five sixteencharacters six'
  const lines = ['one two three', '  four five', '  sixteencharacters', '  six']
  assert.equal(numbers.wrapped(text, 13, 2).split('\n'), lines)
  assert.is(numbers.wrapped('short'), 'short')
  assert.is(numbers.wrapped('  indented words here', 12, 4), '  indented\n    words\n    here')
})

test.run()
