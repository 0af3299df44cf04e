// loss = mean of (u - [label])^2. A difference rounds once, relative to itself, its square once more, `classes` of them add up, and
// a quotient is within 2.5 units of 2^-23: (classes + 8) roundings of the loss.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { meanSquaredErrorForward } from '../../src/kernels/mean-squared-error-forward.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth, u32 } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

function batchOf(logits: Float32Array, labels: Uint32Array) {
  const rows = labels.length
  const params = { rows, classes: logits.length / rows }
  return { params, buffers: { logits, labels, loss: f32(rows), correct: u32(rows) } }
}

test('losses and hits, from one row to a batch and to all inputs', async () => {
  for (const [rows, classes] of [
    [1, 2],
    [64, 2],
    [65, 3],
    [100, 1],
    [256, 2],
    [4096, 2],
    [77, 10],
  ]) {
    const one = batchOf(normal(rows * classes, rows), whole(rows, 5, classes))
    const [{ expected }] = await runBoth(machine, meanSquaredErrorForward, one)
    const tolerance = Array.from(expected.loss, (loss) => (classes + 8) * rounding * loss)
    await compare(machine, meanSquaredErrorForward, one, { loss: tolerance, correct: 0 })
  }
})

test('the one-hot vector itself costs nothing, all zeros one part in `classes`', async () => {
  const logits = Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0)
  for (const { actual } of await runBoth(machine, meanSquaredErrorForward, batchOf(logits, Uint32Array.of(1, 2)))) {
    close(actual.loss, [0, 1 / 4], rounding, 'losses')
    assert.equal([...actual.correct], [1, 0])
  }
})

test('of equal outputs the first one is the answer, as argmax has it', async () => {
  const logits = Float32Array.of(1, 1, 1, 0, 2, 2, 2, 0, 2)
  for (const [label, correct] of [
    [0, [1, 0, 1]],
    [1, [0, 1, 0]],
    [2, [0, 0, 0]],
  ] as const) {
    const one = batchOf(logits, new Uint32Array(3).fill(label))
    for (const { actual, expected } of await runBoth(machine, meanSquaredErrorForward, one)) {
      assert.equal([...actual.correct], correct)
      assert.equal([...expected.correct], correct)
    }
  }
})

test.run()
