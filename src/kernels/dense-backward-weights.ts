import { isSmall } from './dense-forward.js'
import { spread, type Constants, type Kernel } from './kernel.js'
import { noProduct, productConstants, productTiles } from './product.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at' | 'bias_at'

/** d_W += d_u' x, d_b += sum of d_u. shaders/dense-backward-weights.wgsl */
export const denseBackwardWeights: Kernel<Params, 'x' | 'd_u' | 'gradients'> = {
  name: 'dense-backward-weights',
  writes: ['gradients'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ inputs, outputs }, workgroup, constants) =>
    spread(constants.TILED ? productTiles(outputs, inputs, constants) : outputs * (inputs + 1), workgroup),
  work: ({ rows, inputs, outputs }) => ({
    flops: 2 * rows * outputs * (inputs + 1),
    exps: 0,
    bytes: 4 * (rows * (inputs + outputs) + 2 * outputs * (inputs + 1)),
  }),
  reference({ rows, inputs, outputs, weights_at, bias_at }, { x, d_u, gradients }) {
    for (let o = 0; o < outputs; o++) {
      const sums = new Float64Array(inputs + 1)
      for (let row = 0; row < rows; row++) {
        const d = d_u[row * outputs + o]
        for (let i = 0; i < inputs; i++) sums[i] += d * x[row * inputs + i]
        sums[inputs] += d
      }
      for (let i = 0; i < inputs; i++) gradients[weights_at + o * inputs + i] += sums[i]
      gradients[bias_at + o] += sums[inputs]
    }
  },
}

/** The constants of a layer: whether the product is cut into tiles, and into which. */
export function denseBackwardWeightsConstants(layer: Record<'inputs' | 'outputs', number>): Constants {
  return isSmall(layer) ? { TILED: false, ...noProduct } : { TILED: true, ...productConstants(layer.outputs) }
}
