import { convolvedPixels, convolvedSize, convWork, everyProduct, type ConvParams, type ConvShape } from './conv2d.js'
import { spread, type Constants, type Kernel } from './kernel.js'
import { softwareRoom, tileConstants, tileCount, type Room } from './tile.js'

/** u = x * W + b, a 2-d convolution. shaders/conv2d-forward.wgsl */
export const conv2dForward: Kernel<ConvParams | 'weights_at' | 'bias_at', 'parameters' | 'x' | 'u'> = {
  name: 'conv2d-forward',
  writes: ['u'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows, ...shape }, workgroup, constants) =>
    spread(tileCount(rows, shape.filters, convolvedSize(shape), constants), workgroup),
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, bias_at, ...shape }, { parameters, x, u }) {
    const pixels = convolvedPixels(shape)
    const bias = (i: number) => parameters[bias_at + (Math.floor(i / pixels) % shape.filters)]
    const sums = Float64Array.from({ length: rows * shape.filters * pixels }, (_, i) => bias(i))
    everyProduct(rows, shape, (out, weight, input) => {
      sums[out] += parameters[weights_at + weight] * x[input]
    })
    u.set(sums)
  },
}

/** The constants of this convolution; a hardware GPU wants hardwareRoom. */
export function conv2dForwardConstants(shape: ConvShape, room: Room = softwareRoom): Constants {
  const { height, width, kernel, stride, padding } = shape
  const [result, source] = [convolvedSize(shape), { height, width }]
  return tileConstants({ result, source, kernel, step: stride, spread: 1, before: padding }, room)
}
