// Which intervals count, how many have to hold the truth, and what is said where they do not.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ValidationCase } from '../../src/validation/case.js'
import { band, coverage } from '../../src/validation/coverage.js'
import { close } from '../close.js'
import { answerWith, estimated } from './answers.js'

const known = { name: 'made up', regime: 'all', truth: 1, enough: true } as ValidationCase

/** `hits` intervals that hold the truth and `misses` that do not. */
const answers = (hits: number, misses: number, step_ratio: number | null = null) =>
  Array.from({ length: hits + misses }, (_, i) =>
    answerWith({ regime: 'all', step_ratio, ...estimated(i < hits ? 1.01 : 1.03, 0.01) }),
  )

test('200 repetitions: from 91 to 98.5 % hold the truth', () => {
  const verdicts = [181, 182, 190, 197, 198].map((hits) => coverage(known, answers(hits, 200 - hits)).verdict)
  assert.equal(verdicts, ['FAIL', 'pass', 'pass', 'pass', 'FAIL'])
  const { reason, mean_z, seconds } = coverage(known, answers(150, 50))
  assert.is(reason, 'intervals hold the truth in 75.0 % of cases, expected 91.0 to 98.5 %')
  close([mean_z!, seconds], [1.5, 100], 1e-9, 'mean z and seconds')
})

test('fewer: the bounds of the binomial distribution, each passed by honest intervals less than once in 200 times', () => {
  const exceeded = (n: number, is: (k: number) => boolean) => {
    let [chance, term] = [0, 0.05 ** n]
    for (let k = 0; k <= n; k++) {
      if (is(k)) chance += term
      term *= ((n - k) / (k + 1)) * 19
    }
    return chance
  }
  for (const n of [5, 20, 50, 100, 199]) {
    const [least, most] = band(n).map((share) => Math.round(n * share))
    assert.ok(exceeded(n, (k) => k < least) <= 0.005 && exceeded(n, (k) => k <= least) > 0.005, `least of ${n}`)
    assert.ok(exceeded(n, (k) => k > most) <= 0.005 && exceeded(n, (k) => k >= most) > 0.005, `most of ${n}`)
  }
  assert.equal(band(20), [16 / 20, 1])
  assert.equal(band(1000), [0.91, 0.985])
})

test('intervals that promise nothing are left out; where most are, nothing was shown', () => {
  const mixed = [...answers(19, 1, 0.5), ...answers(0, 10, 0.9)]
  const found = coverage(known, mixed)
  assert.equal([found.repetitions, found.counted, found.covered, found.verdict], [30, 20, 0.95, 'pass'])
  const weak = coverage(known, [...answers(5, 0), ...answers(6, 0, 0.66)])
  assert.is(weak.reason, 'only 5 of 11 repetitions have enough replicas to count')
  assert.is(
    coverage(
      known,
      Array.from({ length: 20 }, () => answerWith({ regime: 'all' })),
    ).verdict,
    'FAIL',
  )
})

test.run()
