// Words are copied and counted: nothing may differ at all.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { beginStep } from '../../src/kernels/begin-step.js'
import { packSteps, stepWords, unpackStep } from '../../src/kernels/step.js'
import { compare, openMachine, runBoth, u32 } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const steps = Array.from({ length: 13 }, (_, i) => ({
  seed: 2 ** 40 + i,
  noiseStep: 4_000_000_000 + i,
  batchStart: 256 * i,
  rows: 256 - i,
  stepSize: Math.fround(4e-4 / (1 - 0.9 ** (i + 1))),
  correction: Math.fround(Math.sqrt(1 - 0.999 ** (i + 1))),
}))
const schedule = packSteps(steps)

test('each call takes the next step and clears every gradient', async () => {
  for (const count of [1, 64, 65, 318]) {
    for (const cursor of [0, 5, 12]) {
      const buffers = { schedule, cursor: Uint32Array.of(cursor), step: u32(stepWords), gradients: uniform(count, 3) }
      const one = { params: { count }, buffers }
      await compare(machine, beginStep, one, { cursor: 0, step: 0, gradients: 0 })
      for (const { actual } of await runBoth(machine, beginStep, one)) {
        assert.equal(unpackStep(actual.step), steps[cursor])
        assert.is(actual.cursor[0], cursor + 1)
        assert.ok(actual.gradients.every((g) => Object.is(g, 0)))
      }
    }
  }
})

test('gradients that ran away are cleared too', async () => {
  const gradients = Float32Array.of(NaN, Infinity, -Infinity, 3)
  const buffers = { schedule, cursor: Uint32Array.of(0), step: u32(stepWords), gradients }
  await compare(machine, beginStep, { params: { count: 4 }, buffers }, { gradients: 0 })
})

test.run()
