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

test.run()
