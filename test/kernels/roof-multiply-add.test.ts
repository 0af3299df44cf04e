// Chains of x <- a x + b. An adapter may round product and sum or fuse them: at most two roundings of what is at most 1 in size a step,
// and with |a| < 1 no error grows; a and b are exact in f32.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chainConstants, chainSizes, roofMultiplyAdd } from '../../src/kernels/roof-multiply-add.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const [a, b] = [1 - 2 ** -7, 2 ** -8]

test('every chain of every invocation goes all of its steps', async () => {
  for (const [chains, count, rounds] of [
    [1, 1, 1],
    [1, 64, 3],
    [2, 65, 1],
    [4, 257, 5],
  ]) {
    const constants = chainConstants(chains, 16)
    const { numbers, steps } = chainSizes(constants)
    const buffers = { start: uniform(count * numbers, 1), results: f32(count * numbers) }
    const tolerance = 2 * rounds * steps * rounding
    await compare(
      machine,
      roofMultiplyAdd,
      { params: { count, rounds, a, b }, buffers, constants },
      { results: tolerance },
    )
  }
})

test('its work: two operations a number and step', () => {
  const { flops, exps } = roofMultiplyAdd.work({ count: 10, rounds: 3, a, b }, chainConstants(2, 16))
  assert.equal([flops, exps], [2 * 10 * 8 * 3 * 16, 0])
})

test.run()
