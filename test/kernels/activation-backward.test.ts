// d_u = d_s (1 - s^2): three roundings, of s^2, of the difference and of the product, none beyond |d_s|.
import { test } from 'uvu'
import { activationBackward } from '../../src/kernels/activation-backward.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const constants = { ACTIVATION: 'tanh' }

test('the slope of tanh from its value, from one element to a network layer', async () => {
  for (const count of [1, 63, 64, 65, 1000, 256 * 10]) {
    const buffers = { s: uniform(count, count), d_s: normal(count, 7), d_u: f32(count) }
    const tolerance = buffers.d_s.map((d) => 3 * rounding * Math.abs(d))
    await compare(machine, activationBackward, { params: { count }, buffers, constants }, { d_u: tolerance })
  }
})

test('a saturated neuron passes nothing on', async () => {
  const buffers = { s: Float32Array.of(1, -1, 0), d_s: Float32Array.of(5, 1e30, 5), d_u: f32(3) }
  await compare(machine, activationBackward, { params: { count: 3 }, buffers, constants }, { d_u: [0, 0, 0] })
})

test.run()
