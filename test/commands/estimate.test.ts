/** infoflow estimate, from the words typed to the answers on terminal, as JSON and as a table. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { estimateOptions } from '../../src/commands/estimate-options.js'
import { answersJson, checkOut } from '../../src/commands/estimate-output.js'
import { GroupProgress } from '../../src/commands/estimate-progress.js'
import { readRequest } from '../../src/commands/estimate-request.js'
import { estimateInformation, InputError, openMachine, readSamples } from '../../src/index.js'
import type { InformationAnswer } from '../../src/information/answer.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import type { InformationRow } from '../../src/tables/rows.js'
import { answerOf } from '../report/answers.js'
import { execute, infoflow, lastLine, mistake, narrow, scratch, succeed } from './process.js'

type Group = { epoch: number } & InformationAnswer
interface Printed {
  answers: Group[]
  warnings: { epoch: number; warning: string }[]
}

const folder = scratch(test)
let printed: Group[] = []

/** S is -1 or 1 at epoch 1, 0 at epoch 0; the label is the input. */
const points = join(folder, 'points.csv')
const rows = [-1, 1].flatMap((s, x) => [0, 1].map((epoch) => `${epoch},${x},${x},${epoch * s}`))
writeFileSync(points, `epoch,x,y,s0\n${rows.join('\n')}\n`)
const bpsk = 0.33683082 // I of -1 or 1 in noise of standard deviation 1, by quadrature
const asked = ['estimate', points, '--noise-std', '1', '--inputs', 'all', '--by', 'epoch']

test('numbers, names and switches are what was typed; the rest is left to those who know', () => {
  const typed = {
    samples: 'a.npz',
    'noise-std': '1e-2',
    by: 'epoch, layer',
    batches: '8',
    seed: '7',
    x: 'image',
    json: true,
  }
  const { columns, options, json, force } = readRequest(typed)
  assert.equal(columns, { s: undefined, x: 'image', y: undefined, weights: undefined, by: ['epoch', 'layer'] })
  assert.equal([options.noiseStd, options.inputs, options.batches, options.seed], [0.01, 'sample', 8, 7])
  assert.equal([options.tolerance, options.certificate, options.replicas], [undefined, undefined, undefined])
  assert.equal([json, force], [true, false])
  assert.is(readRequest({ samples: 'a.npz', 'noise-std': '0' }).options.noiseStd, 0)
})

test('a noise-std that is missing or no such number is explained', () => {
  const meaning = /the standard deviation of the layer's own Gaussian noise, in the units of s: a number >= 0/
  const told = (typed: object) => said(() => readRequest({ samples: 'a.npz', ...typed }))
  assert.match(told({}), /^--noise-std: not given, expected /)
  assert.match(told({}), meaning)
  for (const wrong of ['-0.1', 'abc', 'NaN', 'Infinity', '0x10', '1e999', '1,5']) {
    assert.ok(told({ 'noise-std': wrong }).startsWith(`--noise-std: '${wrong}' is not the standard`), wrong)
  }
  assert.is(told({ 'noise-std': ['1', '2'] }), '--noise-std: given 2 times, expected once')
})

test('every other wrong value is quoted, with what was expected', () => {
  const told = (typed: object) => said(() => readRequest({ samples: 'a.npz', 'noise-std': '1', ...typed }))
  assert.match(told({ inputs: 'some' }), /^--inputs: 'some' is not 'all' .* or 'sample'/)
  assert.is(told({ tolerance: '0' }), "--tolerance: '0' is not a number > 0, in nats")
  assert.is(told({ certificate: '-1e-6' }), "--certificate: '-1e-6' is not a number >= 0, in nats")
  assert.is(told({ batches: '1' }), "--batches: '1' is not a whole number >= 2")
  assert.is(told({ replicas: '2.5' }), "--replicas: '2.5' is not a whole number >= 1")
  assert.is(told({ seed: '4294967296' }), "--seed: '4294967296' is not a whole number <= 4294967295")
  assert.is(told({ by: 'a,' }), "--by: 'a,' is not a list of columns, such as epoch,layer")
  assert.is(told({ by: 'a,b,a' }), "--by: 'a' is named twice in 'a,b,a', expected once")
})

test('mistakes on the command line are one line', async () => {
  assert.match(await mistake(folder, 'estimate'), /^infoflow: estimate: no file given, .*--noise-std 0\.1$/)
  assert.is(
    await mistake(folder, 'estimate', points, '--noise-sdt', '1'),
    "infoflow: unknown option '--noise-sdt': did you mean '--noise-std'?",
  )
  assert.match(await mistake(folder, 'estimate', points, '--noise-std', '-0.1'), /'-0.1' is not the standard deviation/)
})

test('--out is refused before anything is read, where it would fail or destroy', async () => {
  const own = join(folder, 'own.arrow')
  writeFileSync(own, 'mine')
  const told = (out: string, more: object = {}) =>
    said(() => checkOut(readRequest({ samples: own, 'noise-std': '1', out, ...more })))
  assert.match(told('answers.csv'), /--out: 'answers.csv' does not end in .arrow/)
  assert.match(told(join(folder, 'none/answers.arrow')), /none\/answers.arrow: cannot write the table: no such folder/)
  assert.match(told(own, { samples: points }), /own.arrow' exists: .*--force$/)
  assert.match(told(own, { force: true }), /own.arrow' holds the samples: choose another name/)
  assert.is(told(own, { samples: points, force: true }), 'no mistake')
  const line = await mistake(folder, 'estimate', 'none.npz', '--noise-std', '1', '--out', 'own.arrow')
  assert.match(line, /'own.arrow' exists/)
})

test('a mistake in the file comes before any adapter is opened', async () => {
  const { code, stderr } = await execute([...infoflow, 'estimate', 'none.npz', '--noise-std', '1'], { cwd: folder })
  assert.is(code, 2)
  assert.match(stderr, /^infoflow: [^\n]*none\.npz[^\n]*\n$/)
})

test('--help teaches: what s is, four examples, every option with a number, a choice or an example', async () => {
  const { stdout, stderr } = await succeed(folder, 'estimate', '--help')
  assert.is(stderr, '')
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
  assert.match(stdout, "the value BEFORE the layer's own noise")
  assert.match(stdout, 'information is in nats')
  assert.ok([...stdout.matchAll(/^ {2}infoflow estimate \S+ --\S.*$/gm)].length >= 4)
  for (const name of Object.keys(estimateOptions)) assert.match(stdout, new RegExp(`^ +--?${name} +\\S`, 'm'))
})

test('JSON: keys, fields, warnings by group, null for what is no number', () => {
  const answer = answerOf({ mi_ceiling: Infinity, kt_lower: NaN, warnings: ['a', 'b'] })
  const printed = JSON.parse(
    answersJson([
      { keys: { epoch: 3 }, answer },
      { keys: { epoch: 4 }, answer: answerOf() },
    ]),
  )
  assert.equal(Object.keys(printed), ['answers', 'warnings'])
  assert.equal(Object.keys(printed.answers[0]), ['epoch', ...Object.keys(answer)])
  assert.equal([printed.answers[0].mi_ceiling, printed.answers[0].kt_lower], [null, null])
  assert.equal(
    printed.warnings,
    ['a', 'b'].map((warning) => ({ epoch: 3, warning })),
  )
})

test('progress: on a terminal drawn over itself, with the time left at the pace so far', () => {
  let [now, drawn] = [0, '']
  const stream = { isTTY: true, columns: 60, write: (text: string) => (drawn += text) }
  const progress = new GroupProgress([1, 3, 4], { stream, environment: {}, now: () => now })
  progress.begin(0, 'epoch 0')
  assert.is(drawn, '\r\x1b[2Kestimating group 1 of 3 (epoch 0)  0:00')
  now = 10_000
  progress.begin(1, 'epoch 1')
  assert.match(drawn, /group 2 of 3 \(epoch 1\) {2}0:10, about 1:10 left$/)
  progress.stop()
  assert.ok(drawn.endsWith('\r\x1b[2K'))
})

test('progress: elsewhere a plain line every ten seconds at most', () => {
  let [now, told] = [0, '']
  const progress = new GroupProgress([1, 1, 1], { stream: { write: (text: string) => (told += text) }, now: () => now })
  progress.begin(0, '')
  now = 4_000
  progress.begin(1, '')
  now = 12_000
  progress.begin(2, '')
  progress.stop()
  assert.is(told, 'estimating group 3 of 3  0:12, about 0:06 left\n')
})

test('to the terminal: adapter and what was read first, then the table and what it means', async () => {
  const { stdout, stderr } = await succeed(folder, ...asked)
  const [adapter, read] = stderr.split('\n')
  assert.match(adapter, /^adapter: .+ - (GPU|software), /)
  assert.ok(
    read.endsWith(
      '4 rows of 1 number, 2 inputs a group, 2 labels a group, 2 groups (epoch); the inputs are taken as all there are',
    ),
    read,
  )
  assert.match(stdout, /^Information in nats; [^.]* taken as all there\s+are\.\n\nepoch {2}regime +I\(X;T\) ± 95 % /)
  assert.match(stdout, /\n {4}1 {2}exact +0\.3\d+ ± /)
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /epoch 1: The layer keeps 0\.3\d ± \S+ of at most 0\.35 nats about which input/,
  )
  for (const text of [stdout, stderr]) assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f]/)
})

test('--json prints that and nothing else; the values are those of quadrature; --out holds the same', async () => {
  const out = join(folder, 'answers.arrow')
  const { stdout } = await succeed(folder, ...asked, '--tolerance', '0.02', '--json', '--bits', '--out', out)
  const { answers, warnings } = JSON.parse(stdout) as Printed
  printed = answers
  assert.equal(
    answers.map(({ epoch, regime }) => [epoch, regime]),
    [
      [0, 'exact'],
      [1, 'exact'],
    ],
  )
  for (const { epoch, mi_corrected, mi_se, mi_low, mi_high, numerical_error, label_mi_corrected } of answers) {
    assert.ok(Math.abs(mi_corrected! - epoch * bpsk) <= 4 * mi_se! + numerical_error! + 1e-9, `${mi_corrected}`)
    assert.ok(mi_high! - mi_low! <= 2 * 0.02 + 1e-9)
    assert.ok(Math.abs(mi_corrected! - label_mi_corrected!) < 1e-6, 'the label is the input')
  }
  assert.ok(Array.isArray(warnings))
  assert.equal(JSON.parse(JSON.stringify(readRows(out))), answers)
  assert.is(inspectTable(out).schema.metadata.get('table'), 'estimates')
  const { stderr } = await succeed(folder, ...asked, '--out', out, '--force')
  assert.is(lastLine(stderr), `written: ${out}`)
  assert.not.ok(existsSync(`${out}.tmp`))
})

test('without noise nothing is estimated, no adapter is needed, and that is no mistake', async () => {
  const typed = ['estimate', points, '--noise-std', '0', '--by', 'epoch']
  const { stdout, stderr } = await succeed(folder, ...typed, '--json')
  assert.match(stderr, /^adapter: none needed/)
  const { answers } = JSON.parse(stdout) as Printed
  assert.equal(
    answers.map(({ regime, mi, mi_corrected }) => [regime, mi, mi_corrected]),
    [
      ['deterministic', null, null],
      ['deterministic', null, null],
    ],
  )
  const [still, apart] = answers.map(({ binned_entropy }) => binned_entropy!)
  assert.ok(Math.abs(still) < 1e-12 && Math.abs(apart - Math.LN2) < 1e-12, `${still}, ${apart}`)
})

test('the samples that a run kept give its own I(X;T) again, network by network', async () => {
  const kept = ['--seeds', '1,2', '--set', 'noise.std=0.1', '--save-replicas', '8']
  await succeed(folder, 'run', 'szt', ...narrow, ...kept, '--out', 'run')
  const rows = readRows<InformationRow>(join(folder, 'run/information.arrow')).filter(({ layer }) => layer === 2)
  const told = new Map(rows.map((row) => [`${row.seed} ${row.epoch}`, row]))
  const file = join(folder, 'run/activations/layer-2.arrow')
  const typed = ['estimate', file, '--noise-std', '0.1', '--inputs', 'all', '--by', 'seed,epoch', '--json']
  const { answers } = JSON.parse((await succeed(folder, ...typed)).stdout) as { answers: (Group & { seed: number })[] }
  assert.is(answers.length, 4)
  assert.is(told.size, 4)
  for (const { seed, epoch, mi_corrected, mi_se, numerical_error, certificate, inputs, regime } of answers) {
    assert.equal([inputs, regime], [4096, 'all'])
    const row = told.get(`${seed} ${epoch}`)!
    const error = numerical_error! + certificate! + row.numerical_error! + row.certificate!
    const allowed = 4 * Math.hypot(mi_se!, row.mi_se!) + error
    assert.ok(Math.abs(mi_corrected! - row.mi_corrected!) <= allowed, `${mi_corrected}, ${row.mi_corrected}`)
  }
})

test('the library gives the same record', async () => {
  const [, { keys, samples }] = await readSamples(points, { by: ['epoch'] })
  const machine = await openMachine()
  const answer = await estimateInformation(machine, samples, { noiseStd: 1, inputs: 'all', tolerance: 0.02 })
  machine.destroy()
  assert.equal({ ...keys, ...answer, seconds: 0 }, { ...printed[1], seconds: 0 })
})

test.run()

/** The message of the InputError that `work` throws. */
function said(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return 'no mistake'
}
