import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRows } from '../../src/tables/read.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { finishTable } from '../../src/tables/stream.js'
import { scratchFolder, trainingRow } from './sample-run.js'

const folder = scratchFolder(test)
const writer = fileURLToPath(new URL('endless-writer.ts', import.meta.url))

/** Kills the writer as soon as it has told `epochs` epochs; the last epoch that it told. */
async function killAfter(epochs: number, out: string): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, out], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  for await (const text of child.stdout) {
    told += text
    if (told.split('\n').length > epochs) child.kill('SIGKILL')
  }
  return Number(told.split('\n').at(-2))
}

test('a run killed in the middle leaves every row that it had recorded', async () => {
  const out = join(folder, 'killed')
  const last = await killAfter(20, out)
  const rows = readRows(join(out, 'training.arrows'))
  assert.ok(last >= 19 && rows.length > last, `${rows.length} rows after epoch ${last}`)
  assert.equal(
    rows,
    rows.map((_, epoch) => trainingRow(epoch)),
  )
  const samples = readRows(join(out, 'activations', 'layer-2.arrows'))
  assert.ok(samples.length >= 100 * (last + 1) && samples.length % 100 === 0, `${samples.length} samples`)
  assert.is(readRunRecord(out)?.status, 'running')
  const file = finishTable(join(out, 'training.arrows'))
  assert.equal(readRows(file), rows)
  assert.not(existsSync(join(out, 'training.arrows')))
})

test.run()
