/** Conditions side by side: numbers against what they were made of, and words against numbers. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { claimsOf } from '../../src/comparison/claims.js'
import { compareConditions } from '../../src/comparison/compare.js'
import { conditionsOf } from '../../src/comparison/condition.js'
import { comparisonSpecification } from '../../src/comparison/picture.js'
import { readRuns } from '../../src/comparison/run.js'
import { comparisonText } from '../../src/comparison/text.js'
import { rankCorrelation } from '../../src/math/rank-correlation.js'
import type { ComparisonRow } from '../../src/tables/comparison.js'
import { scratch } from '../commands/process.js'
import { threeConditions, writeRun } from './synthetic.js'

const root = scratch(test)
const { plain, orthonormal, deterministic } = threeConditions(root)
const three = compared(plain, orthonormal, deterministic)

function compared(...folders: string[]) {
  const conditions = conditionsOf(readRuns(folders))
  const rows = compareConditions(conditions)
  const claims = claimsOf(conditions, rows)
  const text = comparisonText(conditions, rows, claims)
  return { conditions, rows, claims, text, flat: text.replace(/\s+/g, ' ') }
}

function only(rows: ComparisonRow[], wanted: Partial<ComparisonRow>): ComparisonRow {
  const found = rows.filter((row) =>
    Object.entries(wanted).every(([key, value]) => row[key as keyof ComparisonRow] === value),
  )
  assert.is(found.length, 1, JSON.stringify(wanted))
  return found[0]
}

function near(found: number | null, expected: number, tolerance = 1e-9): void {
  assert.ok(found !== null && !!(Math.abs(found - expected) <= tolerance), `${found} is not ${expected}`)
}

const verdictOf = ({ claims }: ReturnType<typeof compared>, condition: string, words: string) =>
  claims.find((claim) => claim.condition === condition && claim.claim.includes(words))?.verdict

test('compression over seeds, and its difference to the first condition, paired and by Welch', () => {
  const { rows } = three
  // 6 + .1 s - (3.5 - .2 s) = 2.5 + .3 s against .1 + .1 s
  const mean = only(rows, { condition: 'szt-full', statistic: 'compression', method: 'mean' })
  near(mean.value, 3.25)
  // standard deviation .3 sqrt(5/3), t(.975, 3) = 3.18245
  near((mean.high! - mean.low!) / 2, (3.182446305 * 0.3 * Math.sqrt(5 / 3)) / 2, 1e-6)
  const paired = only(rows, { condition: 'orthonormal', statistic: 'compression', method: 'paired' })
  near(paired.value, 0.35 - 3.25)
  near((paired.high! - paired.low!) / 2, (3.182446305 * 0.2 * Math.sqrt(5 / 3)) / 2, 1e-6)
  const welch = only(rows, { condition: 'orthonormal', statistic: 'compression', method: 'welch' })
  assert.ok(welch.high! - welch.low! > paired.high! - paired.low!)
  assert.is(verdictOf(three, 'orthonormal', 'at least 1 nat less'), 'holds')
  const turned = compared(orthonormal, plain)
  assert.is(verdictOf(turned, 'szt-full', 'it compresses less than orthonormal'), 'fails')
  near(only(turned.rows, { condition: 'szt-full', statistic: 'compression', method: 'paired' }).value, 2.9)
})

test('accuracy and its difference are of the last evaluation, with no sign required', () => {
  const row = only(three.rows, { condition: 'orthonormal', statistic: 'test_accuracy', method: 'paired' })
  near(row.value, 0.005)
  assert.match(three.flat, /orthonormal +97\.75 ± 0\.21 +0\.50 ± 0\.00/)
})

test('what is lost beyond the label: I(X;T|Y) and the change of I(Y;T)', () => {
  // I(Y;T) rises by .1 a measurement, so that I(X;T|Y) falls by that much more
  near(only(three.rows, { condition: 'szt-full', statistic: 'label_change', method: 'mean' }).value, 0.1)
  near(only(three.rows, { condition: 'szt-full', statistic: 'conditional_compression', method: 'mean' }).value, 3.35)
  assert.is(verdictOf(three, 'szt-full', 'within labels'), 'holds')
})

test('clusters beside compression: log ratio of distances, change of the binned entropy, both from highest I to last', () => {
  const own = { condition: 'szt-full', seed: 2, method: 'seed' } as const
  near(only(three.rows, { ...own, statistic: 'within_change' }).value, -(2.5 + 0.6))
  near(only(three.rows, { ...own, statistic: 'binned_change', parameter: 'width=0.05' }).value, -0.8 * 3.1)
})

test('rank correlations within seeds, over seeds in z; only the width that follows is said to', () => {
  const mi = [2.1, 3.1, 5.1, 4.1, 6.1, 3.3]
  const narrow = mi.map((value) => 8 - 0.01 * (value - 4) ** 2)
  const own = { condition: 'szt-full', statistic: 'rank_binned' } as const
  near(only(three.rows, { ...own, parameter: 'width=0.05', seed: 1 }).value, 1)
  near(only(three.rows, { ...own, parameter: 'width=0.005', seed: 1 }).value, rankCorrelation(mi, narrow)!)
  // four perfect series of six points: 1 - 6 / (6 * 35)
  near(only(three.rows, { ...own, parameter: 'width=0.05', seed: null }).value, 1 - 6 / 210)
  assert.is(verdictOf(three, 'szt-full', 'distance within classes'), 'holds')
  assert.is(verdictOf(three, 'szt-full', 'follows H(Bin(T))'), 'holds for some widths')
  assert.is(verdictOf(three, 'orthonormal', 'distance within classes'), 'cannot be told')
})

test('bins of the network without noise against I(X;T) of the one with it, same seeds and epochs', () => {
  const wanted = { condition: 'deterministic', against: 'szt-full', statistic: 'rank_binned_against' } as const
  const row = only(three.rows, { ...wanted, parameter: 'width=0.05', method: 'fisher-z' })
  assert.is(row.seeds, 4)
  near(row.value, 1 - 6 / 210)
  assert.match(three.flat, 'Rank correlation of H(Bin(T)) in deterministic with I(X;T) in szt-full')
  assert.is(verdictOf(three, 'deterministic', 'follows the I(X;T) of szt-full'), 'holds for some widths')
})

test('a claim fails where the numbers go the other way', () => {
  const against = [1, 2, 3].map((seed) => ({
    ...{ seed, mi: [1, 2, 3, 4 + 0.1 * seed], within: [4, 3, 2, 1 + 0.1 * seed], bins: { 0.1: [4, 3, 2, 1] } },
  }))
  const found = compared(writeRun(join(root, 'against'), { curves: against }))
  for (const words of ['it compresses', 'distance within classes', 'follows H(Bin(T))']) {
    assert.is(verdictOf(found, 'against', words), 'fails', words)
  }
  assert.match(found.text, /^ {2}fails: against, layer 5: I\(X;T\) follows H\(Bin\(T\)\)/m)
})

test('what never moves, ties throughout, distances of 0 and short series are null and say why', () => {
  const curves = [
    { seed: 1, layer: 1, mi: [8.31, 8.32, 8.3177, 8.3177], within: [1, 2, 3, 4] },
    { seed: 1, layer: 2, mi: [8, 7, 8, 6], within: [2, 2, 2, 2] },
    { seed: 1, layer: 3, mi: [1, 2, 3, 1], within: [1, 1, 1, 0] },
    { seed: 1, layer: 4, mi: [5, 4], within: [1, null] },
  ]
  const { rows } = compared(writeRun(join(root, 'null'), { curves }))
  const note = (statistic: ComparisonRow['statistic'], layer: number) => {
    const row = only(rows, { statistic, layer, method: 'seed' })
    assert.is(row.value, null)
    return row.note!
  }
  assert.match(note('rank_within', 1), 'does not move')
  assert.match(note('rank_within', 2), 'constant')
  assert.match(note('within_change', 3), 'distance 0')
  assert.match(note('rank_within', 4), 'fewer than three')
  assert.match(note('within_change', 4), 'no distances')
  assert.match(note('conditional_compression', 4), 'I(Y;T)')
})

test('a layer too wide for an estimate, and one that was not measured, leave the claims to the others', () => {
  const own = { within: [1, 3, 2, 1], bins: { 0.1: [1, 3, 2, 1] } }
  const curves = [1, 2, 3].flatMap((seed) => [
    { seed, layer: 1, mi: [1, 5, 4, 2], ...own },
    { seed, layer: 2, mi: [null, null, null, null], ...own },
  ])
  const wide = compared(writeRun(join(root, 'wide'), { curves }))
  assert.equal([...new Set(wide.claims.map(({ layer }) => layer))], [1])
  assert.match(wide.flat, 'wide, layer 1: I(X;T) follows the distance within classes')
})

test('one seed has no interval, and says so; nothing is claimed of others', () => {
  const alone = compared(writeRun(join(root, 'alone'), { curves: [{ seed: 1, mi: [1, 5, 4, 2] }] }))
  const row = only(alone.rows, { statistic: 'compression', method: 'mean' })
  assert.equal([row.value, row.low, row.high, row.note], [3, null, null, 'one seed: no interval'])
  assert.is(verdictOf(alone, 'alone', 'it compresses'), 'cannot be told')
  assert.match(alone.flat, 'One seed (alone): no intervals')
  assert.match(alone.flat, 'No clustering.arrow (alone): what distances did cannot be told')
})

test('seeds not in common leave the unpaired difference', () => {
  const curves = (seeds: number[]) => seeds.map((seed) => ({ seed, mi: [1, 4 + seed / 10, 2] }))
  const left = writeRun(join(root, 'left'), { curves: curves([1, 2]) })
  const right = writeRun(join(root, 'right'), { curves: curves([3, 4]), configuration: { other: 1 } })
  const { rows, flat } = compared(left, right)
  assert.is(rows.filter(({ method }) => method === 'paired').length, 0)
  near(only(rows, { statistic: 'compression', method: 'welch' }).value, 0.2)
  assert.match(flat, 'right has no seed of the reference: differences are unpaired only')
})

test('runs of unequal length are compared, with a way to compare what both have', () => {
  const curves = (mi: number[]) => [1, 2].map((seed) => ({ seed, mi }))
  const long = writeRun(join(root, 'long'), { curves: curves([1, 5, 4, 3, 2]) })
  const going = writeRun(join(root, 'going'), {
    ...{ curves: curves([1, 5, 5]), configuration: { a: 1 } },
    status: 'running',
  })
  const { flat } = compared(long, going)
  assert.match(flat, 'going: 2 seeds (1, 2), to epoch 10, not finished')
  assert.match(flat, '--until 10 compares what all have')
  const cut = compareConditions(conditionsOf(readRuns([long, going], 10)))
  near(only(cut, { condition: 'long', statistic: 'compression', method: 'mean' }).value, 1)
})

test('every line fits 80 columns, and the picture has a panel for each layer and one for clusters', () => {
  for (const line of three.text.split('\n')) assert.ok(line.length <= 80, line)
  const { concat } = comparisonSpecification(three.conditions, three.rows) as unknown as { concat: unknown[] }
  assert.is(concat.length, 2)
  const bare = compared(deterministic)
  const empty = comparisonSpecification(bare.conditions, bare.rows) as unknown as { concat: unknown[] }
  assert.is(empty.concat.length, 1)
  assert.match(bare.flat, 'No estimate of I(X;T)')
})

test.run()
