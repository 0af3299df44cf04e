/** infoflow bench: its page, its mistakes, and one table from the first line to the files. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { benchOptions } from '../../src/commands/bench-options.js'
import { readRows } from '../../src/tables/read.js'
import { execute, infoflow, mistake, scratch, succeed } from './process.js'

const folder = scratch(test)

test('its help names every option, what is compared, what it writes and how it can end', async () => {
  const { stdout } = await succeed(folder, 'bench', '--help')
  const text = stdout.replace(/\s+/g, ' ')
  const named = Object.keys(benchOptions).map((name) => `--${name}`)
  for (const part of [...named, 'PyTorch', 'not timed', 'bench.arrow', '3 something', '130'])
    assert.ok(text.includes(part), part)
})

test('mistakes are told before anything is done', async () => {
  assert.match(await mistake(folder, 'bench', '--only', 'sum'), /unknown table in --only 'sum': did you mean 'sums'\?/)
  assert.match(await mistake(folder, 'bench', '--only', 'none'), /--scaling/)
  assert.match(await mistake(folder, 'bench', '--centers', '4096'), /--scaling goes, which is not given/)
  assert.match(await mistake(folder, 'bench', '--scaling', '--centers', '5000'), /'5000' is not a power of two/)
  assert.match(await mistake(folder, 'bench', '--adapter', 'no such'), /adapter/)
  assert.not(existsSync(join(folder, 'results/bench-001')), 'no trace')
})

test('dense layers where no Python is: ratios on stdout, text and table in the folder, peers named as absent', async () => {
  const words = [...infoflow, 'bench', '--quick', '--only', 'dense', '--out', 'dense']
  const alone = { PATH: folder }
  const { code, stdout, stderr } = await execute(words, { cwd: folder, environment: alone })
  assert.is(code, 0, stderr)
  assert.match(stderr, /^adapter: /)
  assert.match(stdout, /dense-forward +[\d.]+ (µs|ms|s) .*\[[\d.]+, [\d.]+\]/)
  assert.match(stdout, /PyTorch +absent: no python3 on the PATH/)
  const text = readFileSync(join(folder, 'dense/bench.md'), 'utf8')
  assert.match(text, /^# infoflow bench\n\n`infoflow bench --quick --only dense`, \d{4}-/)
  for (const part of ['A row is timed only after', '## dense 512 to 128', '## dense 12 to 10', '**absent**'])
    assert.ok(text.includes(part), part)
  const rows = readRows<{ status: string }>(join(folder, 'dense/bench.arrow'))
  assert.equal(
    rows.map(({ status }) => status),
    ['timed', 'timed', 'absent', 'timed', 'timed', 'absent'],
  )
  assert.match(await mistake(folder, 'bench', '--out', 'dense', '--only', 'dense'), /holds a run \(finished\)/)
})

test.run()
