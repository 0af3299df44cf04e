import type { Matrix } from './gram.js'
import { spread, type Constants, type Kernel } from './kernel.js'

/** A <- A - rate (A A' A - A) for a layer's weights. shaders/orthonormal.wgsl */
export const orthonormal: Kernel<Matrix | 'rate', 'gram' | 'parameters'> = {
  name: 'orthonormal',
  writes: ['parameters'],
  workgroups: ({ long }, workgroup) => spread(long, workgroup),
  work: ({ short, long }) => ({ flops: 2 * short * short * long, exps: 0, bytes: 4 * short * (short + 2 * long) }),
  reference({ at, short, long, short_stride, long_stride, rate }, { gram, parameters }) {
    for (let q = 0; q < long; q++) {
      const place = (p: number) => at + p * short_stride + q * long_stride
      const old = Float64Array.from({ length: short }, (_, p) => parameters[place(p)])
      for (let p = 0; p < short; p++) {
        const product = old.reduce((sum, value, r) => sum + gram[p * short + r] * value, 0)
        parameters[place(p)] = old[p] - rate * (product - old[p])
      }
    }
  },
}

/** The constants of a matrix: how long its shorter side is. */
export function orthonormalConstants({ short }: { short: number }): Constants {
  return { SHORT: short }
}
