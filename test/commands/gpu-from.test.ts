/** GPU_FROM=<kernel>: the references compute up to a kernel, the adapter from there on. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRows } from '../../src/tables/read.js'
import type { TrainingRow } from '../../src/tables/rows.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { close } from '../close.js'
import { execute, infoflow, lastLine, scratch, small } from './process.js'

const folder = scratch(test)
const words = ['run', 'szt', '--seed', '1', ...small, '--set', 'noise.std=0', '--epochs', '1', '--measurements', '1']

const run = (kernel: string, out: string) =>
  execute([...infoflow, ...words, '--out', out], { cwd: folder, environment: { GPU_FROM: kernel } })

const losses = (out: string) =>
  readRows<TrainingRow>(join(folder, out, 'training.arrow')).flatMap((row) => [row.train_loss!, row.test_loss!])

test('the first line names the mixture, and so does the record; the losses are those of the adapter', async () => {
  const [mixed, plain] = [await run('adam', 'mixed'), await run('', 'plain')]
  assert.equal([mixed.code, plain.code], [0, 0], mixed.stderr)
  assert.match(mixed.stderr, /^GPU_FROM: f64 references up to adam, then .+\nadapter: /)
  const { command, reproduce, gpu_from } = readRunRecord(join(folder, 'mixed')) as Record<string, string>
  assert.is(gpu_from, 'adam')
  for (const line of [command, reproduce]) assert.match(line, /^GPU_FROM=adam infoflow run szt /)
  assert.match(plain.stderr, /^adapter: /)
  assert.not('gpu_from' in readRunRecord(join(folder, 'plain'))!)
  // Buffers are f32 on both sides, and a loss near 0.7 has 2^-24 of rounding in each of a handful of layers; 13 steps
  // of 4e-4 each carry it on without making it larger. What a step changes is 5e-4.
  close(losses('mixed'), losses('plain'), 13 * 16 * 2 ** -24, 'losses on the mixture and on the adapter')
  assert.not.equal(losses('mixed'), losses('plain'), 'the references did take part')
})

test('an unknown kernel suggests the nearest, and leaves nothing', async () => {
  const { code, stderr } = await run('adan', 'unknown')
  assert.is(code, 2)
  assert.match(lastLine(stderr), /^infoflow: unknown kernel in GPU_FROM 'adan': did you mean 'adam'\? known: /)
  assert.not(existsSync(join(folder, 'unknown')))
})

test.run()
