/** infoflow show and infoflow list: runs of every kind and state, as they lie on disk. */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listText } from '../../src/commands/perform-list.js'
import { showText } from '../../src/commands/perform-show.js'
import { InputError } from '../../src/errors.js'
import { RunRecorder } from '../../src/tables/recorder.js'
import { root } from '../example.js'
import { informationRow, metadata, trainingRow } from '../tables/sample-run.js'
import { mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const reference = join(root, 'results/reference')
const terminal = { width: 80, ascii: false }

/** A copy of a committed run; `change` edits its run.json. */
function copyOf(run: string, name: string, change: Record<string, unknown> = {}): string {
  const copy = join(folder, name)
  mkdirSync(copy, { recursive: true })
  for (const file of readdirSync(join(reference, run))) {
    if (/\.arrow$/.test(file)) copyFileSync(join(reference, run, file), join(copy, file))
  }
  const record = JSON.parse(readFileSync(join(reference, run, 'run.json'), 'utf8')) as object
  writeFileSync(join(copy, 'run.json'), JSON.stringify({ ...record, ...change }))
  return copy
}

const flat = (text: string) => text.replace(/\s+/g, ' ')

test('show: head, charts, the closing table and where things are, in 80 columns but for names', async () => {
  const { stdout, stderr } = await succeed(root, 'show', 'results/reference/szt-quick')
  assert.is(stderr, '')
  for (const part of [
    'finished; 2026-11-24 02:06 UTC; 2 min 43 s; szt (quick), seeds 1..2, 10000 epochs',
    'reproduce: infoflow run szt --seeds 1..2',
    'I(X;T), layer 5 (3 neurons) [nats]',
    'layer 5 (3 neurons) 2.172 ± 1.358 4.175 ± 1.797 2.349 ± 5.100',
    'results/reference/szt-quick/information.arrow I(X;T) by epoch and layer',
    'Warnings',
    'Time 2 min 54 s',
  ]) {
    assert.ok(flat(stdout).includes(part), part)
  }
  const wide = stdout.split('\n').filter((line) => line.length > 80)
  assert.equal(
    wide.filter((line) => !/^reproduce: |^ {2}results\//.test(line)),
    [],
  )
  const plain = showText(join(reference, 'szt-quick'), { width: 80, ascii: true })
  assert.match(plain, /^[\x20-\x7e\n]*$/)
  assert.is(plain.split('\n').length, stdout.trimEnd().split('\n').length)
})

test('show: experiments without a network, with tables of their own, of several conditions, without noise', () => {
  const shown = (name: string) => showText(join(reference, name), terminal)
  assert.match(shown('mixture'), /RMSE of h\(T\), nats, n = 1024/)
  assert.match(shown('reed-muller'), /RM\(/)
  assert.match(shown('spiral'), /h\(T\) of layer 3/)
  const several = flat(shown('mnist-quick'))
  assert.match(
    several,
    /Runs inside deterministic \(finished\): .* noise-0\.1 \(finished\): .* dropout-0\.2 \(finished\): /,
  )
  assert.match(several, /infoflow compare \S+mnist-quick all side by side/)
  assert.match(shown('szt-deterministic'), /H\(Bin\(S\)\), layer 5, bins 0\.1 \[nats\]/)
})

test('show: a run that goes on, one that was interrupted, one that failed', () => {
  const going = join(folder, 'going')
  mkdirSync(going)
  const recorder = new RunRecorder(going, [1], metadata)
  for (const epoch of [0, 1, 2]) recorder.training(trainingRow(epoch))
  for (const epoch of [0, 1]) recorder.information(informationRow(epoch, 1))
  writeFileSync(join(going, 'run.json'), JSON.stringify({ status: 'running', started: '2026-01-01T00:00:00.000Z' }))
  const stream = join(going, 'training.arrows')
  truncateSync(stream, readFileSync(stream).length - 5)
  const text = flat(showText(going, terminal))
  assert.match(text, /goes on, or was killed: last written [\d.]+ (s|min|h)/)
  assert.match(text, /After epoch 1, noise off/)
  assert.match(text, 'training.arrows losses and accuracies by epoch')
  assert.match(
    flat(showText(copyOf('szt-quick', 'stopped', { status: 'interrupted' }), terminal)),
    /stopped: .* interrupted; /,
  )
  const failed = copyOf('szt-quick', 'failed', { status: 'failed', error: 'the loss is no number\u001b[2J' })
  const said = showText(failed, terminal)
  assert.match(flat(said), /failed; .* the loss is no number\\u\{1b\}\[2J/)
  assert.not.match(said, '\u001b')
})

test('show: a damaged run shows what is there and says what is not', () => {
  const damaged = copyOf('szt-quick', 'damaged')
  rmSync(join(damaged, 'run.json'))
  truncateSync(join(damaged, 'information.arrow'), 1000)
  const text = flat(showText(damaged, terminal))
  assert.match(text, /damaged .*After epoch 10000, noise off/)
  assert.match(
    text,
    /Missing run\.json is missing or cannot be read: .*information\.arrow: an Arrow file without its footer/,
  )
  assert.not.match(text, 'run.json configuration')
  assert.throws(
    () => showText(folder + '/nothing', terminal),
    (error: Error) => error instanceof InputError,
  )
  mkdirSync(join(folder, 'empty'))
  assert.throws(
    () => showText(join(folder, 'empty'), terminal),
    /empty: not a run's folder: expected run\.json and tables/,
  )
})

test('list: the runs of a folder, the newest last, with what came of each', () => {
  const runs = join(folder, 'runs')
  copyOf('szt-quick', 'runs/szt-002', { started: '2026-11-25T00:00:00.000Z', ended: '2026-11-25T00:01:00.000Z' })
  copyOf('szt-quick', 'runs/szt-010', { started: '2026-11-23T00:00:00.000Z', ended: '2026-11-23T01:00:00.000Z' })
  const killed = copyOf('noise-levels', 'runs/killed', {
    status: 'running',
    started: '2026-11-26T00:00:00.000Z',
    ended: undefined,
  })
  for (const file of readdirSync(killed))
    utimesSync(join(killed, file), new Date(), new Date('2026-11-26T00:02:00.000Z'))
  mkdirSync(join(runs, 'no-run'))
  const bare = copyOf('binning', 'runs/\u001b]0;bare')
  rmSync(join(bare, 'run.json'))
  const lines = listText(runs, { json: false }).split('\n')
  const heads = lines.filter((line) => !line.startsWith(' '))
  assert.equal(heads, [
    '\\u{1b}]0;bare  damaged',
    'szt-010  finished  2026-11-23 00:00 UTC  1 h 00 min',
    'szt-002  finished  2026-11-25 00:00 UTC  1 min 00 s',
    'killed  running  2026-11-26 00:00 UTC  2 min 00 s',
  ])
  const text = flat(lines.join(' '))
  assert.match(
    text,
    'szt (quick), seeds 1..2, 10000 epochs, SwiftShader Device (Subzero) I(X;T) of layer 5 fell 1.83 ± 3.30 nats',
  )
  assert.match(
    text,
    /goes on, or was killed: last written .* ago; I\(X;T\) of layer 5 ended at its highest, 3\.98 nats/,
  )
  const told = JSON.parse(listText(runs, { json: true })) as Record<string, unknown>[]
  assert.equal(told.map(({ status, seeds, epochs, seconds }) => [status, seeds, epochs, seconds]).slice(1), [
    ['finished', [1, 2], 10_000, 3600],
    ['finished', [1, 2], 10_000, 60],
    ['running', [1], 300, 120],
  ])
})

test('list: runs of conditions under the run that they belong to; an empty folder; none at all', async () => {
  const text = listText(reference, { json: false })
  assert.match(text, /^mnist-quick {2}finished/m)
  assert.match(text, /3 runs inside: deterministic, noise-0\.1, dropout-0\.2/)
  assert.not.match(text, /^mnist-quick.noise/m)
  assert.match(text, /^szt-full.seed-2 {2}finished/m)
  mkdirSync(join(folder, 'hollow'))
  assert.throws(() => listText(join(folder, 'hollow'), { json: false }), /hollow: no runs in it/)
  assert.is(listText(join(folder, 'hollow'), { json: true }), '[]')
  assert.match(await mistake(folder, 'list', 'nowhere'), /nowhere: cannot be read \(ENOENT\)/)
  assert.match(await mistake(folder, 'show'), 'show: no run given')
})

test.run()
