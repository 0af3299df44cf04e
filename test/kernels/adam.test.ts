// Adam against PyTorch's documented formula. One step's error in units of 2^-24, the rates among the params rounded once each:
// m takes 4 of |beta1 m| + |(1 - beta1) g|, v 6 of itself. The change s m / (sqrt(v) / c + eps) takes 3 from v, 10 from the
// square root (WGSL: 1 / inversesqrt), 5 from each quotient and a handful of roundings, 30 in all, besides the error of m. With
// weight decay the gradient itself is off: by 2 of |weight_decay p| and by 1 of the sum; m, v and sqrt(v) carry that on.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { adam } from '../../src/kernels/adam.js'
import { packSteps, stepWords } from '../../src/kernels/step.js'
import { dispatch } from '../../src/plan.js'
import { close, rounding } from '../close.js'
import { compare, openMachine, runBoth } from './compare.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const [learningRate, beta1, beta2, epsilon] = [4e-4, 0.9, 0.999, 1e-8]
const rates = { beta1, beta2, one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - beta2, epsilon, weight_decay: 0 }

function stepOf(t: number): Uint32Array {
  const stepSize = learningRate / (1 - beta1 ** t)
  return packSteps([{ seed: 1, noiseStep: 0, batchStart: 0, rows: 0, stepSize, correction: Math.sqrt(1 - beta2 ** t) }])
}

/** What m, v and p may be off by after a step from these. */
function allowed(gradient: number, m: number, v: number, p: number, t: number, decay = 0) {
  const g = gradient + decay * p
  const off = decay === 0 ? 0 : rounding * (2 * Math.abs(decay * p) + Math.abs(g))
  const vOff = 2 * (1 - beta2) * Math.abs(g) * off
  const first = 4 * rounding * (beta1 * Math.abs(m) + (1 - beta1) * Math.abs(g)) + (1 - beta1) * off
  const second = 6 * rounding * (beta2 * v + (1 - beta2) * g * g) + vOff
  const scale = learningRate / (1 - beta1 ** t)
  const root = Math.sqrt((beta2 * v + (1 - beta2) * g * g) / (1 - beta2 ** t)) + epsilon
  const change = (scale * Math.abs(beta1 * m + (1 - beta1) * g)) / root
  const rootOff = vOff / 2 / (beta2 * v + (1 - beta2) * g * g || 1)
  const parameters = rounding * (30 * change + Math.abs(p) + change) + (scale * first) / root + change * rootOff
  return { first, second, parameters }
}

/** One step of so many parameters, late or early. */
async function check(count: number, t: number, weight_decay: number): Promise<void> {
  const state = { gradients: normal(count, 1, 0.1), first: normal(count, 2, 0.1), second: uniform(count, 3, 1e-4, 0.1) }
  const buffers = { step: stepOf(t), ...state, parameters: uniform(count, 4) }
  const { gradients, first, second, parameters } = buffers
  const each = Array.from(gradients, (g, i) => allowed(g, first[i], second[i], parameters[i], t, weight_decay))
  const tolerances = {
    first: each.map((one) => one.first),
    second: each.map((one) => one.second),
    parameters: each.map((one) => one.parameters),
  }
  await compare(machine, adam, { params: { count, ...rates, weight_decay }, buffers }, tolerances)
}

test('one step in all sizes, early and late', async () => {
  for (const count of [1, 64, 65, 318]) for (const t of [1, 2, 13, 100_000]) await check(count, t, 0)
})

test('weight decay draws every parameter towards 0', async () => {
  for (const t of [1, 13]) for (const decay of [5e-4, 0.1]) await check(318, t, decay)
})

test('five steps as PyTorch takes them', async () => {
  // By decimal arithmetic of 40 digits from torch.optim.Adam's documented algorithm: gradients 0.5, -1, 0.25, -2, 0.001 from p = 1.
  const gradients = [0.5, -1, 0.25, -2, 0.001]
  const documented = [
    0.99960000000799999, 0.99974644141696226, 0.99980111768135591, 1.0000251178186867, 1.0002143542559065,
  ]
  assert.equal(
    plainAdam(gradients).map((p) => p.toFixed(14)),
    documented.map((p) => p.toFixed(14)),
  )
  close(await adamOnDevice(gradients), documented, 5 * rounding * 2, 'parameters, one or two roundings near 1 a step')
})

test('weight decay is added to the gradient, before the moments, as PyTorch does it', async () => {
  const [p, decay] = [2, 0.25]
  const state = () => Float32Array.of(0)
  const one = { step: stepOf(1), gradients: Float32Array.of(0.5), first: state(), second: state() }
  const buffers = { ...one, parameters: Float32Array.of(p) }
  for (const { actual, expected } of await runBoth(machine, adam, {
    params: { count: 1, ...rates, weight_decay: decay },
    buffers,
  })) {
    close(expected.first, 0.1 * (0.5 + decay * p), 1e-12, 'm of the reference')
    close(expected.second, 0.001 * (0.5 + decay * p) ** 2, 1e-12, 'v of the reference')
    close(actual.first, expected.first, 4 * rounding * 0.1, 'm')
  }
})

test('hundreds of noisy steps do not drift from the f64 optimiser', async () => {
  const gradients = Array.from(normal(200, 9, 0.01), (g) => g + 0.005)
  const steps = gradients.length
  close(
    await adamOnDevice(gradients),
    plainAdam(gradients),
    steps * (2 * rounding + 40 * rounding * 4e-4),
    'parameters',
  )
})

test('epsilon stands outside the root', async () => {
  const zero = () => Float32Array.of(0)
  const buffers = {
    step: stepOf(1),
    gradients: Float32Array.of(1e-9),
    first: zero(),
    second: zero(),
    parameters: zero(),
  }
  const change = -3.6363636363636364e-5 // 4e-4 1e-9 / (1e-9 + 1e-8); inside the root it would be 4e-9
  for (const { actual } of await runBoth(machine, adam, { params: { count: 1, ...rates }, buffers })) {
    close(actual.parameters, change, 40 * rounding * Math.abs(change), 'change')
  }
})

test('a parameter that never had a gradient stays where it is', async () => {
  const state = () => new Float32Array(70)
  const parameters = uniform(70, 1)
  const buffers = { step: stepOf(3), gradients: state(), first: state(), second: state(), parameters }
  for (const { actual } of await runBoth(machine, adam, { params: { count: 70, ...rates }, buffers })) {
    assert.equal(actual.parameters, parameters)
  }
})

/** p after each step, from p = 1: torch.optim.Adam's algorithm, line by line. */
function plainAdam(gradients: number[]): number[] {
  let [p, m, v] = [1, 0, 0]
  return gradients.map((g, i) => {
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    const mHat = m / (1 - beta1 ** (i + 1))
    const vHat = v / (1 - beta2 ** (i + 1))
    p -= (learningRate * mHat) / (Math.sqrt(vHat) + epsilon)
    return p
  })
}

/** The same on the device, its state staying there. */
async function adamOnDevice(gradients: number[]): Promise<number[]> {
  const one = { type: 'f32', length: 1 } as const
  const names = { step: 'step', gradients: 'gradients', first: 'first', second: 'second', parameters: 'parameters' }
  machine.allocate({
    step: { type: 'u32', length: stepWords },
    gradients: one,
    first: one,
    second: one,
    parameters: one,
  })
  const plan = [dispatch(adam, { count: 1, ...rates }, names)]
  await machine.prepare(plan)
  machine.write('parameters', Float32Array.of(1))
  const path: number[] = []
  for (let i = 0; i < gradients.length; i++) {
    machine.write('step', stepOf(i + 1))
    machine.write('gradients', Float32Array.of(gradients[i]))
    machine.run(plan)
    path.push((await machine.read('parameters'))[0])
  }
  machine.release()
  return path
}

test.run()
