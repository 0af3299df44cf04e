// s = f(u). WGSL inherits tanh's accuracy from sinh / cosh: two exponentials of (3 + 2 |u|) units of 2^-23 each, a
// difference, a sum and a quotient of 2.5 units more.
import { test } from 'uvu'
import { activationForward } from '../../src/kernels/activation-forward.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const constants = { ACTIVATION: 'tanh' }
const allowed = (u: Float32Array) => u.map((x) => 2 * rounding * (2 * (3 + 2 * Math.min(20, Math.abs(x))) + 4))

test('tanh, from one element to a network layer', async () => {
  for (const count of [1, 63, 64, 65, 1000, 256 * 10]) {
    const u = normal(count, count, 2)
    await compare(
      machine,
      activationForward,
      { params: { count }, buffers: { u, s: f32(count) }, constants },
      {
        s: allowed(u),
      },
    )
  }
})

test('tanh stays 1 where its formula overflows', async () => {
  const u = Float32Array.of(0, -0, 20, -20, 88, -88, 89, -89, 1e4, -1e4, 3e38, -3e38)
  const ones = Array.from(u, Math.sign)
  for (const { actual } of await runBoth(machine, activationForward, {
    params: { count: u.length },
    buffers: { u, s: f32(u.length) },
    constants,
  })) {
    close(actual.s, ones, 2 * rounding, 'tanh of what is large')
  }
})

test.run()
