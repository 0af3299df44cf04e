import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { neighbourhood } from '../../src/clustering/intrinsic-dimension.js'
import { pairInputs, type LayerLook } from '../../src/clustering/look.js'
import { pairsOf } from '../../src/clustering/pairs.js'
import { symmetricEigen } from '../../src/clustering/symmetric-eigen.js'
import { randomRotation } from '../../src/math/linear-algebra.js'
import { close } from '../close.js'
import { normals, uniform } from '../rivals/clouds.js'
import { lookAt, points, turned } from './looks.js'

const count = 1000
const normal = normals(200, 6).values()
const rotation = randomRotation(10, () => normal.next().value!)

function dimensionsOf(look: LayerLook) {
  const pairs = pairsOf(pairInputs(look, look.count))
  return { ...neighbourhood(pairs.nearest, pairs.second, pairs.largestNorm), ratio: pairs.participationRatio! }
}

/** Points in ten dimensions that differ in these coordinates alone, then turned. */
const inTen = (coordinates: () => number[]) =>
  turned(lookAt(points(count, () => Object.assign(new Array<number>(10).fill(0), coordinates()))), rotation)

test('a line, a plane and a cube in ten dimensions: 1, 2 and 3', () => {
  const draw = uniform(8)
  for (const d of [1, 2, 3]) {
    const found = dimensionsOf(inTen(() => Array.from({ length: d }, draw)))
    // the fit to 900 ratios has a standard error near d / sqrt(900); faces of the cube add a few hundredths
    close(found.intrinsic_dimension!, d, 5 * (d / Math.sqrt(900)), `dimension of ${d}`)
    // the spread of d equal variances, each known to sqrt(.8 / 1000): second order in it
    close(found.ratio, d, 0.02, `participation ratio of ${d}`)
    assert.is(found.coinciding_share, 0)
  }
})

test('a circle is one-dimensional to its neighbourhoods, and fills two of the axes', () => {
  const draw = uniform(2)
  const found = dimensionsOf(
    inTen(() => {
      const angle = 2 * Math.PI * draw()
      return [Math.cos(angle), Math.sin(angle)]
    }),
  )
  close(found.intrinsic_dimension!, 1, 5 / Math.sqrt(900), 'dimension')
  close(found.ratio, 2, 0.02, 'participation ratio')
})

test('the participation ratio is that of the eigenvalues of the covariance', () => {
  const z = normals(4 * 300, 3)
  const rows = points(300, (i) => [3 * z[4 * i] + 100, z[4 * i + 1], 0.3 * z[4 * i + 2], z[4 * i] - z[4 * i + 3]])
  const look = lookAt(rows)
  const row = (x: number) => look.s.subarray(4 * x, 4 * x + 4)
  const means = [0, 1, 2, 3].map((k) => rows.reduce((total, _, x) => total + row(x)[k] / 300, 0))
  const covariance = means.map((a, j) =>
    means.map((b, k) => rows.reduce((total, _, x) => total + ((row(x)[j] - a) * (row(x)[k] - b)) / 300, 0)),
  )
  const { values } = symmetricEigen(covariance)
  const expected = values.reduce((a, b) => a + b) ** 2 / values.reduce((a, b) => a + b * b, 0)
  close(dimensionsOf(look).ratio, expected, 1e-11, 'participation ratio')
})

test('points that coincide are counted, and beyond half of them there is no dimension', () => {
  const draw = uniform(5)
  const some = (share: number) =>
    dimensionsOf(lookAt(points(count, (i) => (i < share * count ? [0.5, 0.5] : [draw(), draw()]))))
  const third = some(0.3)
  close(third.coinciding_share!, 0.3, 1e-12, 'coinciding_share')
  close(third.intrinsic_dimension!, 2, 5 * (2 / Math.sqrt(630)), 'of the rest')
  const most = some(0.6)
  close(most.coinciding_share!, 0.6, 1e-12, 'coinciding_share')
  assert.is(most.intrinsic_dimension, null)
})

test('what only rounding tells apart coincides, at every scale', () => {
  const saturated = points(40, (i) => [1 - (i % 3) * 2 ** -24, i % 2 ? -1 : 1])
  for (const scale of [1, 2 ** -30, 2 ** 30]) {
    const found = dimensionsOf(lookAt(saturated.map((row) => row.map((value) => scale * value))))
    assert.is(found.coinciding_share, 1)
    assert.is(found.intrinsic_dimension, null)
  }
})

test('a lattice, whose ratios are all 1, and a handful of points have no dimension', () => {
  const lattice = dimensionsOf(lookAt(points(100, (i) => [i % 10, Math.floor(i / 10)])))
  assert.equal([lattice.intrinsic_dimension, lattice.coinciding_share], [null, 0])
  assert.is(dimensionsOf(lookAt(points(19, (i) => [i * i]))).intrinsic_dimension, null)
})

test.run()
