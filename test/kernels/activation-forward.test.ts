// s = f(u). WGSL allows exp(x) an error of (3 + 2 |x|) units of 2^-23. tanh inherits its accuracy from sinh / cosh: two exponentials,
// a difference, a sum and a quotient of 2.5 units more. The sigmoid has one exponential of an argument below 0, a sum and a quotient,
// relative errors all, and may flush what is below 2^-126. Of the leaky ReLU the slope .01 is rounded, and the product.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { activationNames } from '../../src/kernels/activation.js'
import { activationForward } from '../../src/kernels/activation-forward.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const exponential = (u: number) => 2 * rounding * (3 + 2 * Math.abs(u))
const sigmoid = (u: number) => 1 / (1 + Math.exp(-u))

/** How far f(u) may be off. */
const allowed: Record<string, (u: number) => number> = {
  tanh: (u) => 2 * exponential(Math.min(20, Math.abs(u))) + 8 * rounding,
  relu: () => 0,
  'leaky-relu': (u) => (u < 0 ? 2 * rounding * 0.01 * -u : 0),
  sigmoid: (u) => sigmoid(u) * (exponential(u) + 7 * rounding) + 2 ** -126,
}

function caseOf(ACTIVATION: string, u: Float32Array) {
  return { params: { count: u.length }, buffers: { u, s: f32(u.length) }, constants: { ACTIVATION } }
}

for (const name of activationNames) {
  test(`${name}, from one element to a network layer`, async () => {
    for (const count of [1, 63, 64, 65, 1000, 256 * 10]) {
      const u = normal(count, count, 2)
      await compare(machine, activationForward, caseOf(name, u), { s: u.map(allowed[name]) })
    }
  })
}

const large = Float32Array.of(0, -0, 20, -20, 88, -88, 89, -89, 1e4, -1e4, 3e38, -3e38)

test('tanh stays 1 where its formula overflows', async () => {
  for (const { actual } of await runBoth(machine, activationForward, caseOf('tanh', large))) {
    close(actual.s, Array.from(large, Math.sign), 2 * rounding, 'tanh of what is large')
  }
})

test('the sigmoid goes to 0 and 1 and never further', async () => {
  const ends = Array.from(large, (u) => (1 + Math.sign(u)) / 2)
  for (const { actual } of await runBoth(machine, activationForward, caseOf('sigmoid', large))) {
    close(actual.s, ends, 3e-9, 'sigmoid of what is large') // sigmoid(-20) is 2.1e-9
    assert.ok(actual.s.every((s) => s >= 0 && s <= 1))
  }
})

test('the sigmoid keeps the digits of what is small', async () => {
  const u = Float32Array.of(-30, -60, -80)
  const relative = Array.from(u, (x) => sigmoid(x) * (exponential(x) + 7 * rounding))
  await compare(machine, activationForward, caseOf('sigmoid', u), { s: relative })
})

test('the ReLUs keep what is positive to the bit', async () => {
  for (const [name, leak] of [
    ['relu', 0],
    ['leaky-relu', Math.fround(0.01)],
  ] as const) {
    const expected = Array.from(large, (u) => (u > 0 ? u : leak * u))
    for (const { actual } of await runBoth(machine, activationForward, caseOf(name, large))) {
      close(actual.s, expected, rounding * leak * 3e38, name)
      assert.ok(large.every((u, i) => !(u > 0) || actual.s[i] === u))
    }
  }
})

test.run()
