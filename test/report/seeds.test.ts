/** What the closing table says of several seeds. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closingTable, type ClosingInput } from '../../src/report/closing-table.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { informationRow, paperLike, trainingRow } from './rows.js'

const close = (input: Partial<ClosingInput>): string =>
  closingTable({ training: [], information: [], written: [], phases: [], ...input })
const unwrapped = (text: string): string => text.replace(/\s+/g, ' ')

/** One layer of each seed at epochs 0, 10, 20, ...: the values of that seed. */
function seeds(curves: (number | null)[][], fields: Partial<InformationRow> = {}): InformationRow[] {
  return curves.flatMap((values, seed) => values.map((mi, i) => informationRow(10 * i, mi, { seed, ...fields })))
}

const four = seeds([
  [1, 5, 3],
  [2, 6, 3],
  [1, 7, 4],
  [2, 6, 6],
])

test("a dozen runs like the paper's: 80 columns, one row a layer, twice", () => {
  const runs = Array.from({ length: 12 }, (_, seed) => paperLike(seed))
  const text = close({
    information: runs.flatMap((run) => run.information),
    training: runs.flatMap((run) => run.training),
  })
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  for (const layer of [1, 2, 3, 4, 5]) assert.is(text.split(`layer ${layer} (`).length, 3)
  assert.match(unwrapped(text), 'Layer 5 rose, fell, rose and fell in 12 of 12 seeds. On average it ended')
})

test('first, highest and last are means with t-intervals over seeds; the fall has a paired and an unpaired one', () => {
  const lines = close({ information: four }).split('\n').map(unwrapped)
  assert.is(lines[0], 'I(X;T_l), 4 seeds [nats] first highest last')
  // t(0.975, 3) = 3.182: 0.577 / 2, 0.816 / 2, 1.414 / 2; falls 2, 3, 3, 0; Welch: 4.80 degrees of freedom, t = 2.603
  assert.is(lines[1], 'layer 5 (3 neurons) 1.500 ± 0.919 6.000 ± 1.299 4.000 ± 2.250')
  assert.is(lines[3], 'fall, highest to last paired unpaired compression in')
  assert.is(lines[4], 'layer 5 (3 neurons) 2.000 ± 2.250 2.000 ± 2.125 3 of 4')
})

test('what the intervals cover is said, and that few seeds make them wide', () => {
  const text = unwrapped(close({ information: four }))
  assert.match(text, 'initialisation, order, split and noise of the training, and the sampling error of each estimate')
  assert.not.match(text, '--seeds')
  const two = unwrapped(close({ information: four.filter((row) => row.seed < 2) }))
  assert.match(two, 'layer 5 (3 neurons) 1.500 ± 6.353 5.500 ± 6.353 3.000 ± 0.000')
  assert.match(two, '2 seeds make wide intervals (12.7 standard errors); more seeds narrow them: --seeds 0..9')
  assert.match(two, 'compression in 2 of 2 seeds, too few to say so of other seeds.')
})

test('a fall counts as compression beyond 0.1 nats, three standard errors and its own interval', () => {
  const count = (rows: InformationRow[]): string => close({ information: rows }).match(/\d of \d$/m)![0]
  const small = seeds([
    [1, 1.09],
    [1.09, 1],
  ])
  assert.is(
    count(small.map((row) => ({ ...row, mi_se: 0, mi_low: row.mi_corrected, mi_high: row.mi_corrected }))),
    '0 of 2',
  )
  const falls = seeds([
    [3, 1],
    [3, 1],
  ])
  assert.is(count(falls), '2 of 2')
  assert.is(count(falls.map((row) => ({ ...row, mi_low: row.mi! - 9, mi_high: row.mi! + 9 }))), '0 of 2')
})

test('the sentences tell which shapes the curves had, and never more than the seeds show', () => {
  const mixed = seeds([
    [1, 5, 3],
    [1, 5, 3],
    [1, 2, 3],
    [3, 3, 3],
  ])
  const text = unwrapped(close({ information: mixed }))
  assert.match(
    text,
    'Layer 5 rose and fell in 2 of 4 seeds; rose in 1; stayed level in 1. On average it ended 1.00 ± 1.84',
  )
  const rising = seeds([
    [1, 2],
    [1, 3],
  ])
  assert.match(
    unwrapped(close({ information: rising })),
    'It ended at its highest value in every seed: no compression.',
  )
  assert.match(unwrapped(close({ information: seeds([[1], [2]]) })), 'Layer 5 was measured once in each seed')
  assert.not.match(close({ information: seeds([[1], [2]]) }), 'fall')
  const noiseless = seeds([[null], [null]], { regime: 'deterministic' })
  assert.match(unwrapped(close({ information: noiseless })), 'layers without noise have none')
  assert.match(close({ information: noiseless }), /layer 5 \(3 neurons\) +no estimate\n/)
})

test('the deepest layer with an estimate is the one spoken of', () => {
  const information = [
    ...seeds(
      [
        [9, 8],
        [9, 7],
      ],
      { layer: 4 },
    ),
    ...seeds([[null], [null]], { layer: 5 }),
  ]
  assert.match(close({ information }), /^Layer 4 fell in 2 of 2 seeds/m)
})

test('too few replicas are starred where they are the rule, and said beside the verdict', () => {
  const weak = four.map((row) => ({ ...row, step_ratio: row.epoch === 10 && row.seed < 2 ? 0.8 : 0.5 }))
  assert.not.match(close({ information: weak }), '*')
  assert.match(unwrapped(close({ information: weak })), 'Too few replicas at one of these two in 2 seeds: bias remains')
  weak[7].step_ratio = 0.8
  const text = unwrapped(close({ information: weak }))
  assert.match(text, '6.000 ± 1.299* 4.000 ± 2.250 ')
  assert.match(text, '2.000 ± 2.250* 2.000 ± 2.125* 3 of 4')
  assert.match(text, '* too few replicas (step ratio > 0.65) in more than half of the seeds')
})

test('seeds that lack an estimate or ended early are told', () => {
  const information = seeds([
    [1, 3, 2],
    [1, 3],
    [null, null, null],
    [1, 3, 2],
  ])
  const text = unwrapped(close({ information }))
  assert.match(text, 'layer 5: 3 of 4 seeds have an estimate.')
  assert.match(text, 'last: not the same in all seeds, epochs 10 to 20.')
})

test('losses and accuracies are means over the last evaluation of each seed', () => {
  const training = [0.1, 0.2, NaN].flatMap((loss, seed) => [
    trainingRow(50, { seed, train_loss: loss, test_loss: null, train_accuracy: 1, test_accuracy: 0.9 + loss / 10 }),
    trainingRow(0, { seed }),
  ])
  const text = unwrapped(close({ training }))
  assert.match(
    text,
    'After epoch 50, noise off, mean of 3 seeds: loss 0.1500 ± 0.6353 nats on the training set, - nats',
  )
  assert.match(text, 'accuracy 100.0 ± 0.0 % and 91.5 ± 6.4 %.')
})

test('a warning is one entry for all seeds, with their numbers, or how many they are', () => {
  const few = 'too few replicas'
  const layers = [3, 4, 5].flatMap((layer) =>
    seeds(
      [
        [1, 2],
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      { layer, warnings: [few] },
    ),
  )
  assert.match(
    close({ information: layers }),
    'layers 3 to 5, seeds 0 to 3, epochs 0 to 10 (24 rows): too few replicas',
  )
  const odd = Array.from({ length: 60 }, (_, i) => informationRow(0, 1, { seed: 2 * i, warnings: [few] }))
  assert.match(close({ information: odd }), 'layer 5, 60 seeds from 0 to 118, epoch 0 (60 rows): too few replicas')
  const one = [informationRow(0, 1, { seed: 4 }), informationRow(0, 1, { seed: 6, warnings: [few] })]
  assert.match(close({ information: one }), 'layer 5, seed 6, epoch 0 (1 row): too few replicas')
})

test.run()
