/**
 * Three seeds of the paper's network through all 10,000 epochs, by the command line, and what must show in their median.
 * COST about 15 minutes a seed on 2 cores with the embedded software adapter. RUNS=DIR takes runs that lie there already,
 * DIR/seed-1 and so on, in place of new ones.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { trustedStepRatio } from '../../src/information/warnings.js'
import { median } from '../../src/math/statistics.js'
import { readRows } from '../../src/tables/read.js'
import type { InformationRow, TrainingRow } from '../../src/tables/rows.js'

const seeds = [1, 2, 3]
const sampling = ['--replicas', '8', '--own-replicas', '512', '--batches', '8', '--queries', '1']
const root = process.env.RUNS ?? mkdtempSync(join(tmpdir(), 'szt-full-'))

const runs = seeds.map((seed) => {
  const folder = join(root, `seed-${seed}`)
  if (!existsSync(join(folder, 'information.arrow'))) {
    const command = ['src/cli.ts', 'run', 'szt', '--full', '--seed', `${seed}`, ...sampling, '--out', folder]
    execFileSync(process.execPath, ['--import', 'tsx', ...command], { stdio: 'inherit' })
  }
  return {
    information: readRows(join(folder, 'information.arrow')) as unknown as InformationRow[],
    training: readRows(join(folder, 'training.arrow')) as unknown as TrainingRow[],
  }
})
/** Where clusters are apart both layers know log m, up to the last bits of f64 means over some 32,768 queries. */
const f64 = 1e-9

const rows = runs.flatMap(({ information }) => information)

test('84 measurements after epoch 0, five layers each, all with an estimate', () => {
  for (const { information } of runs) assert.is(information.length, 85 * 5)
  assert.ok(rows.every((row) => Number.isFinite(row.mi_corrected) && Number.isFinite(row.mi_se)))
})

test('layer 1 knows log 4096 within 1e-4 throughout', () => {
  for (const row of rows.filter(({ layer }) => layer === 1)) {
    assert.ok(Math.abs(row.mi! - Math.log(4096)) <= 1e-4, `seed ${row.seed}, epoch ${row.epoch}: ${row.mi}`)
  }
})

test('no layer knows more than the one below, beyond 3 SE and numerical error, where replicas suffice', () => {
  const trusted = (row: InformationRow) => row.step_ratio === null || row.step_ratio <= trustedStepRatio
  for (const row of rows.filter((r) => r.layer > 1 && trusted(r))) {
    const below = rows.find((r) => r.seed === row.seed && r.epoch === row.epoch && r.layer === row.layer - 1)!
    const error = 3 * Math.hypot(row.mi_se!, below.mi_se!) + row.numerical_error! + below.numerical_error! + f64
    const excess = row.mi_corrected! - below.mi_corrected!
    assert.ok(
      excess <= error,
      `seed ${row.seed}, epoch ${row.epoch}, layer ${row.layer}: ${excess} above the layer below`,
    )
  }
})

test('layer 5, median: climbs, falls by over half a nat, climbs again, ends over a nat below its second peak', () => {
  const epochs = [...new Set(rows.map(({ epoch }) => epoch))].sort((a, b) => a - b)
  const curve = epochs.map((epoch) =>
    median(rows.filter((r) => r.layer === 5 && r.epoch === epoch).map((r) => r.mi_corrected!)),
  )
  const within = (from: number, to: number) => epochs.map((e, i) => (e >= from && e <= to ? curve[i] : NaN))
  const highest = (values: number[]) => values.reduce((best, v, i) => (v > (values[best] ?? -Infinity) ? i : best), -1)
  const lowest = (values: number[]) => highest(values.map((v) => -v))
  const first = highest(within(1, 60))
  const trough = lowest(within(epochs[first], 400))
  const second = highest(within(epochs[trough], 10_000))
  const last = epochs.length - 1
  const told = [0, first, trough, second, last].map((i) => `${curve[i].toFixed(3)} at epoch ${epochs[i]}`).join(', ')
  console.log(`layer 5, median over seeds ${seeds.join(', ')}: ${told}`)
  assert.ok(curve[first] - curve[0] > 0.5, `first rise: ${told}`)
  assert.ok(curve[first] - curve[trough] > 0.5, `first fall: ${told}`)
  assert.ok(curve[second] - curve[trough] > 0.5, `second rise: ${told}`)
  assert.ok(curve[second] - curve[last] > 1, `second fall: ${told}`)
})

test('test accuracy ends above .95, in the median and in each seed', () => {
  const accuracies = runs.map(({ training }) => training.at(-1)!.test_accuracy!)
  console.log(`test accuracy: ${accuracies.map((a) => a.toFixed(4)).join(', ')}`)
  assert.ok(
    accuracies.every((accuracy) => accuracy > 0.95),
    accuracies.join(),
  )
})

test.run()
