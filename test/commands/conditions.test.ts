/** An experiment of several conditions on the command line: its folder, the runs inside, interruption, replacement, mistakes. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRows } from '../../src/tables/read.js'
import type { TrainingRow } from '../../src/tables/rows.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import type { SimilarityRow } from '../../src/tables/similarity.js'
import { imageFolder } from '../data/idx-files.js'
import { execute, infoflow, mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const layers = '{width: 4, activation: tanh}, {width: 3, activation: tanh}, {width: 2, activation: linear}'
const short = ['--set', `network.layers=[${layers}]`, '--set', 'clustering={inputs: 256, pairs: 64}']
const proxy = ['run', 'proxy', ...short]
const tiny = [...proxy, '--epochs', '7', '--measurements', '7', '--seeds', '1..3', '--set', 'noiseStds=[0.3, 0.01]']

const at = (...parts: string[]) => join(folder, ...parts)
const record = (...parts: string[]) => readRunRecord(at(...parts))!
const names = ['deterministic', 'noise-0.01', 'noise-0.3']

test('a folder for the whole, an ordinary run in it for each condition', async () => {
  const { stdout, stderr } = await succeed(folder, ...tiny, '--out', 'whole')
  assert.match(stderr, /^proxy \(quick\): 3 conditions of 3 seeds \(1\.\.3\), 7 epochs; expected time /m)
  assert.match(
    stderr,
    /^condition 2 of 3: noise 0\.01\n(.*\n)* {2}noise 0\.01: test error .* after epoch 7, noise off$/m,
  )
  assert.match(stdout, /^Test error, %, epoch 7 +mean +- deterministic, paired\n {2}deterministic +\d+\.\d\d ± /)
  assert.match(stdout, /^Claims; the bounds of 1 point and 0\.9 are ours$/m)
  assert.match(stdout, /\nWritten\n( {2}whole\/.*\n)*.*whole\/similarity\.arrow +cosine similarity to the reference/)

  const tables = ['clustering.arrow', 'similarity.arrow', 'run.json', 'test-errors.svg'].map((name) => [
    name,
    existsSync(at('whole', name)),
    existsSync(at('whole', 'noise-0.3', name)),
  ])
  assert.equal(tables, [
    ['clustering.arrow', false, true],
    ['similarity.arrow', true, false],
    ['run.json', true, true],
    ['test-errors.svg', true, false],
  ])
  const { status, conditions, reproduce, expected_seconds } = record('whole')
  assert.equal([status, conditions, Number(expected_seconds) > 0], ['finished', names, true])
  for (const name of names) {
    const inner = record('whole', name)
    assert.equal([inner.status, inner.reproduce], ['finished', reproduce])
    assert.is((inner.configuration as { noise: { std: number } }).noise.std, Number(/[\d.]+$/.exec(name)?.[0] ?? 0))
    assert.is(readRows<TrainingRow>(at('whole', name, 'training.arrow')).filter(({ epoch }) => epoch === 7).length, 3)
    assert.not(readdirSync(at('whole', name)).some((file) => file.endsWith('.arrows')))
  }
  const rows = readRows<SimilarityRow>(at('whole', 'similarity.arrow'))
  assert.is(rows.length, 2 * 3 * 8 * 2, 'conditions, seeds, epochs 0 to 7, layers')
  assert.ok(rows.filter(({ epoch }) => epoch === 0).every(({ cosine_q05 }) => cosine_q05 === 1))
})

test('the command that is told gives the same rows again', async () => {
  const words = String(record('whole').reproduce)
    .match(/'[^']*'|\S+/g)!
    .map((word) => word.replaceAll("'", ''))
  await succeed(folder, ...words.slice(1), '--out', 'again')
  const rows = (name: string) => readRows<SimilarityRow>(at(name, 'similarity.arrow'))
  assert.equal(rows('again'), rows('whole'))
})

test('compare takes the conditions as conditions, in their order', async () => {
  const { stdout } = await succeed(folder, 'compare', 'whole')
  assert.match(stdout, /deterministic: 3 seeds \(1 to 3\), to epoch 7; no estimate of I\(X;T\); the\s+reference/)
  const lines = [...stdout.matchAll(/^ {2}(deterministic|noise-0\.01|noise-0\.3) +\d/gm)].map(([, name]) => name)
  assert.equal(lines, names)
})

test('--force replaces all of it, also conditions that are no more; what is not ours stays', async () => {
  writeFileSync(at('again', 'noise-0.3', 'mine.txt'), 'mine')
  assert.match(await mistake(folder, ...tiny, '--out', 'again'), /^infoflow: again: holds a run \(finished\): /)
  const other = [...proxy, '--epochs', '1', '--measurements', '1', '--seeds', '5', '--set', 'noiseStds=[0.2]']
  const { stdout } = await succeed(folder, ...other, '--out', 'again', '--force')
  assert.match(stdout, /One seed: no intervals, and nothing said of other seeds/)
  assert.equal(record('again').conditions, ['deterministic', 'noise-0.2'])
  assert.equal(readdirSync(at('again', 'noise-0.3')), ['mine.txt'])
  assert.not(existsSync(at('again', 'noise-0.01')))
  assert.equal(new Set(readRows<SimilarityRow>(at('again', 'similarity.arrow')).map(({ seed }) => seed)), new Set([5]))
})

test('Ctrl-C in the second condition: what there is is kept, and told', async () => {
  let sent = false
  const told = (text: string, end: (signal: NodeJS.Signals) => void) => {
    if (sent || !/^condition 2 of 3/m.test(text)) return
    sent = true
    end('SIGINT')
  }
  const long = [...proxy, '--epochs', '400', '--measurements', '2', '--seeds', '1', '--set', 'noiseStds=[0.3, 0.01]']
  const { code, stdout, stderr } = await execute([...infoflow, ...long, '--out', 'cut'], { cwd: folder, told })
  assert.is(code, 130, stderr)
  const statuses = ['cut', 'cut/deterministic', 'cut/noise-0.01'].map((path) => record(path).status)
  assert.equal(statuses, ['interrupted', 'finished', 'interrupted'])
  assert.not(existsSync(at('cut', 'noise-0.3')))
  assert.match(stdout, /^Test error, %, epoch 400 +mean\n {2}deterministic +\d/)
  assert.match(stdout.replace(/\s+/g, ' '), /Not finished, and left out here: noise 0\.01, noise 0\.3\./)
  assert.not.match(stdout, /noise-0\.3\//)
  assert.match(stderr, /^interrupted: .* kept in cut\/noise-0\.01$/m)
  assert.match(readFileSync(at('cut', 'run.json'), 'utf8'), /"interrupted"/)
})

test('a loss that diverges ends it; the conditions before it, and the table of all, stay', async () => {
  const relu = `network.layers=[${layers.replaceAll('tanh', 'relu')}]`
  const wild = [
    '--set',
    relu,
    '--set',
    'training.optimiser=sgd',
    '--set',
    'training.learningRate=1e15',
    '--epochs',
    '3',
  ]
  const line = await mistake(folder, ...proxy, ...wild, '--measurements', '2', '--seeds', '1', '--out', 'wild')
  assert.match(line, /^infoflow: training: the loss of seed 1 is \S+ at epoch \d: it has diverged/)
  assert.equal([record('wild').status, record('wild', 'deterministic').status], ['failed', 'failed'])
  assert.ok(existsSync(at('wild', 'similarity.arrow')))
})

test('mistakes about data and noises are one line before any work', async () => {
  assert.match(
    await mistake(folder, 'run', 'mnist', '--data', 'nowhere'),
    /^infoflow: nowhere: no such folder: expected one with the four IDX files/,
  )
  const incomplete = imageFolder(at('incomplete'), { 't10k-labels-idx1-ubyte': null })
  assert.match(await mistake(folder, 'run', 'mnist', '--data', incomplete), /no t10k-labels-idx1-ubyte or .*\.gz/)
  const few = await mistake(folder, 'run', 'mnist', '--data', imageFolder(at('few')))
  assert.match(few, /data\.trainImages: 4000 is not a whole number from 1 to 5, the training images there are/)
  assert.match(
    await mistake(folder, 'run', 'szt', '--data', 'few'),
    /--data: 'few' is not a key of szt, .*only of mnist/,
  )
  assert.match(await mistake(folder, 'run', 'proxy', '--set', 'noise.std=0.1'), /give noiseStds/)
  assert.match(await mistake(folder, 'run', 'szt', '--set', 'noiseStds=[1]'), /only of noise-levels, proxy, mnist/)
  assert.equal(existsSync(at('results')) && readdirSync(at('results')).length > 0, false, 'and leave nothing behind')
})

test.run()
