// Copies only, so nothing may differ at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gatherRows } from '../../src/kernels/gather-rows.js'
import { packSteps } from '../../src/kernels/step.js'
import { permutation } from '../../src/math/shuffle.js'
import { compare, f32, openMachine, runBoth, u32 } from './compare.js'
import { uniform, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

function batchOf(rows: number, width: number, count: number, batchStart: number, filled: number) {
  const step = packSteps([{ seed: 1, noiseStep: 0, batchStart, rows: filled, stepSize: 0, correction: 0 }])
  const order = permutation(count, 1, 1, 0)
  const data = { inputs: uniform(count * width, 1), labels: whole(count, 2, 10) }
  const batch = { batch: f32(rows * width), batch_labels: u32(rows) }
  return { params: { rows, width }, buffers: { step, order, ...data, ...batch } }
}

test('the rows that the order names, from one to a batch of 256', async () => {
  for (const [rows, width] of [
    [1, 1],
    [64, 12],
    [65, 12],
    [100, 3],
    [256, 12],
  ]) {
    for (const batchStart of [0, 17]) {
      const one = batchOf(rows, width, 300, batchStart, rows)
      await compare(machine, gatherRows, one, { batch: 0, batch_labels: 0 })
    }
  }
})

test('the last batch of the paper: 205 rows of 256, the others repeat its first', async () => {
  const one = batchOf(256, 12, 3277, 3072, 205)
  await compare(machine, gatherRows, one, { batch: 0, batch_labels: 0 })
  const { order, inputs, labels } = one.buffers
  for (const { actual } of await runBoth(machine, gatherRows, one)) {
    for (const [row, from] of [
      [0, order[3072]],
      [204, order[3276]],
      [205, order[3072]],
      [255, order[3072]],
    ]) {
      assert.equal(actual.batch.slice(row * 12, row * 12 + 12), inputs.slice(from * 12, from * 12 + 12), `row ${row}`)
      assert.is(actual.batch_labels[row], labels[from])
    }
  }
})

test.run()
