// d = 2 (u - [label]) / (rows classes): a difference, a product of whole numbers that is exact, and a quotient within 2.5 units of
// 2^-23, seven roundings of the gradient in all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { meanSquaredErrorBackward } from '../../src/kernels/mean-squared-error-backward.js'
import { meanSquaredErrorForward } from '../../src/kernels/mean-squared-error-forward.js'
import { packSteps } from '../../src/kernels/step.js'
import { sum } from '../../src/math/statistics.js'
import { close, rounding } from '../close.js'
import { centralDifferences } from './central-differences.js'
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

async function check(one: ReturnType<typeof batchOf>): Promise<void> {
  const [{ expected }] = await runBoth(machine, meanSquaredErrorBackward, one)
  const tolerance = Array.from(expected.d_logits, (d) => 7 * rounding * Math.abs(d))
  await compare(machine, meanSquaredErrorBackward, one, { d_logits: tolerance })
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
    await check(batchOf(normal(rows * classes, rows), whole(rows, 5, classes)))
  }
})

test('a partial batch: its rows share the gradient, the others have none, whatever they hold', async () => {
  const [rows, filled] = [256, 205]
  const logits = normal(rows * 2, 1)
  logits.fill(3e38, filled * 2)
  const one = batchOf(logits, whole(rows, 2, 2), filled)
  await check(one)
  for (const { actual } of await runBoth(machine, meanSquaredErrorBackward, one)) {
    assert.ok(actual.d_logits.subarray(filled * 2).every((d) => d === 0))
    assert.ok(actual.d_logits.subarray(0, filled * 2).every((d) => d !== 0))
  }
})

test('the gradient is that of the mean loss', () => {
  const [rows, classes] = [9, 4]
  const { params, buffers } = batchOf(normal(rows * classes, 4), whole(rows, 5, classes))
  const arrays = { ...buffers, logits: Float64Array.from(buffers.logits), d_logits: new Float64Array(rows * classes) }
  const results = { loss: new Float64Array(rows), correct: new Uint32Array(rows) }
  const loss = () => {
    meanSquaredErrorForward.reference(params, { ...arrays, ...results }, {})
    return sum(results.loss) / rows
  }
  meanSquaredErrorBackward.reference(params, arrays, {})
  close(arrays.d_logits, centralDifferences(arrays.logits, loss), 1e-11, 'gradient') // quadratic: roundings alone
})

test.run()
