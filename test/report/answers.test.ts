/** The answers of `infoflow estimate` as a person reads them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { meaningOf } from '../../src/report/answers-meaning.js'
import { answersReport } from '../../src/report/answers.js'
import { answerOf, deterministic } from './answers.js'

const nats = { inputs: 'all', bits: false } as const
const report = (...answers: ReturnType<typeof answerOf>[]) =>
  answersReport({ answers: answers.map((answer, layer) => ({ keys: { epoch: 3, layer }, answer })), ...nats })
const unwrapped = (text: string) => text.replace(/\s+/g, ' ')
const five = (change: (i: number) => Partial<ReturnType<typeof answerOf>>) =>
  Array.from({ length: 5 }, (_, i) => answerOf({ ...at(1 + i), ...change(i) }))

/** mi_corrected and its interval. */
const at = (mi: number) => ({ mi: mi + 0.17, mi_corrected: mi, mi_low: mi - 0.02, mi_high: mi + 0.02 })

test('one answer is one row that fits 80 columns, with a sentence', () => {
  const text = answersReport({ answers: [{ keys: {}, answer: answerOf() }], ...nats })
  const [caption, , head, row] = text.split('\n')
  assert.is(caption, 'Information in nats; the inputs (x) in the file are taken as all there are.')
  assert.is(unwrapped(head), 'regime I(X;T) ± 95 % SE correction h(T) n')
  assert.is(row, 'all     2.5400 ± 0.0200  0.0094     -0.1700  -5.1200  65536')
  assert.match(
    unwrapped(text),
    'The layer keeps 2.54 ± 0.02 of at most 8.32 nats about which input it saw; the raw estimate was 0.17 higher ' +
      'because of the finite replicas.',
  )
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
})

test('columns line up, keys come first, and labels only where there are some', () => {
  const label = { label_mi_corrected: 0.66, label_mi_low: 0.65, label_mi_high: 0.67 }
  const lines = report(answerOf(label), answerOf(at(11.5)))
    .split('\n')
    .slice(2, 5)
  assert.match(lines[0], /^epoch {2}layer {2}regime +I\(X;T\) ± 95 % .* I\(Y;T\) ± 95 % /)
  assert.match(lines[1], /^ {4}3 {6}0 {2}all +2\.5400 ± 0\.0200 .* 0\.6600 ± 0\.0100 /)
  assert.match(lines[2], /^ {4}3 {6}1 {2}all +11\.5000 ± 0\.0200 .* - /)
  assert.equal(new Set(lines.map((line) => line.length)).size, 1)
  assert.not.match(report(answerOf()), 'I(Y;T)')
})

test('what was taken for granted about the inputs is said', () => {
  const sample = answersReport({ answers: [{ keys: {}, answer: answerOf() }], inputs: 'sample', bits: false })
  assert.match(unwrapped(sample), 'are taken as a sample (if they are all there are: --inputs all)')
  const rows = answersReport({ answers: [{ keys: {}, answer: answerOf({ inputs: 65536 }) }], ...nats })
  assert.match(unwrapped(rows), 'every row is an input of its own')
})

test('bits are for the terminal, in every number of information', () => {
  const text = answersReport({ answers: [{ keys: {}, answer: answerOf(at(Math.LN2)) }], inputs: 'all', bits: true })
  assert.match(text, /^Information in bits/)
  assert.match(text, /1\.0000 ± 0\.0289 +0\.0136 +-0\.2453 +-7\.3866/)
  assert.match(unwrapped(text), 'keeps 1.00 ± 0.03 of at most 12.00 bits')
})

test('too few replicas and too few samples are marked, and explained below the table', () => {
  const text = report(answerOf({ step_ratio: 0.8, minimal_samples: 3.4e17, sufficient: false }))
  assert.match(text, /2\.5400 ± 0\.0200 \*.* 65536 < 3\.4e17\n\* too few replicas .*\nn < minimal n: /)
  assert.match(unwrapped(text), 'replicas are too few, and its bias may be larger than the interval.')
  assert.match(report(answerOf({ minimal_samples: 249.2, sufficient: true })), /n, minimal n\n.* 65536 >= 250\n\n/)
})

test('the sentence: a sample of the inputs, with both corrections', () => {
  const row = answerOf({ regime: 'sample', inputs: 200, replica_correction: -0.17, input_correction: 0.3, mi: 2.41 })
  assert.is(
    meaningOf({ ...row, mi_ceiling: Math.log(200) }, false),
    'The layer keeps 2.54 ± 0.02 nats about its input (from 200 inputs no more than 5.30 can be seen); ' +
      'the raw estimate was 0.13 lower: 0.17 higher for the finite replicas, 0.30 lower for the finite inputs.',
  )
})

test('the sentence: a sample at its ceiling says that X may hold more', () => {
  const row = answerOf({ regime: 'sample', inputs: 200, mi_ceiling: Math.log(200), mi_low: null, mi_high: null })
  assert.match(meaningOf(row, false), /^The layer tells all 200 inputs of the sample apart, so that 5\.30 nats is /)
  assert.match(meaningOf(row, false), '--inputs all')
})

test('the sentence: nothing to correct, nothing to see, labels', () => {
  const exact = { regime: 'exact', mi: 2.54, replica_correction: null } as const
  assert.is(
    meaningOf(answerOf({ ...exact, label_mi_corrected: 0.66 }), false),
    'The layer keeps 2.54 ± 0.02 of at most 8.32 nats about which input it saw, 0.66 of them about the label.',
  )
  const none = answerOf({ mi: 0.001, mi_corrected: 0.001, mi_low: -0.003, mi_high: 0.005, label_mi_corrected: 0 })
  assert.is(
    meaningOf(none, false),
    'The layer keeps no information about its input that this can see: 0.00 ± <0.01 nats.',
  )
  assert.is(meaningOf(answerOf({ mi: null, mi_corrected: null }), false), 'There is no estimate of I(X;T).')
})

test('a layer without noise gets the rule and its binned entropy, once', () => {
  const text = unwrapped(report(deterministic()))
  assert.match(text, 'deterministic - - - - 65536')
  assert.match(text, 'I(X;T) is H(S) for finite X (H(X) when S tells all inputs apart) and infinite for continuous X')
  assert.match(text, 'counted in 30 bins for each neuron S has 3.21 nats, and other bins would give another number.')
  assert.not.match(text, 'Warnings')
})

test('up to four groups have a sentence each, more of them one together', () => {
  const four = unwrapped(report(...five(() => ({})).slice(1)))
  for (const layer of [0, 1, 2, 3])
    assert.match(four, `epoch 3, layer ${layer}: The layer keeps ${layer + 2}.00 ± 0.02`)
  const text = unwrapped(report(...five((i) => ({ step_ratio: i > 2 ? 0.7 : 0.5 }))))
  assert.match(
    text,
    'I(X;T) of 5 groups lies between 1.00 ± 0.02 (epoch 3, layer 0) and 5.00 ± 0.02 (epoch 3, layer 4) nats; ' +
      '2 groups with too few replicas to trust the interval.',
  )
  assert.not.match(text, 'The layer keeps')
  const none = unwrapped(report(...five(() => deterministic())))
  assert.match(none, 'None of 5 groups has an estimate of I(X;T); 5 groups without noise')
})

test('the same warning of many groups is one entry with the first of them and their number', () => {
  const text = unwrapped(report(...five((i) => ({ warnings: i > 0 ? [`one sample per x, ${i} of 9`] : [] }))))
  assert.match(
    text,
    'Warnings epoch 3, layer 1; epoch 3, layer 2; epoch 3, layer 3 and 1 more (4 of 5 groups): ' +
      'one sample per x, 1 of 9 (the first of 4 that differ in numbers alone)',
  )
  const alone = answersReport({ answers: [{ keys: {}, answer: answerOf({ warnings: ['raise it'] }) }], ...nats })
  assert.match(alone, /\nWarnings\n {2}raise it$/)
})

test('nothing that a file holds reaches the terminal alive, or pushes the numbers off the screen', () => {
  const keys = { '\u001b[31mrun': '\u202eevil\u0007', long: 'x'.repeat(500) }
  const answer = answerOf({ warnings: ['bad \u001b[2J'] })
  const text = answersReport({ answers: [{ keys, answer }], ...nats })
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f\u202e]/)
  assert.match(text, '\\u{1b}[31mrun')
  assert.match(text, '\\u{202e}evil\\u{7}')
  assert.not.match(text, 'x'.repeat(40))
})

test.run()
