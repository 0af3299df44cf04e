import { spread, type Kernel } from './kernel.js'

/** A copy of a part of an array, as fast as memory lets it. shaders/roof-copy.wgsl */
export const roofCopy: Kernel<'first' | 'vectors' | 'invocations', 'source' | 'results'> = {
  name: 'roof-copy',
  writes: ['results'],
  workgroup: { software: 'simd', hardware: 256 },
  workgroups: ({ invocations }, workgroup) => spread(invocations, workgroup),
  work: ({ vectors }) => ({ flops: 0, exps: 0, bytes: 32 * vectors }),
  reference({ first, vectors }, { source, results }) {
    for (let i = 4 * first; i < 4 * (first + vectors); i++) results[i] = source[i]
  },
}
