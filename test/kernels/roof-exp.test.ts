// Chains of x <- exp(-x). WGSL allows exp(x) an error of (3 + 2 |x|) units of 2^-23, relative to a result of at most 1; from the first
// step on x is at least 1/e, where the slope, exp(-x), is at most .7: all errors together are at most 5 units / (1 - .7).
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { roofExp } from '../../src/kernels/roof-exp.js'
import { chainConstants, chainSizes } from '../../src/kernels/roof-multiply-add.js'
import { compare, f32, openMachine } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('every chain of every invocation, from one step of it on', async () => {
  for (const [chains, count, rounds, written] of [
    [1, 1, 1, 1],
    [1, 64, 1, 2],
    [2, 65, 3, 1],
    [4, 257, 2, 4],
  ]) {
    const constants = chainConstants(chains, written)
    const { numbers } = chainSizes(constants)
    const buffers = { start: uniform(count * numbers, 1, 0, 1), results: f32(count * numbers) }
    await compare(
      machine,
      roofExp,
      { params: { count, rounds }, buffers, constants },
      { results: (5 * 2 ** -23) / 0.3 },
    )
  }
})

test('its work: one exponential a number and step', () => {
  const { flops, exps } = roofExp.work({ count: 10, rounds: 3 }, chainConstants(2, 16))
  assert.equal([flops, exps], [0, 10 * 8 * 3 * 16])
})

test.run()
