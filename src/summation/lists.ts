/**
 * Which centers matter to a block of queries (METHOD 2.2): from the root of their tree down, a node is skipped if none of its centers
 * can matter, summed by moments if it is small enough, listed if it is a leaf, and else opened.
 */
import { addMoments, largestProduct } from './moments.js'
import type { Block, Centers, Chunk } from './layout.js'
import { nodeRow, type Monomials } from '../kernels/moment-sums.js'
import type { TileShape } from '../kernels/tile-sums.js'
import type { Tree } from './tree.js'

export interface Bounds {
  noiseStd: number
  /** ln of what a center may add at most to be skipped, per unit of its weight; -Infinity skips nothing. */
  threshold: number
  /** Relative error that moments may have; 0: no moments. */
  relative: number
}

/** Far enough below the threshold to be counted without a closer look. */
const clearly = 20

export class Lister {
  readonly #shape: TileShape
  readonly #tree: Tree
  readonly #centers: Centers
  readonly #monomials: Monomials
  readonly #bounds: Bounds
  readonly #product: number
  /** Nodes with fewer centers are not worth their moments. */
  readonly #worth: number
  readonly #mass: Float64Array | null
  /** nodes: |v|^2 of the farthest corner from the middle. */
  readonly #radius: Float64Array
  #chunk: Chunk | null = null
  #nodeOf = new Map<number, number>()
  #stack = new Uint32Array(1024)
  /** Room for the rows of the nodes whose moments were asked for in this chunk. */
  readonly rows: Float32Array
  #tiles = new Uint32Array(1024)
  #tileCount = 0
  /** What the last call listed beside tiles: rows of nodes, and the tree's nodes behind these. */
  readonly nodes: number[] = []
  readonly treeNodes: number[] = []
  /** Bound on what the last call skipped, and how many centers its tiles hold. */
  skipped = 0
  centersListed = 0
  /** The largest |r| |v| accepted so far, and the longest lists. */
  largest = 0
  mostTiles = 0
  mostNodes = 0

  constructor(
    shape: TileShape,
    tree: Tree,
    centers: Centers,
    { monomials, bounds, rows }: { monomials: Monomials; bounds: Bounds; rows: Float32Array },
  ) {
    this.#shape = shape
    this.#tree = tree
    this.#centers = centers
    this.#monomials = monomials
    this.#bounds = bounds
    this.#product = bounds.relative > 0 ? largestProduct(monomials.degree, bounds.relative) : -1
    this.#worth = Math.max(64, (shape.columns * monomials.count) / 8)
    this.#mass = centers.weight === null ? null : prefixSums(tree, centers.weight)
    this.rows = rows
    this.#radius = new Float64Array(tree.nodes)
    for (let node = 0; node < tree.nodes; node++) {
      this.#radius[node] = this.#farthest(tree.low, tree.high, node * tree.dimension, node)
    }
  }

  begin(chunk: Chunk): void {
    this.#chunk = chunk
    this.#nodeOf = new Map()
  }

  /** Tiles of the chunk that the last call listed; good until the next. */
  get tiles(): Uint32Array {
    return this.#tiles.subarray(0, this.#tileCount)
  }

  /** Numbers of `rows` in use. */
  get used(): number {
    return this.#nodeOf.size * nodeRow(this.#shape, this.#monomials)
  }

  /** Lists what the block needs of the trees with these roots. */
  list(block: Block, roots: readonly number[]): void {
    const { noiseStd, threshold } = this.#bounds
    const tree = this.#tree
    const scale = 1 / (2 * noiseStd * noiseStd)
    const near = block.reach - threshold / scale
    const far = block.reach - (threshold - clearly) / scale
    if (this.nodes.length > 0) this.nodes.length = this.treeNodes.length = 0
    this.#tileCount = this.skipped = this.centersListed = 0
    let top = 0
    for (const root of roots) this.#stack[top++] = root
    while (top > 0) {
      const node = this.#stack[--top]
      const square = this.#distance(block, node, far)
      if (square >= near) {
        this.skipped += this.#massOf(node) * Math.exp(scale * (block.reach - square))
      } else if (this.#takesMoments(block, node)) {
        this.nodes.push(this.#momentRow(node))
        this.treeNodes.push(node)
      } else if (tree.right[node] === 0) {
        if (this.#tileCount === this.#tiles.length) this.#tiles = doubled(this.#tiles)
        this.#tiles[this.#tileCount++] = this.#chunk!.tileOf[node]
        this.centersListed += tree.last[node] - tree.first[node]
      } else {
        if (top + 2 > this.#stack.length) this.#stack = doubled(this.#stack)
        this.#stack[top++] = tree.right[node]
        this.#stack[top++] = node + 1
      }
    }
    this.mostTiles = Math.max(this.mostTiles, this.#tileCount)
    this.mostNodes = Math.max(this.mostNodes, this.nodes.length)
  }

  /** Squared distance between the boxes of block and node, or what it has grown to once beyond `far`. */
  #distance(block: Block, node: number, far: number): number {
    const { low, high, dimension } = this.#tree
    const at = node * dimension
    let square = 0
    for (let k = 0; k < dimension && square < far; k++) {
      const gap = Math.max(low[at + k] - block.high[k], block.low[k] - high[at + k])
      if (gap > 0) square += gap * gap
    }
    return square
  }

  #massOf(node: number): number {
    const { first, last } = this.#tree
    return this.#mass === null ? last[node] - first[node] : this.#mass[last[node]] - this.#mass[first[node]]
  }

  /** Whether the node's moments are worth it, exact enough for all of the block, and can still be stored. */
  #takesMoments(block: Block, node: number): boolean {
    const { first, last } = this.#tree
    if (this.#product < 0 || last[node] - first[node] < this.#worth) return false
    // no middle is nearer to all of the block than half its diagonal; and a thousandth more, as all of this is rounded
    const most = (this.#product * this.#bounds.noiseStd ** 2) ** 2 / 1.002
    if (this.#radius[node] * block.halfDiagonal > most) return false
    const product = this.#radius[node] * this.#farthest(block.low, block.high, 0, node)
    if (product > most) return false
    if (!this.#nodeOf.has(node) && this.used + nodeRow(this.#shape, this.#monomials) > this.rows.length) return false
    this.largest = Math.max(this.largest, Math.sqrt(1.002 * product) / this.#bounds.noiseStd ** 2)
    return true
  }

  /** Squared distance from the node's middle to the farthest corner of the box at `from` of low and high. */
  #farthest(low: Float64Array, high: Float64Array, from: number, node: number): number {
    const { dimension } = this.#tree
    let square = 0
    for (let k = 0; k < dimension; k++) {
      const at = node * dimension + k
      const middle = this.#middle(this.#tree.low[at], this.#tree.high[at])
      const [up, down] = [high[from + k] - middle, middle - low[from + k]]
      square += up > down ? up * up : down * down
    }
    return square
  }

  /** The middle of an interval as the device has it. Where f32 resolves the interval badly, it is well off the true one. */
  #middle(low: number, high: number): number {
    const middle = low + (high - low) / 2
    const rounded = Math.fround(middle)
    return this.#shape.split ? rounded + Math.fround(middle - rounded) : rounded
  }

  #momentRow(node: number): number {
    const known = this.#nodeOf.get(node)
    if (known !== undefined) return known
    const number = this.#nodeOf.size
    this.#nodeOf.set(node, number)
    const { first, last, low, high, order } = this.#tree
    const { dimension, columns, split } = this.#shape
    const { noiseStd } = this.#bounds
    const { coordinates, column, label, weight } = this.#centers
    const row = nodeRow(this.#shape, this.#monomials)
    const middle = Float64Array.from({ length: dimension }, (_, k) => {
      return this.#middle(low[node * dimension + k], high[node * dimension + k])
    })
    const at = number * row
    middle.forEach((value, k) => {
      this.rows[at + k] = value
      if (split) this.rows[at + dimension + k] = value - Math.fround(value)
    })
    const sums = new Float64Array(columns * this.#monomials.count)
    const [v, powers] = [new Float64Array(dimension), new Float64Array(this.#monomials.count)]
    for (let place = first[node]; place < last[node]; place++) {
      const c = order[place]
      for (let k = 0; k < dimension; k++) v[k] = (coordinates[c * dimension + k] - middle[k]) / noiseStd
      const into = (column === null ? 0 : column[c]) * this.#monomials.count
      addMoments(this.#monomials, v, weight === null ? 1 : weight[c], sums, into, powers)
    }
    this.rows[at + dimension * (split ? 2 : 1)] = label === null ? 0 : label[order[first[node]]]
    this.rows.set(sums, at + dimension * (split ? 2 : 1) + 1)
    return number
  }
}

function doubled(list: Uint32Array): Uint32Array<ArrayBuffer> {
  const twice = new Uint32Array(list.length * 2)
  twice.set(list)
  return twice
}

function prefixSums(tree: Tree, weight: Float64Array): Float64Array {
  const sums = new Float64Array(tree.order.length + 1)
  for (let place = 0; place < tree.order.length; place++) sums[place + 1] = sums[place] + weight[tree.order[place]]
  return sums
}
