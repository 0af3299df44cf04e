/** Runs that end in the middle: what they had recorded is kept, and whoever waits is told so. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inspectTable, readRows } from '../../src/tables/read.js'
import type { InformationRow, TrainingRow } from '../../src/tables/rows.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { testIf } from '../skip.js'
import { coarsest, execute, infoflow, lastLine, mistake, scratch, small } from './process.js'

const folder = scratch(test)
const endless = ['run', 'szt', '--seed', '1', ...small, ...coarsest, '--epochs', '1000000', '--measurements', '60']

/** A line of progress with the epoch and the loss, after the first epochs of training. */
const firstMeasurement = /^ +[1-9]\d* +0\.\d+ +\d/m

/** The endless run, sent `signal` once as soon as it has said what `when` looks for. */
function endWhen(when: RegExp, signal: NodeJS.Signals, out: string) {
  let sent = false
  const told = (stderr: string, end: (signal: NodeJS.Signals) => void) => {
    if (sent || !when.test(stderr)) return
    sent = true
    end(signal)
  }
  return execute([...infoflow, ...endless, '--out', out], { cwd: folder, told })
}

const status = (out: string) => readRunRecord(join(folder, out))?.status
const training = (out: string, ending: string) => readRows<TrainingRow>(join(folder, out, `training.${ending}`))
const information = (out: string, ending: string) =>
  readRows<InformationRow>(join(folder, out, `information.${ending}`))

/** The epochs of the lines of progress. */
const epochsTold = (stderr: string) => [...stderr.matchAll(/^ +(\d+) +0\.\d+ +\d/gm)].map((match) => Number(match[1]))

test('Ctrl-C in the middle: exit code 130, whole tables, and a line that says what they hold', async () => {
  const { code, stdout, stderr } = await endWhen(firstMeasurement, 'SIGINT', 'interrupted')
  assert.is(code, 130, stderr)
  assert.match(stderr, /^interrupted: finishing the tables/m)
  const [evaluations, measurements] = [training('interrupted', 'arrow'), information('interrupted', 'arrow')]
  const { epoch } = evaluations.at(-1)!
  assert.equal(
    measurements.map((row) => row.epoch),
    epochsTold(stderr),
  )
  const kept = `${measurements.length} measurements and ${evaluations.length} evaluations up to epoch ${epoch}`
  const told = [`interrupted: ${kept}, kept in interrupted`, 'to go on: infoflow run interrupted --resume']
  assert.equal(stderr.trimEnd().split('\n').slice(-2), told)
  assert.ok(epoch < 1_000_000 && measurements.length >= 2)
  assert.is(status('interrupted'), 'interrupted')
  assert.match(stdout, /\nWritten\n(.*\n)* +interrupted\/information\.arrow /)
  const files = readdirSync(join(folder, 'interrupted'))
  assert.ok(files.includes('information.svg') && !files.some((name) => name.endsWith('.arrows')), files.join())
})

test('Ctrl-C before the first epoch: exit code 130, and no folder', async () => {
  const { code, stderr, stdout } = await endWhen(/^adapter: /, 'SIGINT', 'early')
  assert.equal([code, stdout], [130, ''], stderr)
  assert.is(lastLine(stderr), 'interrupted before the first epoch: nothing was written')
  assert.not(existsSync(join(folder, 'early')))
})

test('killed in the middle: every row that was told is in the streams', async () => {
  const { signal, stderr } = await endWhen(firstMeasurement, 'SIGKILL', 'killed')
  assert.is(signal, 'SIGKILL', stderr)
  const rows = information('killed', 'arrows')
  const told = epochsTold(stderr)
  assert.ok(told.length >= 2)
  assert.equal(
    rows.slice(0, told.length).map((row) => row.epoch),
    told,
  )
  assert.ok(rows.every(({ mi }) => mi! > 0))
  assert.ok(training('killed', 'arrows').length >= told.length)
  assert.is(status('killed'), 'running')
  assert.match(
    await mistake(folder, ...endless, '--out', 'killed'),
    /killed: holds a run \(running or killed\): choose another --out DIR, go on with it with --resume, or/,
  )
})

const limited = ['bash', '-c', 'ulimit -f 300; exec "$0" "$@"']
const hasLimits = spawnSync(limited[0], ['-c', 'ulimit -f 300']).status === 0

testIf(
  hasLimits,
  'no bash with ulimit -f',
  test,
  'no room for more: one line, exit code 2, all before it kept',
  async () => {
    const words = [...limited, ...infoflow, ...endless, '--save-replicas', '1', '--out', 'full']
    const { code, stderr, stdout } = await execute(words, { cwd: folder })
    assert.equal([code, stdout], [2, ''], stderr)
    const reason = 'the file-size limit is reached \\(see ulimit -f\\) \\(EFBIG\\)'
    const line = `full/activations/layer-1\\.arrows: cannot write \\d+ bytes: ${reason}; the (\\d+) rows before it are kept`
    assert.match(stderr, /^to go on, when that is mended: infoflow run full --resume$/m)
    const [, kept] = RegExp(`^infoflow: ${line}, readable; raise the limit`).exec(lastLine(stderr)) ?? []
    assert.is(stderr.match(/infoflow: /g)!.length, 1, stderr)
    assert.ok(Number(kept) >= 4096 && Number(kept) % 4096 === 0, stderr)
    assert.is(readRows(join(folder, 'full/activations/layer-1.arrow')).length, Number(kept))
    assert.not(inspectTable(join(folder, 'full/activations/layer-1.arrow')).cut)
    assert.is(information('full', 'arrow').length, Number(kept) / 4096 + 1)
    assert.ok(training('full', 'arrow').length >= Number(kept) / 4096)
    assert.is(status('full'), 'failed')
  },
)

test.run()
