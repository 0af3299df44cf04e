// Gradient descent with momentum against PyTorch's documented formula. The buffer rounds three products and two sums, the rates among the
// params once each: 4 roundings of every term. The change takes one product more, and the rate's own rounding.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sgd } from '../../src/kernels/sgd.js'
import { packSteps } from '../../src/kernels/step.js'
import { close, rounding } from '../close.js'
import { compare, openMachine, runBoth } from './compare.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const stepSize = 0.05
const step = packSteps([{ seed: 1, noiseStep: 0, batchStart: 0, rows: 0, stepSize, correction: 0 }])

for (const [momentum, weight_decay] of [
  [0, 0],
  [0.9, 0],
  [0.9, 5e-4],
  [0, 0.1],
]) {
  test(`one step in all sizes, momentum ${momentum}, weight decay ${weight_decay}`, async () => {
    for (const count of [1, 64, 65, 318]) {
      const buffers = { step, gradients: normal(count, 1), first: normal(count, 2), parameters: uniform(count, 4) }
      const { gradients, first, parameters } = buffers
      const size = Array.from(gradients, (g, i) => {
        return momentum * Math.abs(first[i]) + Math.abs(g) + weight_decay * Math.abs(parameters[i])
      })
      const tolerances = {
        first: size.map((one) => 4 * rounding * one),
        parameters: size.map((one, i) => rounding * (7 * stepSize * one + Math.abs(parameters[i]))),
      }
      const params = { count, momentum, weight_decay }
      await compare(machine, sgd, { params, buffers }, tolerances)
    }
  })
}

test('the first step from an empty buffer takes the gradient as it is, as PyTorch does', async () => {
  const buffers = { step, gradients: Float32Array.of(2), first: Float32Array.of(0), parameters: Float32Array.of(1) }
  const params = { count: 1, momentum: 0.9, weight_decay: 0.5 }
  for (const { actual } of await runBoth(machine, sgd, { params, buffers })) {
    close(actual.first, 2.5, 4 * rounding, 'buffer')
    close(actual.parameters, 1 - 0.05 * 2.5, 2 * rounding, 'parameter')
  }
})

test('five steps as PyTorch takes them', () => {
  // By hand from torch.optim.SGD's documented algorithm: lr .05, momentum .5, weight decay .1, gradients 1, -1, 2, 0, .5 from p = 1.
  const documented = [0.945, 0.962775, 0.866848625, 0.814551194375, 0.759329723090625]
  const first = Float64Array.of(0)
  const parameters = Float64Array.of(1)
  const words = packSteps([{ seed: 1, noiseStep: 0, batchStart: 0, rows: 0, stepSize: 0.05, correction: 0 }])
  const path = [1, -1, 2, 0, 0.5].map((g) => {
    const arrays = { step: words, gradients: Float64Array.of(g), first, parameters }
    sgd.reference({ count: 1, momentum: 0.5, weight_decay: 0.1 }, arrays, {})
    return parameters[0]
  })
  close(path, documented, 1e-8, 'parameters') // the rate is .05 in f32
})

test('without gradient, momentum and decay a parameter stays where it is', async () => {
  const parameters = uniform(70, 1)
  const buffers = { step, gradients: new Float32Array(70), first: new Float32Array(70), parameters }
  for (const { actual } of await runBoth(machine, sgd, {
    params: { count: 70, momentum: 0.9, weight_decay: 0 },
    buffers,
  })) {
    assert.equal(actual.parameters, parameters)
  }
})

test.run()
