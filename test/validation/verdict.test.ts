// What passes, what is marked, and what fails and why.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { InformationAnswer } from '../../src/information/answer.js'
import type { ValidationCase } from '../../src/validation/case.js'
import { judge } from '../../src/validation/verdict.js'
import { close } from '../close.js'
import { answerWith, estimated } from './answers.js'

const known: ValidationCase = {
  ...{ name: 'made up', regime: 'exact', truth: 1, enough: true, options: { noiseStd: 1 } },
  draw: () => ({ count: 0, width: 1, s: new Float64Array(0), x: null, y: null, weights: null }),
}
const drawn: ValidationCase = { ...known, regime: 'sample' }
const verdict = (about: ValidationCase, given: Partial<InformationAnswer>) =>
  judge(about, answerWith({ regime: about.regime, ...given })).verdict

test('all inputs known: 4 SE, rounding and skipping are allowed, the correction is not', () => {
  assert.is(verdict(known, estimated(1.039, 0.01)), 'pass')
  assert.is(verdict(known, estimated(0.959, 0.01)), 'FAIL')
  assert.is(verdict(known, estimated(1.05, 0.01, 0.5)), 'FAIL')
  assert.is(verdict(known, { ...estimated(1.045, 0.01), numerical_error: 0.004, certificate: 0.002 }), 'pass')
  assert.is(verdict(known, estimated(1 + 1e-13, 0)), 'pass')
  assert.is(verdict(known, estimated(1 + 1e-9, 0)), 'FAIL')
})

test('inputs drawn: the correction is allowed too', () => {
  assert.is(verdict(drawn, estimated(1.05, 0.01, -0.02)), 'pass')
  assert.is(verdict(drawn, estimated(1.05, 0.01, 0.001)), 'FAIL')
})

test('too few samples must be marked; how wrong the estimate is does not matter', () => {
  const few = { ...drawn, enough: false }
  assert.is(verdict(few, { ...estimated(9, 0.01), sufficient: false }), 'marked')
  assert.is(verdict(few, { ...estimated(9, 0.01), warnings: ['the ceiling is reached'] }), 'marked')
  assert.is(verdict(few, { mi: 3, sufficient: false }), 'marked')
  assert.is(verdict(few, estimated(1, 0.01)), 'FAIL')
})

test('no number, no finite number, or another regime never passes; a mark does not help where samples suffice', () => {
  assert.is(verdict(known, {}), 'FAIL')
  assert.is(verdict(known, estimated(NaN, 0.01)), 'FAIL')
  assert.is(verdict(known, estimated(1.01, NaN)), 'FAIL')
  assert.is(verdict(known, { ...estimated(1, 0.01), regime: 'all' }), 'FAIL')
  assert.is(verdict(drawn, { ...estimated(2, 0.01), sufficient: false, warnings: ['few'] }), 'FAIL')
})

test('up to 8 dimensions an SE above 0.01 shows nothing where more queries are to be had', () => {
  assert.is(verdict(known, estimated(1.01, 0.0101)), 'FAIL')
  assert.is(verdict(known, { ...estimated(1.01, 0.0101), dimension: 9 }), 'pass')
  assert.is(verdict({ ...known, regime: 'all' }, estimated(1.01, 0.0101)), 'pass')
})

test('a row says what was found, and why it failed', () => {
  const row = judge(known, answerWith(estimated(1.05, 0.01, -0.1)))
  close([row.correction!, row.z!, row.allowed!], [-0.1, 5, 0.04], 1e-9, 'correction, z, allowed')
  assert.is(row.reason, 'off by 0.0500 nats, allowed 0.0400')
  assert.is(judge(known, answerWith(estimated(1, 0))).z, null)
  assert.match(judge(known, answerWith({ regime: 'sample' })).reason!, /'sample', expected 'exact'/)
})

test.run()
