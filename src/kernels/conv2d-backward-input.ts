import { convolvedSize, convWork, everyProduct, type ConvParams, type ConvShape } from './conv2d.js'
import { spread, type Constants, type Kernel } from './kernel.js'
import { softwareRoom, tileConstants, tileCount, type Room } from './tile.js'

/** d_x: every output's gradient goes back through the weights it came by. shaders/conv2d-backward-input.wgsl */
export const conv2dBackwardInput: Kernel<ConvParams | 'weights_at', 'parameters' | 'd_u' | 'd_x'> = {
  name: 'conv2d-backward-input',
  writes: ['d_x'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows, channels, height, width }, workgroup, constants) =>
    spread(tileCount(rows, channels, { height, width }, constants), workgroup),
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, ...shape }, { parameters, d_u, d_x }) {
    const sums = new Float64Array(rows * shape.channels * shape.height * shape.width)
    everyProduct(rows, shape, (out, weight, input) => {
      sums[input] += d_u[out] * parameters[weights_at + weight]
    })
    d_x.set(sums)
  },
}

/** The constants of this convolution; a hardware GPU wants hardwareRoom. */
export function conv2dBackwardInputConstants(shape: ConvShape, room: Room = softwareRoom): Constants {
  const { height, width, kernel, stride, padding } = shape
  const [result, source] = [{ height, width }, convolvedSize(shape)]
  return tileConstants({ result, source, kernel, step: 1, spread: stride, before: kernel - 1 - padding }, room)
}
