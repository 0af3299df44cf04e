// u = x * W + b, a sum of channels kernel^2 products and the bias: off by at most (channels kernel^2 + 2) 2^-24 (sum |x W| + |b|).
import { test } from 'uvu'
import type { ConvShape } from '../../src/kernels/conv2d.js'
import { conv2dForward, conv2dForwardConstants } from '../../src/kernels/conv2d-forward.js'
import type { Room } from '../../src/kernels/tile.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { inputsOf, mnist, outputsOf, parametersOf, placesOf, small, strided, wide } from './convolution.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** Room for small tiles, of which there are several in every shape; little to compile. */
const narrow: Room = { pixels: 6, width: 3 }

async function check(rows: number, shape: ConvShape, room?: Room): Promise<void> {
  const params = { rows, ...shape, ...placesOf(shape) }
  const buffers = { parameters: parametersOf(shape), x: normal(rows * inputsOf(shape), rows) }
  const constants = conv2dForwardConstants(shape, room)
  const sums = new Float64Array(rows * outputsOf(shape))
  const absolute = { parameters: buffers.parameters.map(Math.abs), x: buffers.x.map(Math.abs), u: sums }
  conv2dForward.reference(params, absolute, {})
  const terms = shape.channels * shape.kernel ** 2 + 2
  const tolerances = { u: sums.map((sum) => terms * rounding * sum) }
  await compare(machine, conv2dForward, { params, constants, buffers: { ...buffers, u: f32(sums.length) } }, tolerances)
}

test('the reference convolves as PyTorch does, by hand', () => {
  // 2 x 3 pixels, one filter of 2 x 2 with padding 1 and stride 2: outputs see the pixels' corners.
  const shape = { channels: 1, height: 2, width: 3, filters: 1, kernel: 2, stride: 2, padding: 1 }
  const buffers = {
    parameters: Float64Array.of(1, 10, 100, 1000, 0.5),
    x: Float64Array.of(1, 2, 3, 4, 5, 6),
    u: new Float64Array(4),
  }
  conv2dForward.reference({ rows: 1, ...shape, weights_at: 0, bias_at: 4 }, buffers, {})
  close(buffers.u, [1000.5, 3200.5, 40.5, 65.5], 0, 'u')
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
