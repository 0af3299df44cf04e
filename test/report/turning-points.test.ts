import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compression, turningPoints } from '../../src/report/turning-points.js'
import { curve, informationRow, paperLike, t15 } from './rows.js'

const shape = (rows: Parameters<typeof turningPoints>[0]): string =>
  turningPoints(rows)
    .map(({ kind, row }) => `${kind} ${row.epoch}`)
    .join(', ')

test("a curve like the paper's: peak, trough, peak, whatever the order of its rows", () => {
  const rows = paperLike().information.filter((row) => row.layer === 5)
  assert.is(shape(rows), 'peak 25, trough 82, peak 905')
  assert.is(shape([...rows].reverse()), 'peak 25, trough 82, peak 905')
})

test('a monotone, a flat and a single-row curve have no turning point', () => {
  assert.is(
    shape(
      curve([
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
    ),
    '',
  )
  assert.is(
    shape(
      curve([
        [0, 3],
        [1, 2],
        [2, 1],
      ]),
    ),
    '',
  )
  assert.is(
    shape(
      curve([
        [0, 8.3178],
        [1, 8.3178],
        [2, 8.3178],
      ]),
    ),
    '',
  )
  assert.is(shape(curve([[0, 2]])), '')
  assert.is(shape([]), '')
})

test('a change counts only beyond 0.1 nats', () => {
  const exact = { mi_se: 1e-6, numerical_error: 0 }
  assert.is(
    shape(
      curve(
        [
          [0, 1],
          [1, 1.09],
          [2, 1],
        ],
        exact,
      ),
    ),
    '',
  )
  assert.is(
    shape(
      curve(
        [
          [0, 1],
          [1, 1.11],
          [2, 1],
        ],
        exact,
      ),
    ),
    'peak 1',
  )
  assert.is(
    shape(
      curve(
        [
          [0, 1],
          [1, 1.11],
          [2, 1],
        ],
        { ...exact, numerical_error: 0.02 },
      ),
    ),
    '',
    'numerical error adds',
  )
})

test('a change counts only beyond 3 combined standard errors', () => {
  const bump: [number, number][] = [
    [0, 1],
    [1, 1.5],
    [2, 1],
  ]
  assert.is(shape(curve(bump, { mi_se: 0.117 })), 'peak 1')
  assert.is(shape(curve(bump, { mi_se: 0.119 })), '')
})

test('noise along a climb and around a peak adds no turning points', () => {
  const noisy = Array.from({ length: 60 }, (_, i): [number, number] => {
    const climb = i < 30 ? i / 10 : (60 - i) / 10
    return [i, climb + 0.08 * Math.sin(i * 12.9898)]
  })
  const rows = curve(noisy, { mi_se: 0.06 })
  const found = turningPoints(rows)
  assert.is(found.length, 1)
  assert.is(found[0].row.mi_corrected, Math.max(...noisy.map(([, mi]) => mi)))
})

test('a wild row with a wide interval does not hide a real peak', () => {
  const rows = curve(
    [
      [0, 2],
      [1, 5],
      [3, 5.1],
      [4, 3],
      [5, 3],
    ],
    { mi_se: 0.01 },
  )
  rows.push(informationRow(2, 6, { mi_se: 2 }))
  assert.is(shape(rows), 'peak 3')
})

test('of equal extremes the earliest is named', () => {
  assert.is(
    shape(
      curve([
        [0, 1],
        [1, 3],
        [2, 3],
        [3, 1],
        [4, 1],
        [5, 2],
      ]),
    ),
    'peak 1, trough 3',
  )
})

test('small dips before the first real move do not count, real ones do', () => {
  assert.is(
    shape(
      curve([
        [0, 5],
        [1, 4.95],
        [2, 4.7],
        [3, 5.5],
      ]),
    ),
    'trough 2',
  )
  assert.is(
    shape(
      curve([
        [0, 5],
        [1, 4.95],
        [2, 5.5],
        [3, 4],
      ]),
    ),
    'peak 2',
  )
})

test('rows without an estimate are passed over', () => {
  assert.is(
    shape(
      curve([
        [0, 1],
        [1, null],
        [2, 3],
        [3, null],
        [4, 1],
      ]),
    ),
    'peak 2',
  )
  assert.is(
    shape(
      curve([
        [0, null],
        [1, null],
      ]),
    ),
    '',
  )
  assert.is(
    compression(
      curve([
        [0, null],
        [1, null],
      ]),
    ),
    null,
  )
})

test("compression is highest minus last, its interval from both rows' own", () => {
  const result = compression(
    curve(
      [
        [0, 1],
        [10, 4.9],
        [100, 2.3],
      ],
      { numerical_error: 0 },
    ),
  )!
  const half = t15 * 0.01 * Math.SQRT2
  assert.is(result.highest.epoch, 10)
  assert.is(result.last.epoch, 100)
  for (const [found, expected] of [
    [result.value, 2.6],
    [result.se, 0.01 * Math.SQRT2],
    [result.low, 2.6 - half],
    [result.high, 2.6 + half],
  ]) {
    assert.ok(!!(Math.abs(found - expected) <= 1e-12), `${found} is not ${expected}`)
  }
  assert.is(result.significant, true)
})

test('a curve that ends highest, or level with its highest, has compression exactly 0', () => {
  for (const rows of [
    curve([
      [0, 1],
      [1, 2],
    ]),
    curve([
      [0, 2],
      [1, 1],
      [2, 2],
    ]),
    curve([[5, 3]]),
  ]) {
    const { value, low, high, significant } = compression(rows)!
    assert.equal([value, low, high, significant], [0, 0, 0, false])
  }
})

test('a fall within noise is no significant compression', () => {
  assert.is(
    compression(
      curve([
        [0, 2],
        [1, 1.95],
      ]),
    )!.significant,
    false,
  )
  assert.is(
    compression(
      curve(
        [
          [0, 2],
          [1, 1.7],
        ],
        { mi_se: 0.1 },
      ),
    )!.significant,
    false,
  )
  assert.is(
    compression(
      curve([
        [0, 2],
        [1, 1.7],
      ]),
    )!.significant,
    true,
  )
})

test.run()
