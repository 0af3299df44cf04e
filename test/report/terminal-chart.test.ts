/** Small charts: dots where the numbers are, in Braille and in ASCII. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runCharts } from '../../src/report/run-charts.js'
import { terminalChart } from '../../src/report/terminal-chart.js'
import { informationRow, trainingRow } from '../tables/sample-run.js'

const frame = { columns: 4, rows: 3, low: 0, high: 1, ascii: true }

test('a straight line goes from corner to corner, without a gap', () => {
  const line = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ]
  assert.equal(terminalChart(line, frame), ['   *', ' ** ', '*   '])
  const braille = terminalChart(line, { ...frame, columns: 2, rows: 1, ascii: false })
  assert.equal(braille, ['⡠⠊'])
})

test('one point is one dot; what is outside of the frame is at its edge; what is no number is nowhere', () => {
  assert.equal(terminalChart([{ x: 0.5, y: 0.5 }], { ...frame, columns: 3 }), ['   ', ' * ', '   '])
  assert.equal(terminalChart([{ x: 0, y: 7 }], { ...frame, rows: 2 }), ['*   ', '    '])
  assert.equal(terminalChart([{ x: 0, y: NaN }], frame), ['    ', '    ', '    '])
})

const rows = [0, 1, 10, 100].map((epoch, i) => ({
  ...informationRow(epoch, 1),
  mi_corrected: [1, 3, 5, 2][i],
}))

test('charts of a run: the ends of each scale, medians over seeds, no line wider than the terminal', () => {
  const seeds = [0, 4, -4].map((shift, seed) =>
    rows.map((row) => ({ ...row, seed, mi_corrected: row.mi_corrected + shift })),
  )
  const training = [0, 1, 2].map(trainingRow)
  for (const [width, ascii] of [
    [40, false],
    [80, true],
    [120, false],
  ] as const) {
    const text = runCharts({ information: seeds.flat(), training, binned: [] }, { width, ascii })
    const lines = text.split('\n')
    assert.ok(lines.every((line) => [...line].length <= width))
    assert.match(text.replace(/\s+/g, ' '), 'Epochs 0 to 100 from left to right, logarithmic, medians of 4 seeds')
    const at = lines.findIndex((line) => line.startsWith('I(X;T), layer 1 (10 neurons) [nats]'))
    assert.match(lines[at + 1], /^ 5\.000 /)
    assert.match(lines[at + 4], /^ 1\.000 [*⠁-⣿]/)
    if (ascii) assert.match(text, /^[\x20-\x7e\n]*$/)
  }
})

test('a curve that hardly moves is not blown up', () => {
  const level = rows.map((row, i) => ({ ...row, mi_corrected: 8 + 1e-6 * i }))
  const text = runCharts({ information: level, training: [], binned: [] }, { width: 80, ascii: true })
  assert.match(text, /^ 8\.050\b/m)
  assert.match(text, /^ 7\.950\b/m)
})

test('a run without rows, or with one measurement, has no chart', () => {
  assert.is(runCharts({ information: [], training: [], binned: [] }, { width: 80, ascii: false }), '')
  assert.is(runCharts({ information: rows.slice(0, 1), training: [], binned: [] }, { width: 80, ascii: false }), '')
})

test.run()
