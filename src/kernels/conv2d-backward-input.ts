import { convWork, everyProduct, type ConvParams } from './conv2d.js'
import { spread, type Kernel } from './kernel.js'

/** d_x: every output's gradient goes back through the weights it came by. shaders/conv2d-backward-input.wgsl */
export const conv2dBackwardInput: Kernel<ConvParams | 'weights_at', 'parameters' | 'd_u' | 'd_x'> = {
  name: 'conv2d-backward-input',
  writes: ['d_x'],
  workgroups: ({ rows, channels, height, width }, workgroup) => spread(rows * channels * height * width, workgroup),
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, ...shape }, { parameters, d_u, d_x }) {
    const sums = new Float64Array(rows * shape.channels * shape.height * shape.width)
    everyProduct(rows, shape, (out, weight, input) => {
      sums[input] += d_u[out] * parameters[weights_at + weight]
    })
    d_x.set(sums)
  },
}
