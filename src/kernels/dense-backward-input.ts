import { isSmall } from './dense-forward.js'
import { spread, type Constants, type Kernel } from './kernel.js'
import { noProduct, productConstants, productTiles } from './product.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at'

/** d_x = d_u W. shaders/dense-backward-input.wgsl */
export const denseBackwardInput: Kernel<Params, 'parameters' | 'd_u' | 'd_x'> = {
  name: 'dense-backward-input',
  writes: ['d_x'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows, inputs }, workgroup, constants) =>
    spread(constants.TILED ? productTiles(inputs, rows, constants) : rows * inputs, workgroup),
  work: ({ rows, inputs, outputs }) => ({
    flops: 2 * rows * inputs * outputs,
    exps: 0,
    bytes: 4 * (rows * outputs + outputs * inputs + rows * inputs),
  }),
  reference({ rows, inputs, outputs, weights_at }, { parameters, d_u, d_x }) {
    d_x.fill(0, 0, rows * inputs)
    const row_sum = new Float64Array(inputs)
    for (let row = 0; row < rows; row++) {
      row_sum.fill(0)
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          row_sum[i] += d_u[row * outputs + o] * parameters[weights_at + o * inputs + i]
        }
      }
      d_x.set(row_sum, row * inputs)
    }
  },
}

/** The constants of a layer: whether the product is cut into tiles, and into which. */
export function denseBackwardInputConstants(layer: Record<'inputs' | 'outputs', number>): Constants {
  return isSmall(layer) ? { TILED: false, ...noProduct } : { TILED: true, ...productConstants(layer.inputs) }
}
