/** The same seed gives the same bytes, times aside; another one does not. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { narrow, scratch, succeed } from './process.js'

const folder = scratch(test)
const kept = ['--save-replicas', '2', '--save-weights']

const runWith = (seed: number, out: string) =>
  succeed(folder, 'run', 'szt', ...narrow, ...kept, '--seed', String(seed), '--out', out)

const bytes = (out: string, file: string) => readFileSync(join(folder, out, file))
const inside = (out: string, part: string) => readdirSync(join(folder, out, part)).map((name) => join(part, name))
const hash = (out: string) => readRunRecord(join(folder, out))!.configuration_hash

/** All rows of a table, without the wall-clock times and without what says which seed it was. */
const rows = (out: string, table: string) =>
  readRows(join(folder, out, table)).map(({ seconds: _, seed: __, ...row }) => row)

test('two processes with one seed write the same rows, samples and weights', async () => {
  await runWith(5, 'first')
  await runWith(5, 'second')
  for (const table of ['training.arrow', 'information.arrow']) assert.equal(rows('first', table), rows('second', table))
  assert.ok(bytes('first', 'training.arrow').equals(bytes('second', 'training.arrow')))
  const files = [...inside('first', 'activations'), ...inside('first', 'weights')]
  assert.is(files.length, 4)
  for (const file of files) assert.ok(bytes('first', file).equals(bytes('second', file)), file)
  assert.is(hash('first'), hash('second'))
})

test('another seed differs everywhere', async () => {
  await runWith(6, 'other')
  for (const file of [...inside('first', 'activations'), ...inside('first', 'weights')]) {
    assert.not.ok(bytes('first', file).equals(bytes('other', file)), file)
  }
  const [one, other] = ['first', 'other'].map((out) => rows(out, 'training.arrow'))
  one.forEach(({ train_loss }, i) => assert.is.not(train_loss, other[i].train_loss))
  const noise = (out: string) => rows(out, 'information.arrow').map(({ h_t_given_x }) => h_t_given_x)
  assert.not.equal(noise('first'), noise('other'))
  assert.is.not(hash('first'), hash('other'))
})

test.run()
