import { spread, type Kernel } from './kernel.js'

export type Matrix = 'at' | 'short' | 'long' | 'short_stride' | 'long_stride'

/** Products of a weight matrix with itself along its longer side. shaders/gram.wgsl */
export const gram: Kernel<Matrix, 'parameters' | 'gram'> = {
  name: 'gram',
  writes: ['gram'],
  workgroups: ({ short }, workgroup) => spread(short * short, workgroup),
  work: ({ short, long }) => ({ flops: 2 * short * short * long, exps: 0, bytes: 4 * short * (short + long) }),
  reference({ at, short, long, short_stride, long_stride }, { parameters, gram }) {
    const a = (p: number, q: number) => parameters[at + p * short_stride + q * long_stride]
    for (let p = 0; p < short; p++) {
      for (let r = 0; r < short; r++) {
        let sum = 0
        for (let q = 0; q < long; q++) sum += a(p, q) * a(r, q)
        gram[p * short + r] = sum
      }
    }
  },
}

/** Where the weights of a layer, outputs x inputs from `weights_at`, lie by their shorter and their longer side. */
export function weightMatrix(layer: { inputs: number; outputs: number; weights_at: number }): Record<Matrix, number> {
  const { inputs, outputs, weights_at: at } = layer
  if (outputs <= inputs) return { at, short: outputs, long: inputs, short_stride: inputs, long_stride: 1 }
  return { at, short: inputs, long: outputs, short_stride: 1, long_stride: inputs }
}
