/**
 * Points in a tree of boxes: near points lie together, so that whole boxes can be skipped, summed by moments, or listed. A box is
 * split at the middle of its longest side, which finds clusters better than a split at the median. Where many such splits
 * have not parted the points (distances over many orders of magnitude) it is split by number instead, and likewise where only the
 * number of its points is too large: then into leaves that are full.
 */
export interface Points {
  count: number
  dimension: number
  /** count x dimension. */
  coordinates: Float32Array | Float64Array
}

/** A leaf has at most `most` points, and a longest side of at most `side` or at most `few` points. */
export interface LeafRule {
  most: number
  side: number
  few: number
}

export interface Tree {
  dimension: number
  /** The points in the order of the leaves. */
  order: Uint32Array
  /** Node -> its points, order[first .. last - 1]. */
  first: Uint32Array
  last: Uint32Array
  /** Node -> its two halves, the left one standing right behind it; 0 for a leaf. */
  right: Uint32Array
  /** nodes x dimension: the tightest box. */
  low: Float64Array
  high: Float64Array
  /** One root for each group, in the order of the groups that occur. */
  roots: number[]
  nodes: number
}

/** Splits at the middle up to this depth. */
const deepest = 64

/** `groups`: point -> group; points of different groups never share a node. Time: n log n for clustered points. */
export function buildTree(points: Points, rule: LeafRule, groups: ArrayLike<number> | null = null): Tree {
  const { order, bounds } = grouped(points.count, groups)
  const growing = new Growing(points, order, rule)
  const roots = bounds.slice(0, -1).map((from, g) => growing.grow(from, bounds[g + 1]))
  return growing.tree(roots)
}

/** Points sorted by group, and where each group that occurs begins. */
function grouped(count: number, groups: ArrayLike<number> | null): { order: Uint32Array; bounds: number[] } {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  if (groups === null) return { order, bounds: count > 0 ? [0, count] : [0] }
  let most = 0
  for (let i = 0; i < count; i++) most = Math.max(most, groups[i])
  const starts = new Uint32Array(most + 2)
  for (let i = 0; i < count; i++) starts[groups[i] + 1]++
  for (let g = 0; g <= most; g++) starts[g + 1] += starts[g]
  const bounds = [...new Set(starts)]
  const next = starts.slice()
  for (let i = 0; i < count; i++) order[next[groups[i]]++] = i
  return { order, bounds }
}

class Growing {
  readonly #points: Points
  readonly #order: Uint32Array
  readonly #rule: LeafRule
  readonly #first: number[] = []
  readonly #last: number[] = []
  readonly #right: number[] = []
  #low: Float64Array
  #high: Float64Array

  constructor(points: Points, order: Uint32Array, rule: LeafRule) {
    this.#points = points
    this.#order = order
    this.#rule = rule
    const room = Math.max(16, Math.ceil(points.count / rule.few)) * points.dimension
    this.#low = new Float64Array(room)
    this.#high = new Float64Array(room)
  }

  /** The tree over order[from .. to - 1]; returns its root. Depth first, so that a left half follows its parent. */
  grow(from: number, to: number): number {
    const root = this.#first.length
    const waiting = [{ from, to, parent: -1, depth: 0 }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const node = this.#add(next.from, next.to)
      if (next.parent >= 0) this.#right[next.parent] = node
      const axis = this.#longest(node)
      if (this.#isLeaf(node, axis)) continue
      const middle = this.#split(node, axis, next.depth)
      const depth = next.depth + 1
      waiting.push({ from: middle, to: next.to, parent: node, depth })
      waiting.push({ from: next.from, to: middle, parent: -1, depth })
    }
    return root
  }

  tree(roots: number[]): Tree {
    const nodes = this.#first.length
    const { dimension } = this.#points
    return {
      dimension,
      order: this.#order,
      first: Uint32Array.from(this.#first),
      last: Uint32Array.from(this.#last),
      right: Uint32Array.from(this.#right),
      low: this.#low.subarray(0, nodes * dimension),
      high: this.#high.subarray(0, nodes * dimension),
      roots,
      nodes,
    }
  }

  #add(from: number, to: number): number {
    const node = this.#first.length
    const { dimension, coordinates } = this.#points
    this.#first.push(from)
    this.#last.push(to)
    this.#right.push(0)
    if ((node + 1) * dimension > this.#low.length) this.#enlarge()
    const [low, high, order, at] = [this.#low, this.#high, this.#order, node * dimension]
    low.fill(Infinity, at, at + dimension)
    high.fill(-Infinity, at, at + dimension)
    for (let i = from; i < to; i++) {
      const point = order[i] * dimension
      for (let k = 0; k < dimension; k++) {
        const value = coordinates[point + k]
        if (value < low[at + k]) low[at + k] = value
        if (value > high[at + k]) high[at + k] = value
      }
    }
    return node
  }

  #enlarge(): void {
    const grown = (old: Float64Array) => {
      const array = new Float64Array(old.length * 2)
      array.set(old)
      return array
    }
    this.#low = grown(this.#low)
    this.#high = grown(this.#high)
  }

  #longest(node: number): number {
    const { dimension } = this.#points
    let [axis, side] = [0, -1]
    for (let k = 0; k < dimension; k++) {
      const length = this.#high[node * dimension + k] - this.#low[node * dimension + k]
      if (length > side) [axis, side] = [k, length]
    }
    return axis
  }

  #isLeaf(node: number, axis: number): boolean {
    const count = this.#last[node] - this.#first[node]
    const at = node * this.#points.dimension + axis
    const { most, side, few } = this.#rule
    return count <= 1 || (count <= most && (count <= few || this.#high[at] - this.#low[at] <= side))
  }

  /** Parts the node's points along the axis; returns where the right half begins. Both halves hold points. */
  #split(node: number, axis: number, depth: number): number {
    const [from, to] = [this.#first[node], this.#last[node]]
    const at = node * this.#points.dimension + axis
    const side = this.#high[at] - this.#low[at]
    if (depth < deepest && side > this.#rule.side) {
      const parted = this.#partition(from, to, axis, this.#low[at] + side / 2)
      if (parted > from && parted < to) return parted
    }
    if (side > 0) this.#sort(from, to, axis)
    const { most } = this.#rule
    const half = (to - from) / 2
    return from + (half < most ? Math.floor(half) : most * Math.ceil(half / most))
  }

  /** Points below `middle` first. */
  #partition(from: number, to: number, axis: number, middle: number): number {
    const { dimension, coordinates } = this.#points
    const order = this.#order
    let [left, right] = [from, to - 1]
    while (left <= right) {
      const point = order[left]
      if (coordinates[point * dimension + axis] < middle) left++
      else {
        order[left] = order[right]
        order[right--] = point
      }
    }
    return left
  }

  #sort(from: number, to: number, axis: number): void {
    const { dimension, coordinates } = this.#points
    const value = (i: number) => coordinates[i * dimension + axis]
    this.#order.subarray(from, to).sort((a, b) => value(a) - value(b) || a - b)
  }
}
