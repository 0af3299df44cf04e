import { convolvedPixels, convolvedSize, convWork, everyProduct, type ConvParams, type ConvShape } from './conv2d.js'
import { spread, type Constants, type Kernel } from './kernel.js'
import { partSize } from './tile.js'

/** d_W += sum of d_u x over rows and pixels, d_b += sum of d_u. shaders/conv2d-backward-weights.wgsl */
export const conv2dBackwardWeights: Kernel<ConvParams | 'weights_at' | 'bias_at', 'x' | 'd_u' | 'gradients'> = {
  name: 'conv2d-backward-weights',
  writes: ['gradients'],
  workgroup: { software: 'simd', hardware: 64 },
  // one for every channel of four filters
  workgroups: ({ channels, filters }) => spread(channels * Math.ceil(filters / 4), 1),
  work: ({ rows, ...shape }) => convWork(rows, shape),
  reference({ rows, weights_at, bias_at, ...shape }, { x, d_u, gradients }) {
    const { channels, filters, kernel } = shape
    const weights = new Float64Array(filters * channels * kernel * kernel)
    everyProduct(rows, shape, (out, weight, input) => {
      weights[weight] += d_u[out] * x[input]
    })
    weights.forEach((sum, weight) => (gradients[weights_at + weight] += sum))
    const pixels = convolvedPixels(shape)
    const biases = new Float64Array(filters)
    for (let i = 0; i < rows * filters * pixels; i++) biases[Math.floor(i / pixels) % filters] += d_u[i]
    biases.forEach((sum, filter) => (gradients[bias_at + filter] += sum))
  },
}

/** The constants of this convolution, in strips of at most so many pixels of the output. */
export function conv2dBackwardWeightsConstants(shape: ConvShape, room = 8): Constants {
  const { kernel, stride, padding } = shape
  const result = convolvedSize(shape)
  const width = partSize(result.width, room)
  const windowWidth = stride * (width - 1) + kernel
  return {
    KERNEL: kernel,
    STEP: stride,
    SPREAD: 1,
    BEFORE: padding,
    ZEROS: padding > 0 || result.width % width > 0,
    TILE_WIDTH: width,
    WINDOW_WIDTH: windowWidth,
    WINDOW_KEPT: (kernel - 1) * windowWidth,
    SUMS_KEPT: (kernel - 1) * kernel,
  }
}
