import { spread, type Constants, type Kernel } from './kernel.js'

type Params = 'count' | 'rounds' | 'a' | 'b'

/** Chains of x <- a x + b, as fast as they go. shaders/roof-multiply-add.wgsl */
export const roofMultiplyAdd: Kernel<Params, 'start' | 'results'> = {
  name: 'roof-multiply-add',
  writes: ['results'],
  workgroup: { software: 'simd', hardware: 256 },
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count, rounds }, constants) => {
    const { numbers, steps } = chainSizes(constants)
    return { flops: 2 * count * numbers * rounds * steps, exps: 0, bytes: 8 * count * numbers }
  },
  reference({ count, rounds, a, b }, { start, results }, constants) {
    const { numbers, steps } = chainSizes(constants)
    for (let i = 0; i < count * numbers; i++) {
      let x = start[i]
      for (let n = 0; n < rounds * steps; n++) x = a * x + b
      results[i] = x
    }
  },
}

/** Vectors of four that an invocation moves at a time, and steps that are written out. */
export const chainConstants = (chains: number, steps: number): Constants => ({ CHAINS: chains, STEPS: steps })

/** Numbers of an invocation, and steps of a round. */
export function chainSizes({ CHAINS, STEPS }: Constants): { numbers: number; steps: number } {
  return { numbers: 4 * Number(CHAINS), steps: Number(STEPS) }
}
