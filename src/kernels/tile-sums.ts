import { listedByDefault, spread, type Buffers, type Constants, type Kernel } from './kernel.js'

type Params = 'blocks' | 'capacity' | 'scale'
type Names = 'queries' | 'query_tags' | 'centers' | 'center_tags' | 'tile_starts' | 'work' | 'sums'

/** Numbers of a block in `work`. */
export const blockWords = 6

/** What a summation's kernels are specialised for. */
export interface TileShape {
  dimension: number
  /** Columns that sums are kept apart by. */
  columns: number
  /** Coordinates are sums of two floats. */
  split: boolean
  /** Centers carry weights; else each weighs 1. */
  weighted: boolean
  /** Whether the centers of the query's own input are left out. */
  others: boolean
  /** Whether centers of the same label are summed apart; only if `others`. */
  labelled: boolean
}

type RowShape = Pick<TileShape, 'dimension' | 'split' | 'weighted'>

/** Numbers a center's row. */
export function centerRow({ dimension, split, weighted }: RowShape): number {
  return dimension * (split ? 2 : 1) + (weighted ? 1 : 0)
}

/** Vectors of four that a query takes. */
export function queryRow({ dimension, split }: Pick<TileShape, 'dimension' | 'split'>): number {
  return dimension * (split ? 3 : 2)
}

/** Sums of Gaussian kernels over listed tiles. shaders/tile-sums.wgsl */
export const tileSums: Kernel<Params, Names> = {
  name: 'tile-sums',
  writes: ['sums'],
  workgroup: { software: 4, hardware: 32 },
  workgroups: ({ blocks }) => spread(blocks, 1),
  // slots without a query are summed like the others
  work: ({ blocks, capacity }, constants, { centers } = listedByDefault(blocks)) => {
    const shape = shapeOf(constants)
    const [columns, kinds] = [Number(constants.COLUMNS), Number(constants.KINDS)]
    const pairs = centers * capacity
    const flops = pairs * (shape.dimension * (shape.split ? 6 : 4) + 1 + kinds + (shape.weighted ? 1 : 0))
    const slot = queryRow(shape) + 2 + columns * kinds
    return { pairs, flops, exps: pairs, bytes: 4 * (centers * (centerRow(shape) + 3) + blocks * capacity * slot) }
  },
  reference(params, buffers, constants) {
    for (let place = 0; place < params.blocks; place++) {
      const [block, listAt, count] = buffers.work.subarray(place * blockWords, place * blockWords + 3)
      const tiles = Array.from(buffers.work.subarray(listAt, listAt + count))
      for (let slot = block * params.capacity; slot < (block + 1) * params.capacity; slot++) {
        sumTiles(buffers, constants, slot, tiles, params.scale)
      }
    }
  },
}

/** The constants of a shape; small dimensions are written out, and a lane takes eight queries where their numbers fit. */
export function tileConstants({ dimension, columns, split, weighted, others, labelled }: TileShape): Constants {
  const UNROLLED = dimension <= 24
  const GROUPS = dimension <= 12 ? 2 : 1
  const kinds = { OTHERS: others, KINDS: others && labelled ? 2 : 1 }
  return { DIMENSION: dimension, COLUMNS: columns, GROUPS, UNROLLED, SPLIT: split, WEIGHTED: weighted, ...kinds }
}

function shapeOf({ DIMENSION, SPLIT, WEIGHTED }: Constants): RowShape {
  return { dimension: Number(DIMENSION), split: Boolean(SPLIT), weighted: Boolean(WEIGHTED) }
}

function sumTiles(buffers: Buffers<Names>, constants: Constants, slot: number, tiles: number[], scale: number): void {
  const [columns, kinds] = [Number(constants.COLUMNS), Number(constants.KINDS)]
  for (let b = 0; b < columns; b++) {
    const sums = [0, 0]
    for (const tile of tiles) {
      const at = tile * (columns + 1) + b
      for (let c = buffers.tile_starts[at]; c < buffers.tile_starts[at + 1]; c++) {
        const kind = kindOf(buffers, constants, slot, c)
        if (kind >= 0) sums[kind] += term(buffers, constants, slot, c, scale)
      }
    }
    for (let j = 0; j < kinds; j++) buffers.sums[(((slot >> 2) * columns + b) * kinds + j) * 4 + (slot & 3)] = sums[j]
  }
}

/** Which sum the center belongs to; -1: none. */
function kindOf({ query_tags, center_tags }: Buffers<Names>, constants: Constants, slot: number, c: number): number {
  if (!constants.OTHERS) return 0
  const tag = (which: 0 | 1) => query_tags[((slot >> 2) * 2 + which) * 4 + (slot & 3)]
  if (constants.KINDS === 1) return tag(0) === center_tags[2 * c] ? -1 : 0
  if (tag(1) !== center_tags[2 * c + 1]) return 1
  return tag(0) === center_tags[2 * c] ? -1 : 0
}

/** The plain form, from distances to y itself. */
function term(
  { queries, centers }: Buffers<Names>,
  constants: Constants,
  slot: number,
  c: number,
  scale: number,
): number {
  const shape = shapeOf(constants)
  const d = shape.dimension
  const [row, parts] = [centerRow(shape), shape.split ? 2 : 1]
  const query = (k: number) => queries[((slot >> 2) * queryRow(shape) + k) * 4 + (slot & 3)]
  let [toCenter, toOwn] = [0, 0]
  for (let k = 0; k < d; k++) {
    const z = query(d * parts + k) / 2
    const s = query(k) - centers[c * row + k]
    const low = shape.split ? query(d + k) - centers[c * row + d + k] : 0
    toCenter += (s + low + z) ** 2
    toOwn += z * z
  }
  const weight = shape.weighted ? centers[c * row + row - 1] : 1
  return weight * Math.exp(-scale * (toCenter - toOwn))
}
