import { spread, type Kernel } from './kernel.js'
import { chainSizes } from './roof-multiply-add.js'

/** Chains of x <- exp(-x), as fast as they go. shaders/roof-exp.wgsl */
export const roofExp: Kernel<'count' | 'rounds', 'start' | 'results'> = {
  name: 'roof-exp',
  writes: ['results'],
  workgroup: { software: 'simd', hardware: 256 },
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count, rounds }, constants) => {
    const { numbers, steps } = chainSizes(constants)
    return { flops: 0, exps: count * numbers * rounds * steps, bytes: 8 * count * numbers }
  },
  reference({ count, rounds }, { start, results }, constants) {
    const { numbers, steps } = chainSizes(constants)
    for (let i = 0; i < count * numbers; i++) {
      let x = start[i]
      for (let n = 0; n < rounds * steps; n++) x = Math.exp(-x)
      results[i] = x
    }
  },
}
