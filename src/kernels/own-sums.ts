import { spread, type Buffers, type Constants, type Kernel } from './kernel.js'

type Params = 'blocks' | 'first_block' | 'queries' | 'batches' | 'share' | 'scale'
type Names = 'query_s' | 'query_z' | 'centers' | 'sums'
type Values = Record<Params, number>

/** Sums of exp(-(|y - c|^2 - |z|^2) / 2 beta^2) per query over each batch of its input's own replicas. shaders/own-sums.wgsl */
export const ownSums: Kernel<Params, Names> = {
  name: 'own-sums',
  writes: ['sums'],
  workgroup: { software: 4, hardware: 64 },
  workgroups: ({ blocks }, workgroup, { ALONE }) => spread(blocks, ALONE ? workgroup : 1),
  work: ({ blocks, queries, batches, share }, { DIMENSION }) => {
    const pairs = blocks * queries * batches * share
    const d = Number(DIMENSION)
    const numbers = blocks * (batches * share * d + queries * (2 * d + batches))
    return { pairs, flops: pairs * (4 * d + 2), exps: pairs, bytes: 4 * numbers }
  },
  reference(params, buffers, { DIMENSION }) {
    const { queries, batches, share, first_block } = params
    for (let place = 0; place < params.blocks; place++) {
      for (let q = (first_block + place) * queries; q < (first_block + place + 1) * queries; q++) {
        for (let b = 0; b < batches; b++) {
          const first = (place * batches + b) * share
          buffers.sums[q * batches + b] = shareSum(buffers, Number(DIMENSION), q, first, params)
        }
      }
    }
  },
}

/** The plain form, from distances to y itself. */
function shareSum(
  { query_s, query_z, centers }: Buffers<Names>,
  d: number,
  q: number,
  first: number,
  p: Values,
): number {
  let sum = 0
  for (let c = first; c < first + p.share; c++) {
    let [toCenter, toOwn] = [0, 0]
    for (let k = 0; k < d; k++) {
      const z = query_z[q * d + k]
      toCenter += (query_s[q * d + k] + z - centers[c * d + k]) ** 2
      toOwn += z * z
    }
    sum += Math.exp(-p.scale * (toCenter - toOwn))
  }
  return sum
}

/**
 * The constants of a layer: small dimensions are written out, and a turn takes 8 queries where their numbers fit. `alone`: an
 * invocation for each block, for adapters that run few at a time and wait long where they meet.
 */
export function ownConstants(layer: { dimension: number; queries: number; alone: boolean }): Constants {
  const { dimension, queries, alone } = layer
  const GROUPS = queries > 4 && dimension <= 12 ? 2 : 1
  return { DIMENSION: dimension, GROUPS, UNROLLED: dimension <= 24, ALONE: alone }
}
