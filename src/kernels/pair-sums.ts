import { spread, type Buffers, type Constants, type Kernel } from './kernel.js'

type Params = 'blocks' | 'first_block' | 'queries' | 'share' | 'scale'
type Names = 'query_s' | 'query_z' | 'centers' | 'sums' | 'list' | 'kept'
type Values = Record<Params, number>

/** Sums of exp(-(|y - c|^2 - |z|^2) / 2 beta^2) per query and batch of centers. shaders/pair-sums.wgsl */
export const pairSums: Kernel<Params, Names> = {
  name: 'pair-sums',
  writes: ['sums'],
  workgroup: { software: 4, hardware: 64 },
  workgroups: ({ blocks }) => spread(blocks, 1),
  // of one tile a block: how many are listed is known only when it has run
  work: ({ blocks, queries, share }, { DIMENSION, BATCHES }) => {
    const pairs = blocks * queries * Number(BATCHES) * share
    return { flops: pairs * (4 * Number(DIMENSION) + 2), exps: pairs, bytes: 4 * (pairs / queries) * Number(DIMENSION) }
  },
  reference(params, buffers, { DIMENSION, BATCHES, OWN }) {
    const { queries, share, first_block } = params
    const batches = Number(BATCHES)
    const d = Number(DIMENSION)
    for (let place = 0; place < params.blocks; place++) {
      const block = first_block + place
      for (let q = block * queries; q < (block + 1) * queries; q++) {
        for (let b = 0; b < batches; b++) {
          const tileSum = (tile: number) => shareSum(buffers, d, q, (tile * batches + b) * share, params)
          if (OWN) {
            buffers.sums[q * batches + b] = tileSum(place)
            continue
          }
          for (const kind of [0, 1]) {
            const tiles = listed(buffers, buffers.kept[place * 4 + 2 * kind], buffers.kept[place * 4 + 2 * kind + 1])
            buffers.sums[(q * batches + b) * 2 + kind] = tiles.reduce((sum, tile) => sum + tileSum(tile), 0)
          }
        }
      }
    }
  },
}

function listed(buffers: Buffers<Names>, from: number, count: number): number[] {
  return Array.from(buffers.list.subarray(from, from + count))
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

/** The constants of a layer; a pass takes 8 queries into registers where they and the sums of all batches fit, else 4. */
export function pairConstants(shape: { dimension: number; queries: number; batches: number; own: boolean }): Constants {
  const { dimension, queries, batches, own } = shape
  const GROUPS = queries > 4 && dimension <= 8 ? 2 : 1
  return { DIMENSION: dimension, BATCHES: batches, GROUPS, OWN: own }
}
