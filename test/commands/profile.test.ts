// infoflow profile on small networks: on both paths and by both clocks, what it prints, writes, and refuses.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceEvent } from '../../src/profile/trace.js'
import { kernelColumns } from '../../src/tables/kernels.js'
import { checkTrace, lanes } from '../profile/check-trace.js'
import { coarsest, mistake, scratch, small, succeed } from './process.js'

const folder = scratch(test)
const brief = [...small, ...coarsest, '--set', 'clustering.inputs=64', '--set', 'clustering.pairs=16']

interface Written {
  rows: Record<string, unknown>[]
  metadata: Map<string, string>
  events: TraceEvent[]
}

function read(out: string): Written {
  const table = tableFromIPC(readFileSync(join(folder, out, 'kernels.arrow')))
  assert.equal(
    table.schema.fields.map(({ name }) => name),
    kernelColumns.map(({ name }) => name),
  )
  const rows = table.toArray().map((row) => row.toJSON() as Record<string, unknown>)
  const { traceEvents } = JSON.parse(readFileSync(join(folder, out, 'trace.json'), 'utf8'))
  return { rows, metadata: table.schema.metadata, events: traceEvents }
}

test('the fused path: kernels, phases that sum to the wall-clock time, a trace that nests, a picture', async () => {
  const { stdout } = await succeed(folder, 'profile', 'szt', ...brief, '--steps', '3', '--out', 'fused')
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 80),
    stdout,
  )
  const { rows, metadata, events } = read('fused')
  const of = (kernel: string) => rows.find((row) => row.kernel === kernel)!
  assert.equal([of('train-steps').calls, metadata.get('schema_version'), metadata.get('steps')], [1, '1', '3'])
  assert.ok(Number(of('tile-sums').pairs) > 0 && Number(of('tile-sums').roof_share) > 0)
  const all = rows.reduce((sum, row) => sum + Number(row.share), 0)
  assert.ok(Math.abs(all - 1) < 1e-9 && rows.every((row) => Number(row.total_seconds) > 0), JSON.stringify(rows))
  checkTrace(events)
  for (const lane of ['host: phases', 'device (times of the device): dispatches'])
    assert.ok(lanes(events).includes(lane))
  const dispatches = events.filter(({ pid, ph }) => pid === 2 && ph === 'X')
  assert.is(
    dispatches.length,
    rows.reduce((sum, row) => sum + Number(row.calls), 0),
  )
  sumsToTheWall(metadata)
  const files = readdirSync(join(folder, 'fused')).sort()
  assert.equal(files, ['kernels.arrow', 'roofline.png', 'roofline.svg', 'roofline.vl.json', 'run.json', 'trace.json'])
})

test("a file of one's own, a dispatch a layer, by the host's clock, without noise and so without an estimate", async () => {
  writeFileSync(join(folder, 'own.yaml'), 'experiment: szt\nnoise: { std: 0 }\n')
  const typed = ['--per-layer', '--host-times', '--steps', '2', '--out', 'layers']
  const { stdout } = await succeed(folder, 'profile', 'own.yaml', ...brief, ...typed)
  assert.match(stdout, "Kernels, by the host's clock")
  assert.match(stdout, 'I(X;T) was estimated of no layer')
  const { rows, metadata, events } = read('layers')
  const calls = new Map(rows.map(({ kernel, calls }) => [kernel, calls]))
  assert.equal([calls.get('begin-step'), calls.get('adam'), calls.has('train-steps')], [2, 2, false])
  assert.equal([metadata.get('clock'), metadata.get('path')], ['"host"', '"per-layer"'])
  checkTrace(events)
  sumsToTheWall(metadata)
})

test('mistakes: steps, names, experiments without a network, folders that cannot be written', async () => {
  const whole = /^infoflow: --steps: '[^']*' is not a whole number from 1 to 10000/
  for (const steps of ['0', '-1', '1.5', 'abc', '10001']) {
    assert.match(await mistake(folder, 'profile', 'szt', `--steps=${steps}`), whole)
  }
  assert.match(await mistake(folder, 'profile', 'stz'), "unknown experiment 'stz': did you mean 'szt'?")
  assert.match(await mistake(folder, 'profile', 'mixture'), 'mixture: has no network to profile')
  assert.match(await mistake(folder, 'profile', 'szt', '--step', '3'), "did you mean '--steps'?")
  assert.match(await mistake(folder, 'profile'), 'profile: no experiment given')
  writeFileSync(join(folder, 'file'), '')
  assert.match(await mistake(folder, 'profile', 'szt', '--out', 'file/below'), 'file/below: cannot create the folder')
  mkdirSync(join(folder, 'mine'))
  writeFileSync(join(folder, 'mine/notes.txt'), 'mine')
  assert.match(await mistake(folder, 'profile', 'szt', '--out', 'mine'), "mine: not empty, and no run's folder")
  assert.ok(existsSync(join(folder, 'mine/notes.txt')))
})

test.run()

/** Phases exclude one another, and leave at most 5 % of the wall-clock time to nobody. */
function sumsToTheWall(metadata: Map<string, string>): void {
  const phases: { seconds: number }[] = JSON.parse(metadata.get('phases')!)
  const part = phases.reduce((sum, { seconds }) => sum + seconds, 0) / Number(metadata.get('wall_seconds'))
  assert.ok(part > 0.95 && part <= 1.0001, `${part} of the wall-clock time`)
}
