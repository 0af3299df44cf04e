// The validation itself, of estimators that are right, wrong, or silent about what they cannot know.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { estimateInformation } from '../../src/information/estimate.js'
import type { Machine } from '../../src/plan.js'
import { coverageCases, quickCases } from '../../src/validation/cases.js'
import { caseLine, casesHead, conclusion, coverageHead, coverageLine } from '../../src/validation/text.js'
import { validate } from '../../src/validation/validate.js'
import { answerWith, estimated } from './answers.js'

type Estimator = typeof estimateInformation

const machine = {} as Machine
const chosen = [quickCases[0], quickCases.find(({ enough }) => !enough)!]
const plan = { cases: chosen, repeated: coverageCases.slice(0, 1), repetitions: 20 }

/** Off by `bias` SE, and by one SE more or less from seed to seed. */
const estimator =
  (bias: number, sufficient: (count: number) => boolean): Estimator =>
  async (_, samples, { noiseStd, seed, inputs }) => {
    const known = [...chosen, ...coverageCases].find((one) => one.options.noiseStd === noiseStd)!
    const shift = bias + (seed! % 2 ? 1 : -1)
    return answerWith({
      ...estimated(known.truth + 0.01 * shift, 0.01),
      ...{ regime: inputs === 'all' ? 'exact' : 'sample', dimension: samples.width, samples: samples.count },
      sufficient: sufficient(samples.count),
    })
  }
const honest = estimator(0, (count) => count !== 512)

test('an honest estimator passes, is marked where samples are too few, and every row is told as it comes', async () => {
  const told: string[] = []
  const observer = {
    judged: (row: { case: string; verdict: string }) => told.push(`${row.case}: ${row.verdict}`),
    covered: (row: { case: string; covered: number | null }) => told.push(`${row.case}: ${row.covered}`),
  }
  const { cases, coverage, failures } = await validate(machine, plan, observer, honest)
  assert.equal(told, [`${chosen[0].name}: pass`, `${chosen[1].name}: marked`, `${coverageCases[0].name}: 1`])
  assert.equal([cases.length, coverage.length, failures], [2, 1, []])
})

test('a biased estimator fails by its value and by its coverage; one line for each says what', async () => {
  const { failures } = await validate(
    machine,
    plan,
    {},
    estimator(5, () => true),
  )
  assert.is(failures.length, 3)
  assert.match(failures[0], /^-1, 1, noise 0.5 \(d 1\): off by 0.0600 nats, allowed 0.0400$/)
  assert.match(failures[1], /^Gaussian, too few \(d 5\): too few samples, and the answer does not say so$/)
  assert.match(
    failures[2],
    /^square, turned \(d 2\), coverage: intervals hold the truth in 0.0 % of cases, expected 80/,
  )
})

test('every repetition has a seed of its own, for its samples and its queries; none are made where none are asked for', async () => {
  const seeds: unknown[] = []
  const counting: Estimator = async (given, samples, options) => {
    seeds.push([options.seed, samples.s[0]])
    return honest(given, samples, options)
  }
  await validate(machine, { ...plan, cases: [] }, {}, counting)
  assert.is(new Set(seeds.map((one) => String(one))).size, 20)
  const { coverage } = await validate(machine, { ...plan, repetitions: 0 }, {}, honest)
  assert.equal(coverage, [])
})

test('lines stand under their heads, and the last one counts', async () => {
  const { cases, coverage } = await validate(machine, plan, {}, honest)
  const head = casesHead().split('\n').at(-1)!
  for (const one of cases) assert.is(caseLine(one).length, head.length, caseLine(one))
  assert.is(coverageLine(coverage[0]).length, coverageHead(20).split('\n').at(-1)!.length)
  assert.match(coverageHead(20), /20 repetitions.*\n.*\n.*fewer than 200/)
  assert.match(coverageHead(200), /91 to 98.5 %/)
  assert.match(conclusion([...cases, ...coverage], 12), /^\n2 passed, 1 marked, 0 failed, in 12.0 s$/)
})

test.run()
