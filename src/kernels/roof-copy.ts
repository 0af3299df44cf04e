import { spread, type Kernel } from './kernel.js'

/** A copy, as fast as memory lets it. shaders/roof-copy.wgsl */
export const roofCopy: Kernel<'vectors' | 'invocations', 'source' | 'results'> = {
  name: 'roof-copy',
  writes: ['results'],
  workgroup: { software: 'simd', hardware: 256 },
  workgroups: ({ invocations }, workgroup) => spread(invocations, workgroup),
  work: ({ vectors }) => ({ flops: 0, exps: 0, bytes: 32 * vectors }),
  reference({ vectors }, { source, results }) {
    for (let i = 0; i < 4 * vectors; i++) results[i] = source[i]
  },
}
