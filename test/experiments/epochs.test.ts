import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { logSpacedEpochs } from '../../src/experiments/epochs.js'

test("the paper's formula comes out: 100 points up to 9999 round to 84 epochs", () => {
  const formula = [...new Set(Array.from({ length: 100 }, (_, i) => Math.round(10 ** ((Math.log10(9999) * i) / 99))))]
  assert.is(formula.length, 84)
  assert.equal(logSpacedEpochs(9999, 84), formula)
})

test('counted as passes, up to 10,000, the same 100 points are 84 epochs too', () => {
  const epochs = logSpacedEpochs(10_000, 84)
  assert.is(epochs.length, 84)
  assert.equal(epochs.slice(0, 13), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14])
  assert.is(epochs.at(-1), 10_000)
})

test('any count up to the last epoch comes out, ascending, with both ends', () => {
  for (const last of [1, 2, 3, 10, 37, 500, 1234]) {
    for (const count of [1, 2, 3, 7, 20, 36, 500]) {
      const epochs = logSpacedEpochs(last, count)
      assert.is(epochs.length, Math.min(count, last), `${count} of ${last}`)
      assert.is(epochs.at(-1), last)
      if (count > 1) assert.is(epochs[0], 1)
      for (let i = 1; i < epochs.length; i++) assert.ok(epochs[i] > epochs[i - 1])
    }
  }
})

test.run()
