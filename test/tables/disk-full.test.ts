import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { testIf } from '../skip.js'
import { scratchFolder, trainingRow } from './sample-run.js'

const folder = scratchFolder(test)
const writer = fileURLToPath(new URL('endless-writer.ts', import.meta.url))
const hasLimits = spawnSync('bash', ['-c', 'ulimit -f 64']).status === 0

const starved = () => {
  const out = join(folder, 'full')
  const command = 'ulimit -f 64; exec "$0" --import tsx "$1" "$2"'
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, writer, out], { encoding: 'utf8' })
  assert.is(status, 2, stderr)
  assert.match(stderr, /^\S+arrows: cannot write \d+ bytes: the file-size limit is reached [^\n]*\n$/)
  assert.match(stderr, /\(EFBIG\); the \d+ rows before it are kept, readable; raise the limit/)
  assert.is(readRunRecord(out)?.status, 'failed')
  assert.not(existsSync(join(out, 'training.arrows')))
  const rows = readRows(join(out, 'training.arrow'))
  assert.equal(
    rows,
    rows.map((_, epoch) => trainingRow(epoch)),
  )
  const samples = join(out, 'activations', readdirSync(join(out, 'activations'))[0])
  assert.is(readRows(samples).length, 100 * Number(/the (\d+)00 rows/.exec(stderr)![1]))
  assert.not(inspectTable(samples).cut, 'the half-written batch is cut off')
}
testIf(
  hasLimits,
  'no bash with ulimit -f',
  test,
  'no room for the next batch: one line, and all before it is kept',
  starved,
)

test.run()
