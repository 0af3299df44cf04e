import { convolvedSize, convWork, everyProduct, type ConvParams } from './conv2d.js'
import { spread, type Kernel } from './kernel.js'

/** u = x * W + b, a 2-d convolution. shaders/conv2d-forward.wgsl */
export const conv2dForward: Kernel<ConvParams | 'weights_at' | 'bias_at', 'parameters' | 'x' | 'u'> = {
  name: 'conv2d-forward',
  writes: ['u'],
  workgroups: ({ rows, ...shape }, workgroup) => {
    const pixels = convolvedSize(shape.height, shape) * convolvedSize(shape.width, shape)
    return spread(rows * shape.filters * pixels, workgroup)
  },
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, bias_at, ...shape }, { parameters, x, u }) {
    const pixels = convolvedSize(shape.height, shape) * convolvedSize(shape.width, shape)
    const bias = (i: number) => parameters[bias_at + (Math.floor(i / pixels) % shape.filters)]
    const sums = Float64Array.from({ length: rows * shape.filters * pixels }, (_, i) => bias(i))
    everyProduct(rows, shape, (out, weight, input) => {
      sums[out] += parameters[weights_at + weight] * x[input]
    })
    u.set(sums)
  },
}
