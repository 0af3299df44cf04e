import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pairedTInterval, tInterval, welchTInterval, type Interval } from '../../src/math/intervals.js'

// hours of sleep gained with two drugs by the same ten patients: Student's own example (Biometrika 1908)
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

function near(found: number, expected: number, tolerance = 1e-7): void {
  assert.ok(!!(Math.abs(found - expected) <= tolerance * Math.abs(expected)), `${found} is not ${expected}`)
}

function ends({ value, half }: Interval): [number, number] {
  return [value - half, value + half]
}

test("Student's example, as R's t.test gives it: paired, unpaired by Welch, and one group alone", () => {
  const paired = pairedTInterval(first, second)
  near(ends(paired)[0], -2.4598858)
  near(ends(paired)[1], -0.7001142)
  assert.is(paired.dof, 9)
  const unpaired = welchTInterval(first, second)
  near(ends(unpaired)[0], -3.3654832)
  near(ends(unpaired)[1], 0.2054832, 1e-6)
  near(unpaired.dof, 17.776474)
  near(tInterval(first).half, 2.262157163 * (1.78901 / Math.sqrt(10)), 1e-6)
})

test('two values: one degree of freedom, 12.7 standard errors', () => {
  const { value, half, dof } = tInterval([1, 3])
  assert.equal([value, dof], [2, 1])
  near(half, 12.706204736)
  near(tInterval([1, 3], 0.5).half, 1)
})

test('equal groups have the degrees of freedom of both; a constant one adds none', () => {
  near(welchTInterval([1, 2, 3, 4], [11, 12, 13, 14]).dof, 6)
  near(welchTInterval([1, 2, 3, 4], [7, 7, 7]).dof, 3)
  assert.equal(welchTInterval([2, 2], [1, 1, 1]), { value: 1, half: 0, dof: 3 })
  near(welchTInterval([1, 3], [0, 1]).dof, 25 / 17)
})

test('one value has no interval, and unequal pairs are no pairs', () => {
  assert.equal(tInterval([4]), { value: 4, half: NaN, dof: 0 })
  const { value, half } = welchTInterval([4], [1, 2])
  assert.equal([value, half], [2.5, NaN])
  assert.throws(() => pairedTInterval([1, 2], [1]), /2 values against 1/)
})

test.run()
