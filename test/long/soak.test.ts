/**
 * A run that goes on and on, with a measurement every few seconds: memory and open files stay what they were. COST an hour on 2 cores;
 * SOAK_SECONDS=N for another time.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { test } from 'uvu'
import { median } from '../../src/math/statistics.js'
import { readRows } from '../../src/tables/read.js'
import { coarsest, infoflow, small } from '../commands/process.js'
import { testIf } from '../skip.js'

const seconds = Number(process.env.SOAK_SECONDS ?? 3600)
const folder = mkdtempSync(join(tmpdir(), 'infoflow-soak-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const every = 40
const epochs = Array.from({ length: 10_000 }, (_, i) => i * every)
const measured = ['--set', `measurement.epochs=[${epochs.join()}]`, '--epochs', String(epochs.at(-1))]
const run = ['run', 'szt', '--seeds', '1,2', ...small, ...coarsest, ...measured, '--set', 'training.evaluations=1']

interface Sample {
  /** Seconds since the first. */
  at: number
  /** Resident memory, MB. */
  memory: number
  files: number
}

function sampleOf(pid: number, start: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const memory = Number(/^VmRSS:\s*(\d+)/m.exec(status)![1]) / 1024
  return { at: (performance.now() - start) / 1000, memory, files: readdirSync(`/proc/${pid}/fd`).length }
}

testIf(
  existsSync('/proc/self/status'),
  'no /proc',
  test,
  `${seconds} s of measurements: flat memory, no handle leak`,
  async () => {
    const child = spawn(infoflow[0], [...infoflow.slice(1), ...run, '--out', join(folder, 'run')], { stdio: 'ignore' })
    const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
    while (!existsSync(join(folder, 'run', 'checkpoints'))) await setTimeout(500)
    const start = performance.now()
    const samples: Sample[] = []
    while (performance.now() - start < 1000 * seconds) {
      await setTimeout(Math.min(5000, (1000 * seconds) / 60))
      samples.push(sampleOf(child.pid!, start))
    }
    child.kill('SIGINT')
    assert.is(await ended, 130)
    const part = (from: number, to: number) =>
      samples.slice(Math.floor(from * samples.length), Math.floor(to * samples.length))
    const [early, late] = [part(0.25, 0.5), part(0.75, 1)]
    const memory = [early, late].map((some) => median(some.map((one) => one.memory)))
    const files = [early, late].map((some) => Math.max(...some.map((one) => one.files)))
    const rows = readRows(join(folder, 'run', 'information.arrow')).length
    const [from, to] = memory.map((megabytes) => megabytes.toFixed(0))
    console.log(
      `${rows} measurements of a layer; memory ${from} MB in the second quarter, ${to} MB in the last; files ${files.join(', ')}`,
    )
    assert.ok(memory[1] < 1.15 * memory[0], `${memory.join(' to ')} MB`)
    assert.ok(files[1] <= files[0] + 1, `${files.join(' to ')} open files`)
  },
)

test.run()
