// d_x, sums of at most filters kernel^2 products: off by at most (filters kernel^2 + 1) 2^-24 sum |d_u W|.
import { test } from 'uvu'
import type { ConvShape } from '../../src/kernels/conv2d.js'
import { conv2dBackwardInput, conv2dBackwardInputConstants } from '../../src/kernels/conv2d-backward-input.js'
import { conv2dForward } from '../../src/kernels/conv2d-forward.js'
import type { Room } from '../../src/kernels/tile.js'
import { close, rounding } from '../close.js'
import { centralDifferences, dot } from './central-differences.js'
import { compare, f32, openMachine } from './compare.js'
import { inputsOf, mnist, outputsOf, parametersOf, placesOf, small, strided, wide } from './convolution.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** Room for small tiles, of which there are several in every shape; little to compile. */
const narrow: Room = { pixels: 6, width: 3 }

function paramsOf(rows: number, shape: ConvShape) {
  return { rows, ...shape, weights_at: placesOf(shape).weights_at }
}

async function check(rows: number, shape: ConvShape, room?: Room): Promise<void> {
  const params = paramsOf(rows, shape)
  const buffers = { parameters: parametersOf(shape), d_u: normal(rows * outputsOf(shape), rows) }
  const constants = conv2dBackwardInputConstants(shape, room)
  const sums = new Float64Array(rows * inputsOf(shape))
  const absolute = { parameters: buffers.parameters.map(Math.abs), d_u: buffers.d_u.map(Math.abs), d_x: sums }
  conv2dBackwardInput.reference(params, absolute, {})
  const terms = shape.filters * shape.kernel ** 2 + 1
  const tolerances = { d_x: sums.map((sum) => terms * rounding * sum) }
  await compare(
    machine,
    conv2dBackwardInput,
    { params, constants, buffers: { ...buffers, d_x: f32(sums.length) } },
    tolerances,
  )
}

test('the reference is the gradient of the forward reference', () => {
  for (const shape of [...small, ...strided].filter((shape) => inputsOf(shape) < 200)) {
    const rows = 2
    const parameters = Float64Array.from(parametersOf(shape))
    const x = Float64Array.from(normal(rows * inputsOf(shape), 1))
    const d_u = Float64Array.from(normal(rows * outputsOf(shape), 2))
    const d_x = new Float64Array(x.length)
    conv2dBackwardInput.reference(paramsOf(rows, shape), { parameters, d_u, d_x }, {})
    const u = new Float64Array(d_u.length)
    const differences = centralDifferences(x, () => {
      conv2dForward.reference({ rows, ...shape, ...placesOf(shape) }, { parameters, x, u }, {})
      return dot(u, d_u)
    })
    // u is linear in x: what is left is the rounding of sums of some hundred products of a few units, divided by 2^-9.
    close(d_x, differences, 1e-9, JSON.stringify(shape))
  }
})

test('one pixel, odd sizes, padding', async () => {
  for (const shape of small) await check(5, shape, narrow)
})

test('strides, with pixels left over', async () => {
  for (const shape of strided) await check(4, shape, narrow)
})

test('tiles as wide as the plane, with zeros around and between', async () => {
  for (const shape of wide) await check(3, shape, { pixels: 18, width: 9 })
})

test('the layers of a network for MNIST', async () => {
  for (const shape of mnist) for (const rows of [1, 3]) await check(rows, shape)
})

test.run()
