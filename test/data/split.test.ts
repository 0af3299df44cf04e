import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { split } from '../../src/data/split.js'
import { InputError } from '../../src/errors.js'

test('training and test inputs are disjoint and together everything', () => {
  const { train, test } = split(4096, 3277, 1)
  assert.equal([train.length, test.length], [3277, 819])
  assert.is(new Set([...train, ...test]).size, 4096)
})

test('the seed alone decides', () => {
  assert.equal(split(4096, 3277, 1), split(4096, 3277, 1))
  assert.not.equal(split(4096, 3277, 1), split(4096, 3277, 2))
})

test('more training inputs than there are is a mistake', () => {
  for (const wrong of [0, 11, 2.5, NaN])
    assert.throws(
      () => split(10, wrong, 1),
      (e: unknown) => e instanceof InputError,
    )
})

test('data with tests of their own: those are tested, whatever the seed, and only the others train', () => {
  const whole = split(10, 7, 1, { testFrom: 7 })
  assert.equal([...whole.train].sort(), [0, 1, 2, 3, 4, 5, 6])
  assert.equal([...whole.test], [7, 8, 9])
  const some = split(1000, 20, 1, { testFrom: 900 })
  assert.is(new Set(some.train).size, 20)
  assert.ok(some.train.every((row) => row < 900))
  assert.equal(some.test, split(1000, 20, 2, { testFrom: 900 }).test)
  assert.not.equal(some.train, split(1000, 20, 2, { testFrom: 900 }).train)
})

test('training on more than the data set aside for it is a mistake that says so', () => {
  assert.throws(
    () => split(10, 8, 1, { testFrom: 7 }),
    (e: unknown) => e instanceof InputError && /^training\.trainCount: 8 .* 1 to 7, .* to train on$/.test(e.message),
  )
})

test('of the first inputs alone, all before the tests, none is tested', () => {
  assert.is(split(5, 3, 1, { testFrom: 7 }).test.length, 0)
  assert.is(split(5, 3, 1, { testFrom: 5 }).test.length, 0)
})

test('tests may be limited to the first few', () => {
  assert.equal([...split(10, 7, 1, { testFrom: 7, testCount: 2 }).test], [7, 8])
  assert.equal(split(10, 4, 1, { testCount: 3 }).test, split(10, 4, 1).test.slice(0, 3))
  assert.throws(
    () => split(10, 7, 1, { testCount: -1 }),
    (e: unknown) => e instanceof InputError,
  )
})

test.run()
