import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closingTable, type ClosingInput } from '../../src/report/closing-table.js'
import { meaning } from '../../src/report/meaning.js'
import { curve, informationRow, paperLike, trainingRow } from './rows.js'

const nothing: ClosingInput = { training: [], information: [], written: [], phases: [] }
const close = (input: Partial<ClosingInput>): string => closingTable({ ...nothing, ...input })
const unwrapped = (text: string): string => text.replace(/\s+/g, ' ')

const upAndDown = curve([
  [0, 2.5],
  [25, 4.9],
  [75, 3.3],
  [1000, 5],
  [10000, 2.3],
])

test("a run like the paper's fits 80 columns and shows every layer", () => {
  const text = close(paperLike())
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  for (const layer of ['layer 1 (10 neurons)', 'layer 5 (3 neurons)']) assert.match(text, layer)
  assert.match(text, /8\.3178 ± <0\.0001 +12\.0000 ± <0\.0001/)
  assert.match(text, '* too few replicas (step ratio > 0.65)')
})

test('start, peaks, trough, end and compression, with intervals in nats and bits', () => {
  const lines = close({ information: upAndDown }).split('\n').slice(2, 8).map(unwrapped)
  assert.equal(lines, [
    ' start 0 2.5000 ± 0.0213 3.6067 ± 0.0308',
    ' peak 25 4.9000 ± 0.0213 7.0692 ± 0.0308',
    ' trough 75 3.3000 ± 0.0213 4.7609 ± 0.0308',
    ' peak 1000 5.0000 ± 0.0213 7.2135 ± 0.0308',
    ' end 10000 2.3000 ± 0.0213 3.3182 ± 0.0308',
    ' compression 1000 to 10000 2.7000 ± 0.0301 3.8953 ± 0.0435',
  ])
})

test('one row is a start alone; a layer without noise has no estimate', () => {
  const once = close({ information: [informationRow(0, 2.5)] })
  assert.match(once, /start +0 +2\.5000/)
  assert.not.match(once, 'end')
  assert.match(once, 'was measured once, at epoch 0')
  const noiseless = curve(
    [
      [0, null],
      [9, null],
    ],
    { regime: 'deterministic' },
  )
  assert.match(close({ information: noiseless }), /layer 5 \(3 neurons\) +no estimate/)
  assert.match(close({ information: noiseless }), 'No row has an estimate of I(X;T): layers without noise have none.')
})

test('the sentence tells each move and ends with an honest verdict', () => {
  assert.is(
    unwrapped(meaning(upAndDown)),
    'Layer 5 first gained 2.40 nats (epoch 0 to 25), lost 1.60 (to 75), gained 1.70 (to 1000), then lost 2.70 ' +
      '(to 10000), and ended 2.70 ± 0.03 nats below its highest value: compression.',
  )
  assert.is(
    unwrapped(
      meaning(
        curve([
          [0, 2.5],
          [25, 4.9],
        ]),
      ),
    ),
    'Layer 5 gained 2.40 nats (epoch 0 to 25), and ended at its highest value: no compression.',
  )
  assert.match(
    meaning(
      curve([
        [0, 3],
        [9, 3.02],
        [10, 3],
      ]),
    ),
    /stayed near 3\.00 nats/,
  )
  assert.match(
    unwrapped(
      meaning(
        curve([
          [0, 3],
          [9, 4],
          [10, 3.95],
        ]),
      ),
    ),
    'too little to call compression',
  )
})

test('too few replicas at the top or the end is said beside the verdict', () => {
  const rows = curve([
    [0, 2.5],
    [25, 4.9],
    [75, 3.3],
  ])
  assert.not.match(meaning(rows), 'replicas')
  rows[1].step_ratio = 0.8
  assert.match(unwrapped(meaning(rows)), 'compression. Too few replicas at one of these two')
  assert.match(close({ information: rows }), /peak .* \*\n/)
})

test('the deepest layer with an estimate is the one spoken of', () => {
  const shallow = curve(
    [
      [0, 8],
      [9, 7],
    ],
    { layer: 4 },
  )
  const deep = curve(
    [
      [0, null],
      [9, null],
    ],
    { layer: 5 },
  )
  assert.match(meaning([...deep, ...shallow]), /^Layer 4 lost 1\.00 nats/)
})

test('losses and accuracies are those of the last epoch', () => {
  const last = { train_loss: 0.0512, test_loss: 0.0834, train_accuracy: 0.9812, test_accuracy: null }
  const text = unwrapped(close({ training: [trainingRow(90, last), trainingRow(0)] }))
  assert.match(text, 'After epoch 90, noise off: loss 0.0512 nats on the training set, 0.0834 nats on the test set')
  assert.match(text, 'accuracy 98.1 % and -.')
})

test('the same warning on many rows is one entry with its layers, epochs and count', () => {
  const few = 'too few replicas'
  const information = [
    ...curve(
      [
        [3, 2],
        [9, 2],
      ],
      { layer: 4, warnings: [few] },
    ),
    ...curve(
      [
        [1, 1],
        [9, 1],
      ],
      { layer: 5, warnings: [few, few] },
    ),
    informationRow(9, 1, { layer: 2, warnings: ['I = 8.32 exceeds log m \u001b[2J'] }),
    informationRow(11, 1, { layer: 2, warnings: ['I = 8.4 exceeds log m \u001b[2J'] }),
  ]
  const text = unwrapped(close({ information }))
  assert.match(text, 'layers 4, 5, epochs 1 to 9 (4 rows): too few replicas')
  assert.is(text.split(few).length, 2)
  assert.match(text, 'layer 2, epochs 9 to 11 (2 rows): I = 8.32 exceeds log m \\u{1b}[2J (the first of 2 that differ')
})

test('files and times close the table', () => {
  const written = [{ path: 'results/szt-001/run.json', what: 'configuration' }]
  const text = close({
    written,
    phases: [
      ['training', 62],
      ['measuring', 100.4],
    ],
  })
  const time = 'Time 2 min 42 s: training 1 min 02 s, measuring 1 min 40 s'
  assert.is(text, `Written\n  results/szt-001/run.json  configuration\n\n${time}`)
  assert.is(close({}), '')
})

test('rows without a test set have none, and it is said', () => {
  const text = close({
    training: [trainingRow(3, { train_loss: 0.25, train_accuracy: 0.5, test_loss: null, test_accuracy: null })],
  })
  assert.match(
    text.replace(/\s+/g, ' '),
    'After epoch 3, noise off: loss 0.2500 nats on the training set; accuracy 50.0 %. There is no',
  )
})

test.run()
