import { spread, type Kernel } from './kernel.js'
import type { NormalisedLayer } from './weight-norm-forward.js'

/** Gradients of v, b and g from those of W and b. shaders/weight-norm-backward.wgsl */
export const weightNormBackward: Kernel<NormalisedLayer, 'raw' | 'gradients' | 'raw_gradients'> = {
  name: 'weight-norm-backward',
  writes: ['raw_gradients'],
  workgroups: ({ outputs }, workgroup) => spread(outputs, workgroup),
  work: ({ inputs, outputs }) => ({ flops: 9 * inputs * outputs, exps: outputs, bytes: 12 * (inputs + 1) * outputs }),
  reference({ inputs, outputs, weights_at, bias_at, gains_at }, { raw, gradients, raw_gradients }) {
    for (let o = 0; o < outputs; o++) {
      const at = weights_at + o * inputs
      const [v, d_w] = [raw, gradients].map((values) => Array.from(values.subarray(at, at + inputs)))
      const norm = Math.hypot(...v)
      const d_g = d_w.reduce((sum, d, i) => sum + d * v[i], 0) / norm
      const scale = raw[gains_at + o] / norm
      d_w.forEach((d, i) => (raw_gradients[at + i] = scale * d - (scale * d_g * v[i]) / norm))
      raw_gradients[bias_at + o] = gradients[bias_at + o]
      raw_gradients[gains_at + o] = d_g
    }
  },
}
