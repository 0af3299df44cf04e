// Moments stand for the centers of a node: the series against the sum itself, within the remainder that is promised, in f64.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { monomials, type Monomials } from '../../src/kernels/moment-sums.js'
import { addMoments, largestProduct, remainder } from '../../src/summation/moments.js'
import { normals } from '../truth/plain-estimator.js'

const dimensions = [1, 2, 3, 4, 5, 7, 10, 30, 69, 70]

test('monomials: all below a degree, each once, each an earlier one times a variable', () => {
  for (const dimension of dimensions) {
    const { degree, count, parent, axis, factorial } = monomials(dimension, 70)
    const powers = [Array<number>(dimension).fill(0)]
    for (let a = 1; a < count; a++) {
      assert.ok(parent[a] < a)
      powers.push(powers[parent[a]].map((n, k) => (k === axis[a] ? n + 1 : n)))
      assert.is(
        factorial[a],
        powers[a].map(factorialOf).reduce((x, y) => x * y, 1),
      )
    }
    assert.is(new Set(powers.map(String)).size, count)
    assert.ok(powers.every((power) => power.reduce((x, y) => x + y, 0) < degree))
    assert.is(count, below(dimension, degree), `all below degree ${degree} of ${dimension}`)
    assert.ok(degree === 12 || below(dimension, degree + 1) > 70, 'a higher degree does not fit')
  }
})

test('the largest product reaches the error it was asked for, and not more', () => {
  for (const degree of [1, 2, 3, 6, 12]) {
    for (const relative of [1e-12, 1e-8, 1e-4, 0.1]) {
      const product = largestProduct(degree, relative)
      assert.ok(remainder(degree, product) <= relative)
      assert.ok(product >= 1 - 1e-9 || remainder(degree, product * (1 + 1e-9) + 1e-15) > relative)
    }
  }
  assert.is(remainder(6, 0), 0)
})

test('random nodes: the series is the sum, within its remainder', () => {
  const normal = normals(1)
  let closest = 0
  for (const dimension of dimensions) {
    const terms = monomials(dimension, 70)
    for (const product of [1e-3, 0.05, 0.3, 1]) {
      for (let trial = 0; trial < 10; trial++) {
        const node = drawNode(normal, dimension, {
          product,
          length: 1 + 3 * Math.abs(normal()),
          aligned: trial % 2 === 0,
        })
        closest = Math.max(closest, off(terms, node) / (remainder(terms.degree, product) + 1e-13))
      }
    }
  }
  assert.ok(closest <= 1, `an error of ${closest} remainders`)
  assert.ok(closest > 0.05, `the bound is no use where errors reach ${closest} of it`)
})

test('one center at the middle is its own moments, exactly', () => {
  for (const dimension of dimensions) {
    const node = { v: [Array<number>(dimension).fill(0)], weights: [2.5], r: Array<number>(dimension).fill(3) }
    assert.is(off(monomials(dimension, 70), node), 0)
  }
})

interface Node {
  /** Offsets of centers from the middle and of the query, in noise. */
  v: number[][]
  weights: number[]
  r: number[]
}

/** Centers with |r| |v| up to `product`; aligned: all on the side that the query is on, or on the other. */
function drawNode(
  normal: () => number,
  dimension: number,
  { product, length, aligned }: { product: number; length: number; aligned: boolean },
): Node {
  const direction = () => scaled(Array.from({ length: dimension }, normal), 1)
  const r = scaled(direction(), length)
  const side = Math.sign(normal())
  const v = Array.from({ length: 20 }, (_, i) => {
    const size = (product / length) * (i === 0 ? 1 : Math.abs(Math.sin(i)))
    return scaled(aligned ? r : direction(), aligned ? side * size : size)
  })
  return { v, weights: v.map((_, i) => 1 + (i % 3)), r }
}

function scaled(vector: number[], length: number): number[] {
  const norm = Math.hypot(...vector)
  return vector.map((x) => (x * length) / norm)
}

/** Relative error of the series. */
function off(terms: Monomials, { v, weights, r }: Node): number {
  const [moments, powers] = [new Float64Array(terms.count), new Float64Array(terms.count)]
  v.forEach((offset, c) => addMoments(terms, offset, weights[c], moments, 0, powers))
  const monomial = [1]
  for (let a = 1; a < terms.count; a++) monomial[a] = monomial[terms.parent[a]] * r[terms.axis[a]]
  const series = monomial.reduce((sum, value, a) => sum + moments[a] * value, 0)
  const exact = v.reduce((sum, offset, c) => sum + weights[c] * Math.exp(dot(r, offset) - dot(offset, offset) / 2), 0)
  return Math.abs(series / exact - 1)
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, x, k) => sum + x * b[k], 0)
}

function factorialOf(n: number): number {
  return n < 2 ? 1 : n * factorialOf(n - 1)
}

/** Monomials of d variables of a degree below p: (d + p - 1)! / d! / (p - 1)! */
function below(d: number, p: number): number {
  let count = 1
  for (let k = 1; k < p; k++) count = (count * (d + k)) / k
  return count
}

test.run()
