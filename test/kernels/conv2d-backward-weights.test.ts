// d_W += sum of d_u x and d_b += sum of d_u, sums over rows and pixels on top of what was there: off by at most
// (rows pixels + 2) 2^-24 of the sum of absolute values.
import { test } from 'uvu'
import type { ConvShape } from '../../src/kernels/conv2d.js'
import { conv2dBackwardWeights, conv2dBackwardWeightsConstants } from '../../src/kernels/conv2d-backward-weights.js'
import { conv2dForward } from '../../src/kernels/conv2d-forward.js'
import { close, rounding } from '../close.js'
import { centralDifferences, dot } from './central-differences.js'
import { compare, openMachine } from './compare.js'
import { inputsOf, mnist, outputsOf, parametersOf, placesOf, small, strided } from './convolution.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** Room for small tiles, of which there are several in every shape; little to compile. */
const narrow = 3

/** Gradients around the layer's own belong to others: no rounding may touch them, hence a tolerance of 0 there. */
async function check(rows: number, shape: ConvShape, room?: number): Promise<void> {
  const { bias_at } = placesOf(shape)
  const params = { rows, ...shape, ...placesOf(shape) }
  const gradients = uniform(bias_at + shape.filters + 2, 3)
  const buffers = { x: normal(rows * inputsOf(shape), 1), d_u: normal(rows * outputsOf(shape), 2), gradients }
  const sums = Float64Array.from(gradients, Math.abs)
  const absolute = { x: buffers.x.map(Math.abs), d_u: buffers.d_u.map(Math.abs), gradients: sums }
  conv2dBackwardWeights.reference(params, absolute, {})
  const terms = (rows * outputsOf(shape)) / shape.filters + 2
  const tolerance = sums.map((sum, i) => (sum === Math.abs(gradients[i]) ? 0 : terms * rounding * sum))
  await compare(
    machine,
    conv2dBackwardWeights,
    { params, buffers, constants: conv2dBackwardWeightsConstants(shape, room) },
    { gradients: tolerance },
  )
}

test('the reference is the gradient of the forward reference', () => {
  for (const shape of [...small, ...strided].filter((shape) => inputsOf(shape) < 200)) {
    const rows = 2
    const params = { rows, ...shape, ...placesOf(shape) }
    const parameters = Float64Array.from(parametersOf(shape), (value) => (Number.isNaN(value) ? 0 : value))
    const x = Float64Array.from(normal(rows * inputsOf(shape), 1))
    const d_u = Float64Array.from(normal(rows * outputsOf(shape), 2))
    const gradients = new Float64Array(parameters.length)
    conv2dBackwardWeights.reference(params, { x, d_u, gradients }, {})
    const u = new Float64Array(d_u.length)
    const differences = centralDifferences(parameters, () => {
      conv2dForward.reference(params, { parameters, x, u }, {})
      return dot(u, d_u)
    })
    // u is linear in W and b: what is left is the rounding of sums of some hundred products of a few units, divided by 2^-9.
    close(gradients, differences, 1e-9, JSON.stringify(shape))
  }
})

test('one pixel, odd sizes, padding', async () => {
  for (const shape of small) await check(5, shape, narrow)
})

test('strides, with pixels left over', async () => {
  for (const shape of strided) await check(4, shape, narrow)
})

test('the layers of a network for MNIST', async () => {
  for (const shape of mnist) for (const rows of [1, 3]) await check(rows, shape)
})

test.run()
