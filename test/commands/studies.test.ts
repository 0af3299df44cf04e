/** Experiments without a network on the command line: a whole run in small, its folder, and what is refused. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import type { MixtureRow, ReedMullerRow } from '../../src/tables/study-schema.js'
import { execute, infoflow, mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const sets = (...texts: string[]) => texts.flatMap((text) => ['--set', text])

const codes = [
  'run',
  'reed-muller',
  ...sets('codes=[[1,2],[2,2]]', 'snrs=[0]', 'queries=512'),
  ...sets('sampled.codes=[[2,2]]', 'sampled.snrs=[0]', 'sampled.samples=[32]', 'sampled.repetitions=2'),
]

const corners = sets('corners.dimensions=[2]', 'corners.queriesEach=[4,16]', 'corners.repetitions=3')
const few = [...sets('dimensions=[2]', 'noiseStds=[1]', 'truncated=[true]', 'samples=[32]', 'queries=256'), ...corners]

const values = (rows: ReedMullerRow[]) => rows.map(({ mi, low, high, estimator }) => [estimator, mi, low, high])

test('reed-muller from the first line to the last, and again by the command in run.json', async () => {
  const { stdout, stderr } = await succeed(folder, ...codes, '--out', 'codes', '--seed', '7')
  assert.match(stderr, /^reed-muller \(quick\), seed 7: 8 estimates; expected time \d/m)
  assert.match(stderr, /^RM\(1,2\): 8 words of 4 bits, at least 2 of them different$/m)
  assert.match(stdout, /^I\(S;S\+Z\) \/ d, nats a use .*RM\(1,2\) .*RM\(2,2\)$/m)
  assert.match(stdout, /\nWritten\n(.*\n)* +codes\/reed-muller\.arrow /)
  const files = ['reed-muller.arrow', 'reed-muller.png', 'reed-muller.svg', 'reed-muller.vl.json', 'run.json']
  assert.equal(readdirSync(join(folder, 'codes')).sort(), files)
  const rows = readRows<ReedMullerRow>(join(folder, 'codes/reed-muller.arrow'))
  assert.is(rows.length, 8)
  const { metadata } = inspectTable(join(folder, 'codes/reed-muller.arrow')).schema
  assert.equal([metadata.get('schema_version'), metadata.get('table')], ['1', 'reed-muller'])
  const record = readRunRecord(join(folder, 'codes'))!
  assert.is(record.status, 'finished')
  const words = String(record.reproduce)
    .match(/'[^']*'|\S+/g)!
    .map((word) => word.replaceAll("'", ''))
  assert.equal(words.slice(0, 5), ['infoflow', 'run', 'reed-muller', '--seed', '7'])
  await succeed(folder, ...words.slice(1), '--out', 'again')
  assert.equal(values(readRows<ReedMullerRow>(join(folder, 'again/reed-muller.arrow'))), values(rows))
})

test('mixture: Ctrl-C keeps what was measured, in whole tables', async () => {
  let sent = false
  const { code, stdout, stderr } = await execute(
    [...infoflow, 'run', 'mixture', ...few, '--set', 'repetitions=10000', '--out', 'cut'],
    {
      cwd: folder,
      told: (text, end) => {
        if (!sent && /^ +\d+ of 10000 {3}RMSE/m.test(text)) {
          sent = true
          end('SIGINT')
        }
      },
    },
  )
  assert.is(code, 130, stderr)
  const rows = readRows<MixtureRow>(join(folder, 'cut/mixture.arrow'))
  const told = [`interrupted: ${rows.length} estimates, kept in cut`, 'to go on: infoflow run cut --resume']
  assert.equal(stderr.trimEnd().split('\n').slice(-2), told)
  assert.ok(rows.length >= 3 && rows.every(({ truth }) => truth > 0))
  assert.match(stdout, /RMSE of h\(T\), nats, n = 32/)
  assert.is(readRunRecord(join(folder, 'cut'))!.status, 'interrupted')
  assert.not(readdirSync(join(folder, 'cut')).some((name) => name.endsWith('.arrows')))
})

test('options about training are refused, with those that there are', async () => {
  const line = await mistake(folder, 'run', 'mixture', '--epochs', '3')
  assert.match(line, /^infoflow: --epochs: mixture trains no network: it has --quick, --full, --seed, --config, --set/)
  assert.match(await mistake(folder, 'run', 'reed-muller', '--compare'), /--compare: reed-muller trains no network/)
})

test('values are checked as those of any run', async () => {
  const seeds = await mistake(folder, 'run', 'mixture', '--seeds', '1..3')
  assert.is(seeds, "infoflow: --seed: '1..3' is not one seed, a whole number from 0 to 4294967295")
  const key = await mistake(folder, 'run', 'mixture', '--set', 'dimesions=[5]')
  assert.is(key, "infoflow: --set dimesions: unknown key: did you mean 'dimensions'?")
  const code = await mistake(folder, 'run', 'reed-muller', '--set', 'codes=[[3,2]]')
  assert.match(code, /^infoflow: --set codes: codes\.0: a list is not a code as \[r, m\]/)
  const large = await mistake(folder, 'run', 'reed-muller', '--set', 'codes=[[3,5]]')
  assert.match(large, /codes\.0: RM\(3,5\) has 2\^26 words to sum over, expected at most 2\^13/)
})

test('mistyped names find them, help and completion list them', async () => {
  assert.match(await mistake(folder, 'run', 'mixtrue'), /unknown experiment 'mixtrue': did you mean 'mixture'\?/)
  const { stdout } = await succeed(folder, 'run', '--help')
  assert.match(stdout, /Without a network[^]*mixture: h\(T\) of mixtures[^]*reed-muller: I\(S;S\+Z\) of codes/)
  const offered = await succeed(folder, '--get-yargs-completions', 'infoflow', 'run', '')
  for (const name of ['szt', 'mixture', 'reed-muller']) assert.ok(offered.stdout.split('\n').includes(name), name)
})

test.run()
