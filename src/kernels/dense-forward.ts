import { spread, type Constants, type Kernel } from './kernel.js'
import { noProduct, productConstants, productTiles } from './product.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at' | 'bias_at'

/** u = x W' + b. shaders/dense-forward.wgsl */
export const denseForward: Kernel<Params, 'parameters' | 'x' | 'u'> = {
  name: 'dense-forward',
  writes: ['u'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows, outputs }, workgroup, constants) =>
    spread(constants.UNROLLED ? Math.ceil(rows / 4) : productTiles(outputs, rows, constants), workgroup),
  work: ({ rows, inputs, outputs }) => ({
    flops: 2 * rows * outputs * (inputs + 1),
    exps: 0,
    bytes: 4 * (rows * inputs + outputs * (inputs + 1) + rows * outputs),
  }),
  reference({ rows, inputs, outputs, weights_at, bias_at }, { parameters, x, u }) {
    for (let row = 0; row < rows; row++) {
      for (let o = 0; o < outputs; o++) {
        let sum = parameters[bias_at + o]
        for (let i = 0; i < inputs; i++) sum += parameters[weights_at + o * inputs + i] * x[row * inputs + i]
        u[row * outputs + o] = sum
      }
    }
  },
}

/** Products up to which a layer is small. */
const smallProducts = 512

/** Whether a layer is so small that its weights are written out one by one, and that tiles are not worth compiling. */
export function isSmall({ inputs, outputs }: Record<'inputs' | 'outputs', number>): boolean {
  return inputs * outputs <= smallProducts
}

/** The constants of a layer: whether it is small enough to be unrolled, and if so its numbers. */
export function denseConstants(layer: Record<Exclude<Params, 'rows'>, number>): Constants {
  const { inputs, outputs, weights_at, bias_at } = layer
  const numbers = { INPUTS_0: inputs, OUTPUTS_0: outputs, WEIGHTS_AT_0: weights_at, BIAS_AT_0: bias_at }
  if (isSmall(layer)) return { UNROLLED: true, ...numbers, ...noProduct }
  return { UNROLLED: false, ...unused, ...productConstants(outputs) }
}

/** No numbers of the layer, where the shader does not write it out. */
const unused = { INPUTS_0: 0, OUTPUTS_0: 0, WEIGHTS_AT_0: 0, BIAS_AT_0: 0 }
