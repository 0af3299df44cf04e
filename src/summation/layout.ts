/** Centers and queries as the kernels read them: in the order of their trees, packed, with tiles, blocks and tags. */
import { centerRow, queryRow, type TileShape } from '../kernels/tile-sums.js'
import type { Tree } from './tree.js'

export interface Centers {
  count: number
  /** count x dimension. */
  coordinates: Float32Array | Float64Array
  /** Column of each center; null: all in column 0. */
  column: ArrayLike<number> | null
  /** Input that each center came from. */
  input: Uint32Array
  /** Its label; null where the sums know none. */
  label: Uint32Array | null
  /** What each center weighs; null: 1. */
  weight: Float64Array | null
}

export interface Queries {
  count: number
  /** count x dimension: the samples s that queries stand on. */
  coordinates: Float32Array | Float64Array
  /** count x dimension: their noise z. */
  noise: Float32Array
  input: Uint32Array
  label: Uint32Array | null
}

/** Some roots of the centers' tree and their packed centers: what lies on the device at one time. */
export interface Chunk {
  roots: number[]
  /** Places in the tree's order. */
  from: number
  to: number
  rows: Float32Array
  tags: Uint32Array
  tileStarts: Uint32Array
  /** Node of the tree -> tile, for the leaves that the chunk holds. */
  tileOf: Uint32Array
}

/** Sorts every leaf's centers by column, so that a tile's columns are runs. */
export function sortLeaves(tree: Tree, { column }: Centers): void {
  if (column === null) return
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.right[node] > 0) continue
    tree.order.subarray(tree.first[node], tree.last[node]).sort((a, b) => column[a] - column[b] || a - b)
  }
}

/** Cuts the tree into parts of at most `most` centers. */
export function chunks(tree: Tree, most: number): { roots: number[]; from: number; to: number }[] {
  const parts: { roots: number[]; from: number; to: number }[] = []
  const waiting = [...tree.roots].reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const [from, to] = [tree.first[node], tree.last[node]]
    const open = parts.at(-1)
    if (open && to - open.from <= most) {
      open.roots.push(node)
      open.to = to
    } else if (to - from <= most || tree.right[node] === 0) parts.push({ roots: [node], from, to })
    else waiting.push(tree.right[node], node + 1)
  }
  return parts
}

export function packCenters(
  shape: TileShape,
  tree: Tree,
  centers: Centers,
  { roots, from, to }: { roots: number[]; from: number; to: number },
): Chunk {
  const { dimension, columns } = shape
  const row = centerRow(shape)
  const rows = new Float32Array((to - from) * row)
  const tags = new Uint32Array((to - from) * 2)
  for (let place = from; place < to; place++) {
    const center = tree.order[place]
    const at = (place - from) * row
    packPoint(rows, at, 1, centers.coordinates, center, dimension, shape.split)
    if (shape.weighted) rows[at + row - 1] = centers.weight === null ? 1 : centers.weight[center]
    tags[(place - from) * 2] = centers.input[center]
    tags[(place - from) * 2 + 1] = centers.label === null ? 0 : centers.label[center]
  }
  const tileOf = new Uint32Array(tree.nodes)
  const starts: number[] = []
  let tiles = 0
  for (const root of roots) {
    for (let node = root; node < tree.nodes && tree.first[node] < tree.last[root]; node++) {
      if (tree.right[node] > 0) continue
      tileOf[node] = tiles++
      appendStarts(starts, tree, centers, node, columns, from)
    }
  }
  return { roots, from, to, rows, tags, tileStarts: Uint32Array.from(starts), tileOf }
}

/** Where each column of a leaf begins, and where the leaf ends, counted from the chunk's first center. */
function appendStarts(
  starts: number[],
  tree: Tree,
  { column }: Centers,
  leaf: number,
  columns: number,
  from: number,
): void {
  let place = tree.first[leaf]
  for (let b = 0; b < columns; b++) {
    starts.push(place - from)
    while (place < tree.last[leaf] && (column === null ? 0 : column[tree.order[place]]) === b) place++
  }
  starts.push(tree.last[leaf] - from)
}

/** A leaf of the queries' tree, with what decides about the centers it needs. */
export interface Block {
  /** Places in the tree's order. */
  from: number
  to: number
  low: Float64Array
  high: Float64Array
  /** Half the box's diagonal, squared. */
  halfDiagonal: number
  /** The largest |z|^2. */
  reach: number
  input: number
}

/** Every leaf of the queries' tree; `at` holds the noisy points that the tree was built on. */
export function blocksOf(tree: Tree, { noise, input }: Queries): Block[] {
  const blocks: Block[] = []
  const d = tree.dimension
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.right[node] > 0) continue
    const [from, to] = [tree.first[node], tree.last[node]]
    let reach = 0
    for (let place = from; place < to; place++) {
      let square = 0
      for (let k = 0; k < d; k++) square += noise[tree.order[place] * d + k] ** 2
      reach = Math.max(reach, square)
    }
    const [low, high] = [tree.low.subarray(node * d, (node + 1) * d), tree.high.subarray(node * d, (node + 1) * d)]
    let halfDiagonal = 0
    for (let k = 0; k < d; k++) halfDiagonal += (high[k] - low[k]) ** 2 / 4
    blocks.push({ from, to, low, high, halfDiagonal, reach, input: input[tree.order[from]] })
  }
  return blocks
}

/** Blocks in slots of `capacity`, four to a vector; a slot without a query repeats the block's last. */
export function packQueries(
  shape: TileShape,
  tree: Tree,
  queries: Queries,
  blocks: readonly Block[],
  capacity: number,
): { rows: Float32Array; tags: Uint32Array } {
  const { dimension, split } = shape
  const row = queryRow(shape)
  const parts = split ? 2 : 1
  const rows = new Float32Array(blocks.length * capacity * row)
  const tags = new Uint32Array(blocks.length * capacity * 2)
  blocks.forEach(({ from, to }, b) => {
    for (let i = 0; i < capacity; i++) {
      const query = tree.order[Math.min(from + i, to - 1)]
      const slot = b * capacity + i
      const at = (slot >> 2) * row * 4 + (slot & 3)
      packPoint(rows, at, 4, queries.coordinates, query, dimension, split)
      for (let k = 0; k < dimension; k++) {
        rows[at + (dimension * parts + k) * 4] = 2 * queries.noise[query * dimension + k]
      }
      const tag = (slot >> 2) * 8 + (slot & 3)
      tags[tag] = queries.input[query]
      tags[tag + 4] = queries.label === null ? 0 : queries.label[query]
    }
  })
  return { rows, tags }
}

/** A point's coordinates, and if they are split their low parts behind them, each `stride` numbers after the other. */
export function packPoint(
  rows: Float32Array,
  at: number,
  stride: number,
  coordinates: ArrayLike<number>,
  point: number,
  dimension: number,
  split: boolean,
): void {
  for (let k = 0; k < dimension; k++) {
    const value = coordinates[point * dimension + k]
    rows[at + k * stride] = value
    if (split) rows[at + (dimension + k) * stride] = value - Math.fround(value)
  }
}
