/**
 * One walk over all pairs of inputs: distances and cosines within and between classes, the two nearest of each input,
 * and the participation ratio. The latter needs no covariance: centred on both sides, the squared distances are the
 * Gram matrix of the centred points (classical scaling), whose eigenvalues are those of the covariance; so a layer of
 * ten thousand neurons costs no more than its distances. Distances are summed from differences: expanding the square
 * would lose those of points in tight clusters.
 */
import { sum } from '../math/statistics.js'
import type { PairInputs } from './look.js'

export interface PairFigures {
  /** One for each pair. */
  distances: Float64Array
  /** Of the distances; null of none. */
  mean: number | null
  /** One for each pair of which neither is 0. */
  cosines: Float64Array
}

export interface Pairs {
  within: PairFigures
  between: PairFigures
  /** n: distances of each input to the nearest and second nearest other one; Infinity where there is none. */
  nearest: Float64Array
  second: Float64Array
  /** Of the points themselves. */
  largestNorm: number
  /** (sum of eigenvalues)^2 / sum of their squares, of the covariance; null where all points are one. */
  participationRatio: number | null
}

/** Of all n (n - 1) / 2 pairs. */
export function pairsOf(inputs: PairInputs): Pairs {
  const { count, labels } = inputs
  const row = { squares: new Float64Array(count), products: new Float64Array(count) }
  const norms = Float64Array.from({ length: count }, (_, i) => Math.sqrt(squareOf(inputs, i)))
  const figures = {
    within: new Collected(withinPairs(labels)),
    between: new Collected(allPairs(count) - withinPairs(labels)),
  }
  const nearest = new NearestTwo(count)
  const moments = new SquareMoments(count)
  for (let i = 1; i < count; i++) {
    measureRow(inputs, i, row)
    for (let j = 0; j < i; j++) {
      const distance = Math.sqrt(row.squares[j])
      const kind = labels[i] === labels[j] ? figures.within : figures.between
      kind.add(distance, row.products[j], norms[i] * norms[j])
      nearest.add(i, j, distance)
    }
    moments.add(i, row.squares)
  }
  return {
    ...{ within: figures.within.figures(), between: figures.between.figures() },
    ...{ nearest: nearest.first, second: nearest.second, largestNorm: norms.reduce((a, b) => Math.max(a, b)) },
    participationRatio: moments.participationRatio(),
  }
}

/** Squared distances and inner products of point i and all before it. */
function measureRow(
  { points, width }: PairInputs,
  i: number,
  row: { squares: Float64Array; products: Float64Array },
): void {
  const own = points.subarray(i * width, (i + 1) * width)
  for (let j = 0, at = 0; j < i; j++) {
    let square = 0
    let product = 0
    for (let k = 0; k < width; k++, at++) {
      const gap = own[k] - points[at]
      square += gap * gap
      product += own[k] * points[at]
    }
    row.squares[j] = square
    row.products[j] = product
  }
}

function squareOf({ points, width }: PairInputs, i: number): number {
  let square = 0
  for (let at = i * width; at < (i + 1) * width; at++) square += points[at] * points[at]
  return square
}

const allPairs = (count: number) => (count * (count - 1)) / 2

function withinPairs(labels: Uint32Array): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return sum([...counts.values()].map(allPairs))
}

class Collected {
  readonly #distances: Float64Array
  readonly #cosines: Float64Array
  #pairs = 0
  #total = 0
  #angles = 0

  constructor(most: number) {
    this.#distances = new Float64Array(most)
    this.#cosines = new Float64Array(most)
  }

  add(distance: number, product: number, norms: number): void {
    this.#distances[this.#pairs++] = distance
    this.#total += distance
    if (norms > 0) this.#cosines[this.#angles++] = Math.max(-1, Math.min(1, product / norms))
  }

  figures(): PairFigures {
    return {
      distances: this.#distances.subarray(0, this.#pairs),
      mean: this.#pairs > 0 ? this.#total / this.#pairs : null,
      cosines: this.#cosines.subarray(0, this.#angles),
    }
  }
}

class NearestTwo {
  readonly first: Float64Array
  readonly second: Float64Array

  constructor(count: number) {
    this.first = new Float64Array(count).fill(Infinity)
    this.second = new Float64Array(count).fill(Infinity)
  }

  add(i: number, j: number, distance: number): void {
    if (distance < this.second[i]) this.#insert(i, distance)
    if (distance < this.second[j]) this.#insert(j, distance)
  }

  #insert(i: number, distance: number): void {
    this.second[i] = Math.max(this.first[i], distance)
    this.first[i] = Math.min(this.first[i], distance)
  }
}

/** Sums of squared distances, by row and of their squares. */
class SquareMoments {
  readonly #count: number
  readonly #rows: Float64Array
  #squares = 0

  constructor(count: number) {
    this.#count = count
    this.#rows = new Float64Array(count)
  }

  add(i: number, squares: Float64Array): void {
    for (let j = 0; j < i; j++) {
      this.#rows[i] += squares[j]
      this.#rows[j] += squares[j]
      this.#squares += 2 * squares[j] * squares[j]
    }
  }

  /** n^2 t^2 / |J D J|^2 with D the squared distances, t their mean, J = I - 1/n; see the head of this file. */
  participationRatio(): number | null {
    const n = this.#count
    const means = this.#rows.map((total) => total / n)
    const mean = sum(means) / n
    if (!(mean > 0)) return null
    const centred = this.#squares - 2 * n * sum(means.map((one) => one * one)) + (n * mean) ** 2
    return (n * mean) ** 2 / centred
  }
}
