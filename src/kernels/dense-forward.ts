import { spread, type Kernel } from './kernel.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at' | 'bias_at'

/** u = x W' + b. shaders/dense-forward.wgsl */
export const denseForward: Kernel<Params, 'parameters' | 'x' | 'u'> = {
  name: 'dense-forward',
  writes: ['u'],
  workgroups: ({ rows, outputs }, workgroup) => spread(rows * outputs, workgroup),
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
