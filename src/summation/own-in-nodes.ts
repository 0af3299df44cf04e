/**
 * Moments count all centers of a node, those of the query's own input too, which sums over other inputs leave out: these are taken
 * out again here, one by one in f64. What remains is off by no more than the node's own error (METHOD 2.2), and by its rounding: where
 * a node holds little else, that is more than the rounding of what remains.
 */
import type { Block, Centers, Queries } from './layout.js'
import type { Tree } from './tree.js'

export class OwnInNodes {
  readonly #tree: Tree
  readonly #centers: Centers
  readonly #queries: Queries
  readonly #shape: { dimension: number; columns: number; kinds: number; scale: number }
  /** Places in the tree's order of each input's centers, ascending: places[starts[x] .. starts[x + 1] - 1]. */
  readonly #starts: Uint32Array
  readonly #places: Uint32Array
  /** queries: what was taken out of their sums. */
  readonly taken: Float64Array

  constructor(
    tree: Tree,
    centers: Centers,
    queries: Queries,
    shape: { dimension: number; columns: number; labelled: boolean; noiseStd: number },
  ) {
    this.#tree = tree
    this.#centers = centers
    this.#queries = queries
    this.taken = new Float64Array(queries.count)
    const { dimension, columns, labelled, noiseStd } = shape
    this.#shape = { dimension, columns, kinds: labelled ? 2 : 1, scale: 1 / (2 * noiseStd * noiseStd) }
    let inputs = 0
    for (const input of centers.input) inputs = Math.max(inputs, input + 1)
    for (const input of queries.input) inputs = Math.max(inputs, input + 1)
    this.#starts = new Uint32Array(inputs + 1)
    for (const input of centers.input) this.#starts[input + 1]++
    for (let x = 0; x < inputs; x++) this.#starts[x + 1] += this.#starts[x]
    const next = this.#starts.slice()
    this.#places = new Uint32Array(centers.count)
    for (let place = 0; place < tree.order.length; place++) {
      this.#places[next[centers.input[tree.order[place]]]++] = place
    }
  }

  /** Subtracts from `sums` what the listed nodes hold of the own centers of each of the block's queries. */
  takeOut(queryOrder: Uint32Array, block: Block, nodes: readonly number[], sums: Float64Array): void {
    const { first, last, order } = this.#tree
    const sorted = [...nodes].sort((a, b) => first[a] - first[b])
    for (let at = block.from; at < block.to; at++) {
      const query = queryOrder[at]
      const input = this.#queries.input[query]
      let n = 0
      for (let i = this.#starts[input]; i < this.#starts[input + 1]; i++) {
        const place = this.#places[i]
        while (n < sorted.length && last[sorted[n]] <= place) n++
        if (n === sorted.length) break
        if (place >= first[sorted[n]]) this.#subtract(query, order[place], sums)
      }
    }
  }

  #subtract(query: number, center: number, sums: Float64Array): void {
    const { dimension, columns, kinds, scale } = this.#shape
    const { column, weight, coordinates } = this.#centers
    let exponent = 0
    for (let k = 0; k < dimension; k++) {
      const t = this.#queries.coordinates[query * dimension + k] - coordinates[center * dimension + k]
      exponent += t * (t + 2 * this.#queries.noise[query * dimension + k])
    }
    const into = (query * columns + (column === null ? 0 : column[center])) * kinds
    const term = (weight === null ? 1 : weight[center]) * Math.exp(-scale * exponent)
    sums[into] -= term
    this.taken[query] += term
  }
}
