import { spread, type Kernel } from './kernel.js'

type Params = 'blocks' | 'first_block' | 'tiles' | 'scale' | 'threshold'
type Names = 'block_boxes' | 'reach' | 'tile_boxes' | 'labels' | 'list' | 'kept' | 'skipped'

/** Which tiles can matter to which block of queries, and a bound on the rest. shaders/near-tiles.wgsl */
export const nearTiles: Kernel<Params, Names> = {
  name: 'near-tiles',
  writes: ['list', 'kept', 'skipped'],
  workgroups: ({ blocks }, workgroup) => spread(blocks, workgroup),
  work: ({ blocks, tiles }, { DIMENSION }) => ({
    flops: 7 * blocks * tiles * Number(DIMENSION),
    exps: 0,
    bytes: 4 * blocks * tiles,
  }),
  reference({ blocks, first_block, tiles, scale, threshold }, buffers, { DIMENSION }) {
    const { block_boxes, reach, tile_boxes, labels, list, kept, skipped } = buffers
    const d = Number(DIMENSION)
    for (let place = 0; place < blocks; place++) {
      const block = first_block + place
      let [front, back] = [place * tiles, (place + 1) * tiles]
      skipped[block] = 0
      for (let tile = 0; tile < tiles; tile++) {
        const exponent = scale * (reach[block] - squaredGap(block_boxes, block, tile_boxes, tile, d))
        if (exponent <= threshold) skipped[block] += Math.exp(exponent)
        else if (tile !== block) list[labels[tile] === labels[block] ? front++ : --back] = tile
      }
      kept.set([place * tiles, front - place * tiles, back, (place + 1) * tiles - back], place * 4)
    }
  },
}

function squaredGap(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number, d: number): number {
  let square = 0
  for (let k = 0; k < d; k++) {
    const below = b[j * 2 * d + k] - a[(i * 2 + 1) * d + k]
    const above = a[i * 2 * d + k] - b[(j * 2 + 1) * d + k]
    square += Math.max(0, below, above) ** 2
  }
  return square
}
