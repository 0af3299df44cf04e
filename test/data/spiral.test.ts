import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { spiral, spiralDefaults } from '../../src/data/spiral.js'
import { mistaken } from './input-error.js'

const { turns, noiseStd, perClass } = spiralDefaults

test('as many points of each class in the unit disc, a sample of all there are', () => {
  const { count, width, classes, enumerated, inputs, labels, testFrom } = spiral()
  assert.equal([count, width, classes, enumerated, testFrom], [3 * perClass, 2, 3, false, undefined])
  for (const y of [0, 1, 2]) assert.is(labels.filter((label) => label === y).length, perClass)
  for (let i = 0; i < count; i++) assert.ok(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) <= 1 + 1e-6)
})

test('radii are uniform; angles follow the arm of their class with the noise asked for', () => {
  const { count, inputs, labels } = spiral({ perClass: 5000 })
  const radii = Array.from({ length: count }, (_, i) => Math.hypot(inputs[2 * i], inputs[2 * i + 1]))
  const off = radii.map((radius, i) => {
    const angle = Math.atan2(inputs[2 * i + 1], inputs[2 * i])
    const turn = angle / (2 * Math.PI) - labels[i] / 3 - turns * radius
    return 2 * Math.PI * (turn - Math.round(turn))
  })
  const largest = sorted(radii).reduce((most, r, i) => Math.max(most, Math.abs(r - (i + 0.5) / count)), 0)
  assert.ok(largest < 1.95 / Math.sqrt(count), `Kolmogorov-Smirnov ${largest}: beyond its 99.9 % quantile`)
  const mean = off.reduce((sum, o) => sum + o, 0) / count
  const std = Math.sqrt(off.reduce((sum, o) => sum + (o - mean) ** 2, 0) / count)
  assert.ok(Math.abs(mean) < (4 * noiseStd) / Math.sqrt(count), `mean ${mean}`)
  assert.ok(Math.abs(std / noiseStd - 1) < 4 / Math.sqrt(2 * count), `standard deviation ${std}`)
})

test('the seed alone decides, and more points begin with the same ones', () => {
  assert.equal(spiral({ seed: 5 }).inputs, spiral({ seed: 5 }).inputs)
  assert.not.equal(spiral({ seed: 5 }).inputs, spiral({ seed: 6 }).inputs)
  assert.equal(spiral({ perClass: 10 }).inputs, spiral({ perClass: 20 }).inputs.slice(0, 60))
})

test('options out of range are mistakes', () => {
  mistaken(() => spiral({ perClass: 0 }), /^data\.perClass: 0 is not a whole number >= 1/)
  mistaken(() => spiral({ noiseStd: -0.1 }), /^data\.noiseStd: -0.1 is not >= 0/)
  mistaken(() => spiral({ turns: NaN }), /^data\.turns: NaN/)
})

test.run()

const sorted = (values: number[]) => [...values].sort((a, b) => a - b)
