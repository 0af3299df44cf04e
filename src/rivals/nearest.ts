/**
 * Nearest neighbours in the maximum norm: a kd-tree cut at the median of the widest coordinate, with the box of each
 * node. Ties and identical points are no special case. In many dimensions nearly every leaf is opened, and what helps
 * is leaving a point at its first coordinate that is too far.
 */
import type { Points } from './draws.js'

const leafSize = 12

interface Node {
  from: number
  to: number
  low: Float64Array
  high: Float64Array
  /** Null in a leaf. */
  children: [Node, Node] | null
}

export class NearestPoints {
  /** Points in the tree's order, so that those of a leaf lie together. */
  readonly #values: Float64Array
  readonly #root: Node

  constructor(points: Points) {
    const order = Uint32Array.from({ length: points.count }, (_, i) => i)
    this.#root = build(points, order, 0, points.count)
    this.#values = new Float64Array(points.values.length)
    order.forEach((point, i) => this.#values.set(rowOf(points, point), i * points.width))
  }

  /** Distance to the k-th nearest point, a point at the very same place included; Infinity if there are fewer. */
  kthDistance(query: Float64Array, k: number): number {
    const best = new Float64Array(k).fill(Infinity)
    this.#nearest(this.#root, query, best)
    return best[k - 1]
  }

  /** How many points are nearer than `radius`. */
  countNearer(query: Float64Array, radius: number): number {
    return this.#count(this.#root, query, radius)
  }

  #nearest({ from, to, children }: Node, query: Float64Array, best: Float64Array): void {
    if (children) {
      const [a, b] = children.map((child) => boxDistance(child, query))
      const first = a <= b ? 0 : 1
      if (Math.min(a, b) < best[best.length - 1]) this.#nearest(children[first], query, best)
      if (Math.max(a, b) < best[best.length - 1]) this.#nearest(children[1 - first], query, best)
      return
    }
    for (let point = from; point < to; point++) {
      const distance = this.#distance(point, query, best[best.length - 1])
      if (distance < best[best.length - 1]) insert(best, distance)
    }
  }

  #count(node: Node, query: Float64Array, radius: number): number {
    const { from, to, children } = node
    if (!(boxDistance(node, query) < radius)) return 0
    if (farthestDistance(node, query) < radius) return to - from
    if (children) return this.#count(children[0], query, radius) + this.#count(children[1], query, radius)
    let found = 0
    for (let point = from; point < to; point++) if (this.#distance(point, query, radius) < radius) found++
    return found
  }

  /** Exact below `limit`; else some number not below it. */
  #distance(point: number, query: Float64Array, limit: number): number {
    const values = this.#values
    let distance = 0
    for (let i = 0, at = point * query.length; i < query.length; i++, at++) {
      const gap = Math.abs(values[at] - query[i])
      if (gap >= limit) return gap
      if (gap > distance) distance = gap
    }
    return distance
  }
}

/** A view of one point. */
export function rowOf({ values, width }: Points, point: number): Float64Array {
  return values.subarray(point * width, (point + 1) * width)
}

function build(points: Points, order: Uint32Array, from: number, to: number): Node {
  const [low, high] = boxOf(points, order, from, to)
  const sides = high.map((value, i) => value - low[i])
  const widest = sides.indexOf(Math.max(...sides))
  if (to - from <= leafSize || !(sides[widest] > 0)) return { from, to, low, high, children: null }
  const coordinate = (point: number) => points.values[point * points.width + widest]
  order.subarray(from, to).sort((a, b) => coordinate(a) - coordinate(b))
  const middle = (from + to) >> 1
  const children: [Node, Node] = [build(points, order, from, middle), build(points, order, middle, to)]
  return { from, to, low, high, children }
}

function boxOf({ values, width }: Points, order: Uint32Array, from: number, to: number): [Float64Array, Float64Array] {
  const low = new Float64Array(width).fill(Infinity)
  const high = new Float64Array(width).fill(-Infinity)
  for (let place = from; place < to; place++) {
    for (let i = 0, at = order[place] * width; i < width; i++, at++) {
      low[i] = Math.min(low[i], values[at])
      high[i] = Math.max(high[i], values[at])
    }
  }
  return [low, high]
}

function boxDistance({ low, high }: Node, query: Float64Array): number {
  let distance = 0
  for (let i = 0; i < query.length; i++) {
    const gap = query[i] < low[i] ? low[i] - query[i] : query[i] - high[i]
    if (gap > distance) distance = gap
  }
  return distance
}

function farthestDistance({ low, high }: Node, query: Float64Array): number {
  let distance = 0
  for (let i = 0; i < query.length; i++) {
    const gap = query[i] - low[i] > high[i] - query[i] ? query[i] - low[i] : high[i] - query[i]
    if (gap > distance) distance = gap
  }
  return distance
}

/** Keeps `best` sorted; its last and largest falls out. */
function insert(best: Float64Array, distance: number): void {
  let place = best.length - 1
  for (; place > 0 && best[place - 1] > distance; place--) best[place] = best[place - 1]
  best[place] = distance
}
