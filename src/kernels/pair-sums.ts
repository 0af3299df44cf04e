import { spread, type Buffers, type Kernel } from './kernel.js'

type Params = 'blocks' | 'first_block' | 'queries' | 'batches' | 'share' | 'tiles' | 'scale'
type Names = 'query_s' | 'query_z' | 'centers' | 'sums' | 'list' | 'kept'
type Values = Record<Params, number>

/** Sums of exp(-(|y - c|^2 - |z|^2) / 2 beta^2) per query and batch of centers. shaders/pair-sums.wgsl */
export const pairSums: Kernel<Params, Names> = {
  name: 'pair-sums',
  writes: ['sums'],
  workgroups: ({ blocks }) => spread(blocks, 1),
  work: ({ blocks, queries, batches, share, tiles }, { DIMENSION, OWN }) => {
    const pairs = blocks * queries * batches * share * (OWN ? 1 : tiles)
    return { flops: pairs * (4 * Number(DIMENSION) + 2), exps: pairs, bytes: 4 * (pairs / queries) * Number(DIMENSION) }
  },
  reference(params, buffers, { DIMENSION, OWN }) {
    const { queries, batches, share, tiles, first_block } = params
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
          const front = listed(buffers, place * tiles, buffers.kept[place * 2])
          const back = listed(buffers, (place + 1) * tiles - buffers.kept[place * 2 + 1], buffers.kept[place * 2 + 1])
          buffers.sums[(q * batches + b) * 2] = front.reduce((sum, tile) => sum + tileSum(tile), 0)
          buffers.sums[(q * batches + b) * 2 + 1] = back.reduce((sum, tile) => sum + tileSum(tile), 0)
        }
      }
    }
  },
}

function listed(buffers: Buffers<Names>, from: number, count: number): number[] {
  return Array.from(buffers.list.subarray(from, from + count))
}

/** The plain form, from distances to y itself. */
function shareSum({ query_s, query_z, centers }: Buffers<Names>, d: number, q: number, first: number, p: Values): number {
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
