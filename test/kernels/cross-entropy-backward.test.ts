// d = (softmax - [label]) / rows. WGSL allows exp(-d) an error of (3 + 2 d) units of 2^-23 and d one rounding more, so that each
// of `classes` terms of the sum is within 5 units; a quotient is within 2.5 units; there are two, and two roundings.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { crossEntropyBackward } from '../../src/kernels/cross-entropy-backward.js'
import { packSteps } from '../../src/kernels/step.js'
import { sum } from '../../src/math/statistics.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

function batchOf(logits: Float32Array, labels: Uint32Array, filled = labels.length) {
  const rows = labels.length
  const step = packSteps([{ seed: 1, noiseStep: 0, batchStart: 0, rows: filled, stepSize: 0, correction: 0 }])
  const params = { rows, classes: logits.length / rows }
  return { params, buffers: { step, logits, labels, d_logits: f32(logits.length) } }
}

function allowed(classes: number, filled: number): number {
  return (2 * rounding * (5 * classes + 5 + 2 * 2.5 + 2)) / filled
}

test('gradients of the mean loss, from one row to a batch', async () => {
  for (const [rows, classes] of [
    [1, 2],
    [64, 2],
    [65, 3],
    [100, 1],
    [256, 2],
    [77, 10],
  ]) {
    const one = batchOf(normal(rows * classes, rows, 3), whole(rows, 5, classes))
    await compare(machine, crossEntropyBackward, one, { d_logits: allowed(classes, rows) })
  }
})

test('the last batch of the paper: 205 rows share the gradient, the others have none', async () => {
  const [rows, filled] = [256, 205]
  const one = batchOf(normal(rows * 2, 1, 3), whole(rows, 2, 2), filled)
  await compare(machine, crossEntropyBackward, one, { d_logits: allowed(2, filled) })
  for (const { actual } of await runBoth(machine, crossEntropyBackward, one)) {
    assert.ok(actual.d_logits.subarray(filled * 2).every((d) => d === 0))
    assert.ok(actual.d_logits.subarray(0, filled * 2).every((d) => d !== 0))
  }
})

test('rows without gradient may hold anything', async () => {
  const logits = Float32Array.of(0, 1, 1e4, -1e4)
  const one = batchOf(logits, Uint32Array.of(0, 1), 1)
  await compare(machine, crossEntropyBackward, one, { d_logits: allowed(2, 1) })
})

test('logits of ten thousand give gradients of -1, 0, and 1', async () => {
  const one = batchOf(Float32Array.of(1e4, -1e4, 1e4, -1e4, -1e4, -1e4), Uint32Array.of(0, 1, 1))
  for (const { actual } of await runBoth(machine, crossEntropyBackward, one)) {
    close(actual.d_logits, [0, 0, 1 / 3, -1 / 3, 1 / 6, -1 / 6], allowed(2, 3), 'gradients')
  }
})

test('the gradients of a row add up to nothing', async () => {
  const [rows, classes] = [50, 10]
  const one = batchOf(normal(rows * classes, 4, 2), whole(rows, 5, classes))
  for (const { actual } of await runBoth(machine, crossEntropyBackward, one)) {
    const row = (r: number) => actual.d_logits.subarray(r * classes, (r + 1) * classes)
    const sums = Array.from({ length: rows }, (_, r) => sum(row(r)))
    close(sums, new Array(rows).fill(0), classes * allowed(classes, rows), 'sums')
  }
})

test.run()
