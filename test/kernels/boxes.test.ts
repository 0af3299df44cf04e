// Boxes of points are exact; of queries y = point + z each coordinate rounds once, and a squared length D + 1 times.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boxes } from '../../src/kernels/boxes.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const shapes = [
  [1, 1],
  [64, 1],
  [65, 16],
  [100, 3],
  [7, 33],
  [256, 2],
]

function ofPoints(groups: number, size: number, DIMENSION: number) {
  const points = uniform(groups * size * DIMENSION, groups)
  const buffers = { points, boxes: f32(groups * 2 * DIMENSION) }
  return { params: { groups, size }, buffers, constants: { DIMENSION, NOISE: false } }
}

function ofQueries(groups: number, size: number, DIMENSION: number) {
  const { params, buffers } = ofPoints(groups, size, DIMENSION)
  const noise = normal(groups * size * DIMENSION, 5, 0.5)
  return { params, buffers: { ...buffers, noise, reach: f32(groups) }, constants: { DIMENSION, NOISE: true } }
}

test('boxes of points touch their outermost points', async () => {
  for (const dimension of [1, 3, 10, 16]) {
    for (const [groups, size] of shapes) await compare(machine, boxes, ofPoints(groups, size, dimension), { boxes: 0 })
  }
})

test('boxes of queries hold the noise, and reach is its largest squared length', async () => {
  for (const dimension of [1, 3, 10]) {
    for (const [groups, size] of shapes) {
      const one = ofQueries(groups, size, dimension)
      const { expected } = (await runBoth(machine, boxes, one))[0]
      const tolerances = {
        boxes: Array.from(expected.boxes, (edge) => rounding * Math.abs(edge)),
        reach: Array.from(expected.reach, (square) => (dimension + 1) * rounding * square),
      }
      await compare(machine, boxes, one, tolerances)
    }
  }
})

test('no point lies outside its box, on either side', async () => {
  const { params, buffers, constants } = ofPoints(9, 20, 3)
  for (const { actual } of await runBoth(machine, boxes, { params, buffers, constants })) {
    const edge = (group: number, side: number, k: number) => actual.boxes[(group * 2 + side) * 3 + k]
    buffers.points.forEach((value, i) => {
      const [group, k] = [Math.floor(i / 60), i % 3]
      assert.ok(edge(group, 0, k) <= value && value <= edge(group, 1, k))
    })
  }
})

test('points far out and at zero', async () => {
  const points = Float32Array.of(-1e30, 1e30, 0, -0, 5, 5)
  const one = {
    params: { groups: 3, size: 2 },
    buffers: { points, boxes: f32(6) },
    constants: { DIMENSION: 1, NOISE: false },
  }
  for (const { actual } of await runBoth(machine, boxes, one)) {
    assert.equal(
      Array.from(actual.boxes, (edge) => edge + 0),
      [Math.fround(-1e30), Math.fround(1e30), 0, 0, 5, 5],
    )
  }
})

test.run()
