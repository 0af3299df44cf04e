import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Points } from '../../src/rivals/draws.js'
import { NearestPoints, rowOf } from '../../src/rivals/nearest.js'
import { normals, pointsOf } from './clouds.js'

const gaps = (points: Points, query: Float64Array) =>
  Array.from({ length: points.count }, (_, i) => Math.max(...rowOf(points, i).map((v, c) => Math.abs(v - query[c]))))

const clouds: [name: string, points: Points][] = [
  ['a line', pointsOf(1, normals(300, 1))],
  ['three dimensions', pointsOf(3, normals(900, 2))],
  ['thirty dimensions', pointsOf(30, normals(6000, 3))],
  [
    'a grid, full of ties',
    pointsOf(
      2,
      Float64Array.from({ length: 400 }, (_, i) => (i * 7919) % 5),
    ),
  ],
  [
    'a constant coordinate',
    pointsOf(
      2,
      normals(400, 4).map((value, i) => (i % 2 ? 3 : value)),
    ),
  ],
  ['one place', pointsOf(2, new Float64Array(80).fill(1))],
]

for (const [name, points] of clouds) {
  test(`${name}: neighbours and counts as by comparing all with all`, () => {
    const tree = new NearestPoints(points)
    for (let i = 0; i < points.count; i += 7) {
      const query = rowOf(points, i)
      const all = gaps(points, query)
      const sorted = [...all].sort((a, b) => a - b)
      for (const k of [1, 2, 4, points.count]) assert.is(tree.kthDistance(query, k), sorted[k - 1])
      for (const radius of [0, Number.MIN_VALUE, sorted[3], sorted[20], 2, Infinity]) {
        assert.is(tree.countNearer(query, radius), all.filter((gap) => gap < radius).length)
      }
    }
  })
}

test('a query away from all points, and more neighbours than there are', () => {
  const tree = new NearestPoints(pointsOf(2, Float64Array.of(0, 0, 1, 0)))
  assert.is(tree.kthDistance(Float64Array.of(3, 1), 1), 2)
  assert.is(tree.kthDistance(Float64Array.of(3, 1), 3), Infinity)
  assert.is(tree.countNearer(Float64Array.of(3, 1), 2), 0)
  assert.is(tree.countNearer(Float64Array.of(3, 1), 2.5), 1)
})

test.run()
