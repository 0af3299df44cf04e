// d_u = d_s f'(u), f' from s: 1 - s^2 (three roundings with the product, none beyond |d_s|), s (1 - s) (three as well, none beyond
// |d_s| / 4), 1 or 0 (exact), 1 or .01 (the constant and the product).
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { activation, activationNames } from '../../src/kernels/activation.js'
import { activationBackward } from '../../src/kernels/activation-backward.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** How far the product may be off, of |d_s|. */
const allowed: Record<string, number> = {
  tanh: 3 * rounding,
  relu: 0,
  'leaky-relu': 0.02 * rounding,
  sigmoid: 0.75 * rounding,
}

function caseOf(ACTIVATION: string, s: ArrayLike<number>, d: ArrayLike<number>) {
  const buffers = { s: Float32Array.from(s), d_s: Float32Array.from(d), d_u: f32(s.length) }
  return { params: { count: s.length }, buffers, constants: { ACTIVATION } }
}

for (const name of activationNames) {
  const { value, slope } = activation(name)

  test(`the slope of ${name} from its value, from one element to a network layer`, async () => {
    for (const count of [1, 63, 64, 65, 1000, 256 * 10]) {
      const d = normal(count, 7)
      const tolerance = d.map((one) => allowed[name] * Math.abs(one))
      await compare(machine, activationBackward, caseOf(name, normal(count, count).map(value), d), { d_u: tolerance })
    }
  })

  test(`the slope of ${name} is that of its values`, () => {
    const h = 1e-5
    const at = Array.from(normal(500, 3, 3)).filter((u) => Math.abs(u) > h)
    const differences = at.map((u) => (value(u + h) - value(u - h)) / (2 * h))
    // h^2 / 6 times a third derivative of 2 at most, and the values' own roundings over 2 h
    const off = at.map((u) => h ** 2 + (2 ** -52 * (1 + Math.abs(value(u)))) / h)
    close(
      at.map((u) => slope(value(u))),
      differences,
      off,
      name,
    )
  })
}

test('a saturated neuron passes nothing on', async () => {
  for (const [name, ...values] of [
    ['tanh', 1, -1],
    ['sigmoid', 1, 0],
    ['relu', 0, 0],
  ] as const) {
    for (const { actual } of await runBoth(machine, activationBackward, caseOf(name, values, [5, 1e30]))) {
      assert.equal(Array.from(actual.d_u, Math.abs), [0, 0], name)
    }
  }
})

test('at 0 the ReLUs have the slope of their lower side', async () => {
  for (const [name, slope] of [
    ['relu', 0],
    ['leaky-relu', Math.fround(0.01)],
  ] as const) {
    for (const { actual } of await runBoth(machine, activationBackward, caseOf(name, [0, -0], [1, 1]))) {
      assert.equal([...actual.d_u], [slope, slope], name)
    }
  }
})

test.run()
