// The truths of all cases against samples of them, by the plainest estimate there is; and whether samples suffice.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { minimalSamples } from '../../src/math/theory.js'
import type { Samples } from '../../src/samples/samples.js'
import type { ValidationCase } from '../../src/validation/case.js'
import { allCases, coverageCases, quickCases } from '../../src/validation/cases.js'
import { plainInformation } from './plain.js'

const cases = [...allCases, ...coverageCases]
const label = (one: ValidationCase, { width }: Samples) => `${one.name}, d ${width}`

test('enumerated cases: the truth is what their samples carry', () => {
  for (const one of cases.filter(({ regime }) => regime !== 'sample')) {
    const samples = one.draw(1)
    const { mi, se } = plainInformation(samples, one.options.noiseStd, samples.count > 2000 ? 512 : 2048)
    // with finitely many replicas the plain estimate is biased: by about one part in the replicas for each axis
    const replicas = samples.x ? samples.count / new Set(samples.x).size : 1
    const bias = replicas > 1 ? (3 * samples.width) / replicas : 0
    const allowed = 4.5 * se + bias
    assert.ok(Math.abs(mi - one.truth) <= allowed, `${label(one, samples)}: ${mi}, truth ${one.truth}, ${allowed}`)
  }
})

test('sampled cases: the truth lies between the estimates with own centers and with fresh ones', () => {
  for (const one of cases.filter(({ regime, enough }) => regime === 'sample' && enough)) {
    const [samples, fresh] = [one.draw(1), one.draw(2)]
    if (samples.x) continue // own replicas are biased themselves
    const own = plainInformation(samples, one.options.noiseStd, 512)
    const other = plainInformation(samples, one.options.noiseStd, 512, fresh)
    const [low, high] = [own.mi - 4.5 * own.se, other.mi + 4.5 * other.se]
    assert.ok(low <= one.truth && one.truth <= high, `${label(one, samples)}: ${low}, ${one.truth}, ${high}`)
  }
})

test('where samples are drawn, those that suffice are those that theory does not rule out', () => {
  for (const one of cases.filter(({ regime }) => regime === 'sample')) {
    const samples = one.draw(1)
    const half = Float64Array.from(samples.s).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const needed = minimalSamples(samples.width, one.options.noiseStd / half)
    assert.is(samples.count >= needed, one.enough, `${label(one, samples)}: ${samples.count} rows, ${needed} needed`)
  }
})

test('the same seed draws the same samples, another one others; inputs come with as many rows and weights as there are', () => {
  for (const one of coverageCases) {
    assert.equal(one.draw(3), one.draw(3))
    assert.not.equal(one.draw(3).s, one.draw(4).s)
  }
  for (const one of cases) {
    const { count, width, s, x, weights } = one.draw(1)
    assert.equal([s.length, x?.length ?? count, weights?.length ?? count], [count * width, count, count], one.name)
  }
})

test('names tell cases apart, every regime is repeated, quick ones are small', () => {
  const names = cases.map((one) => label(one, one.draw(1)))
  assert.is(new Set(names.slice(0, allCases.length)).size, allCases.length)
  assert.equal(
    coverageCases.map(({ regime }) => regime),
    ['exact', 'all', 'sample'],
  )
  for (const one of quickCases) assert.ok(one.draw(1).count <= 8192, one.name)
  assert.ok(quickCases.every((one) => allCases.includes(one)))
})

test.run()
