import { convolvedSize, convWork, everyProduct, type ConvParams } from './conv2d.js'
import { spread, type Kernel } from './kernel.js'

/** d_W += sum of d_u x over rows and pixels, d_b += sum of d_u. shaders/conv2d-backward-weights.wgsl */
export const conv2dBackwardWeights: Kernel<ConvParams | 'weights_at' | 'bias_at', 'x' | 'd_u' | 'gradients'> = {
  name: 'conv2d-backward-weights',
  writes: ['gradients'],
  workgroups: ({ channels, filters, kernel }, workgroup) =>
    spread(filters * (channels * kernel * kernel + 1), workgroup),
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, bias_at, ...shape }, { x, d_u, gradients }) {
    const { channels, filters, kernel } = shape
    const weights = new Float64Array(filters * channels * kernel * kernel)
    everyProduct(rows, shape, (out, weight, input) => {
      weights[weight] += d_u[out] * x[input]
    })
    weights.forEach((sum, weight) => (gradients[weights_at + weight] += sum))
    const pixels = convolvedSize(shape.height, shape) * convolvedSize(shape.width, shape)
    const biases = new Float64Array(filters)
    for (let i = 0; i < rows * filters * pixels; i++) biases[Math.floor(i / pixels) % filters] += d_u[i]
    biases.forEach((sum, filter) => (gradients[bias_at + filter] += sum))
  },
}
