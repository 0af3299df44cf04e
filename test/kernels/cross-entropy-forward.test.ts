// loss = log sum exp(logit - largest) + (largest - logit of the label). WGSL allows exp(-d) an error of (3 + 2 d) units of
// 2^-23, and d itself a rounding, so that d e^-d <= 0.37 leaves each of `classes` terms within 5 units; log 2^-21, or 3 units
// of its value; differences and sums round once each.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { crossEntropyForward } from '../../src/kernels/cross-entropy-forward.js'
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

/** For losses up to `largest`. */
function allowed(classes: number, largest: number): number {
  return 2 ** -21 + 2 * rounding * (5 * classes + 3 * Math.log(classes) + 2 * largest)
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
    const one = batchOf(normal(rows * classes, rows, 3), whole(rows, 5, classes))
    await compare(machine, crossEntropyForward, one, { loss: allowed(classes, 40), correct: 0 })
  }
})

test('logits of ten thousand neither overflow nor vanish', async () => {
  const one = batchOf(Float32Array.of(1e4, -1e4, 1e4, -1e4, -1e4, -1e4, 1e4, 1e4), Uint32Array.of(0, 1, 1, 0))
  const losses = [0, 2e4, Math.LN2, Math.LN2]
  for (const { actual } of await runBoth(machine, crossEntropyForward, one)) {
    close(actual.loss, losses, allowed(2, 2e4), 'losses')
    assert.equal([...actual.correct], [1, 0, 0, 1])
  }
})

test('of equal logits the first one is the answer, as argmax has it', async () => {
  const logits = Float32Array.of(1, 1, 1, 0, 2, 2, 2, 0, 2)
  for (const [label, correct] of [
    [0, [1, 0, 1]],
    [1, [0, 1, 0]],
    [2, [0, 0, 0]],
  ] as const) {
    const one = batchOf(logits, new Uint32Array(3).fill(label))
    for (const { actual, expected } of await runBoth(machine, crossEntropyForward, one)) {
      assert.equal([...actual.correct], correct)
      assert.equal([...expected.correct], correct)
    }
  }
})

test('two equal logits cost log 2, ten cost log 10', async () => {
  for (const classes of [2, 10]) {
    const one = batchOf(new Float32Array(classes).fill(-3.5), Uint32Array.of(classes - 1))
    for (const { actual } of await runBoth(machine, crossEntropyForward, one)) {
      close(actual.loss, Math.log(classes), allowed(classes, 0), `log ${classes}`)
    }
  }
})

test.run()
