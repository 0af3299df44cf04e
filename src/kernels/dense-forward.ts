import { spread, type Constants, type Kernel } from './kernel.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at' | 'bias_at'

/** u = x W' + b. shaders/dense-forward.wgsl */
export const denseForward: Kernel<Params, 'parameters' | 'x' | 'u'> = {
  name: 'dense-forward',
  writes: ['u'],
  workgroup: { software: 'simd', hardware: 64 },
  workgroups: ({ rows, outputs }, workgroup, { UNROLLED }) =>
    spread(UNROLLED ? Math.ceil(rows / 4) : rows * outputs, workgroup),
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

/** Products up to which a layer's weights are written out one by one. */
const unrolledProducts = 512

/** The constants of a layer: whether it is small enough to be unrolled, and if so its numbers. */
export function denseConstants(layer: Record<Exclude<Params, 'rows'>, number>): Constants {
  const { inputs, outputs, weights_at, bias_at } = layer
  const UNROLLED = inputs * outputs <= unrolledProducts
  const numbers = { INPUTS_0: inputs, OUTPUTS_0: outputs, WEIGHTS_AT_0: weights_at, BIAS_AT_0: bias_at }
  return { UNROLLED, ...(UNROLLED ? numbers : known) }
}

/** What the shader calls the same numbers where it does not write the layer out. */
const known = {
  INPUTS_0: 'params.inputs',
  OUTPUTS_0: 'params.outputs',
  WEIGHTS_AT_0: 'params.weights_at',
  BIAS_AT_0: 'params.bias_at',
}
