import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scatterRows } from '../../src/clustering/scatter.js'
import { lookAt, points } from './looks.js'

test('the same 500 inputs at every epoch, with their index, label and place', () => {
  const inputs = Uint32Array.from({ length: 1200 }, (_, i) => 100 + i)
  const labels = points(1200, (i) => [i]).map(([i]) => i % 3)
  const at = (epoch: number) =>
    scatterRows(
      lookAt(
        points(1200, (i) => [i, -i / 4]),
        labels,
        { epoch },
      ),
      inputs,
    )
  const rows = at(7)
  assert.is(rows.length, 500)
  assert.is(new Set(rows.map(({ x }) => x)).size, 500)
  assert.is(new Set(rows.map(({ y }) => y)).size, 3, 'inputs whose labels follow a period are not all of one class')
  for (const { x, y, s1, s2, ...rest } of rows) {
    assert.equal([y, s1, s2, rest], [(x - 100) % 3, x - 100, -(x - 100) / 4, { seed: 1, epoch: 7, layer: 3 }])
  }
  const place = (row: { x: number }) => row.x
  assert.equal(at(0).map(place), rows.map(place))
})

test('few inputs are all kept, of a wide layer the first 16 neurons', () => {
  const rows = scatterRows(lookAt([Array.from({ length: 20 }, (_, k) => k), Array(20).fill(1)]), Uint32Array.of(5, 6))
  assert.equal(
    rows.map(({ x, s16, s17 }) => [x, s16, s17]),
    [
      [5, 15, undefined],
      [6, 1, undefined],
    ],
  )
})

test.run()
