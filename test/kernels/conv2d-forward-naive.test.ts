// u = x * W + b, a sum of channels kernel^2 products and the bias: off by at most (channels kernel^2 + 2) 2^-24 (sum |x W| + |b|).
import { test } from 'uvu'
import { conv2dForwardNaive, conv2dForwardNaiveConstants } from '../../src/kernels/conv2d-forward-naive.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { inputsOf, mnist, outputsOf, parametersOf, placesOf, small, strided } from './convolution.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('one pixel, odd sizes, padding, strides, and the layers of a network for MNIST', async () => {
  for (const shape of [...small, ...strided, ...mnist]) {
    const rows = 2
    const params = { rows, ...shape, ...placesOf(shape) }
    const [parameters, x] = [parametersOf(shape), normal(rows * inputsOf(shape), 1)]
    const u = new Float64Array(rows * outputsOf(shape))
    const absolute = { parameters: parameters.map(Math.abs), x: x.map(Math.abs), u }
    conv2dForwardNaive.reference(params, absolute, {})
    const tolerances = { u: u.map((sum) => (shape.channels * shape.kernel ** 2 + 2) * rounding * sum) }
    const constants = conv2dForwardNaiveConstants(shape)
    await compare(
      machine,
      conv2dForwardNaive,
      { params, constants, buffers: { parameters, x, u: f32(u.length) } },
      tolerances,
    )
  }
})

test.run()
