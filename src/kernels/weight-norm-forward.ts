import { spread, type Kernel } from './kernel.js'

export type NormalisedLayer = 'inputs' | 'outputs' | 'weights_at' | 'bias_at' | 'gains_at'

/** w = g v / |v| for every neuron of a layer, and b. shaders/weight-norm-forward.wgsl */
export const weightNormForward: Kernel<NormalisedLayer, 'raw' | 'parameters'> = {
  name: 'weight-norm-forward',
  writes: ['parameters'],
  workgroups: ({ outputs }, workgroup) => spread(outputs, workgroup),
  work: ({ inputs, outputs }) => ({ flops: 3 * inputs * outputs, exps: outputs, bytes: 8 * (inputs + 1) * outputs }),
  reference({ inputs, outputs, weights_at, bias_at, gains_at }, { raw, parameters }) {
    for (let o = 0; o < outputs; o++) {
      const at = weights_at + o * inputs
      const v = Array.from(raw.subarray(at, at + inputs))
      const norm = Math.hypot(...v)
      v.forEach((value, i) => (parameters[at + i] = (raw[gains_at + o] * value) / norm))
      parameters[bias_at + o] = raw[bias_at + o]
    }
  },
}
