// Small matrices: determinants with known values, and rotations that keep lengths.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { applied, gram, logDeterminant, randomRotation } from '../../src/math/linear-algebra.js'
import { close } from '../close.js'
import { normals } from '../truth/plain-estimator.js'

test('the determinant of a product of triangles is that of its diagonals', () => {
  const lower = [
    [2, 0, 0],
    [-1, 0.5, 0],
    [4, 3, 7],
  ]
  close(gram(lower)[2], [8, -2.5, 74], 0, 'last row of A A^T')
  close(logDeterminant(gram(lower)), 2 * Math.log(7), 1e-13, 'log det')
  assert.throws(
    () =>
      logDeterminant([
        [1, 2],
        [2, 1],
      ]),
    /not positive definite, pivot 1 is -3/,
  )
})

test('a random rotation has orthonormal rows, and turns all axes', () => {
  const rotation = randomRotation(15, normals(3))
  gram(rotation).forEach((row, i) =>
    close(
      row,
      [...Array(15).keys()].map((j) => (i === j ? 1 : 0)),
      1e-14,
      `row ${i}`,
    ),
  )
  const turned = applied(rotation, [1, ...Array<number>(14).fill(0)])
  assert.ok(turned.every((value) => Math.abs(value) > 1e-3 && Math.abs(value) < 0.9))
})

test.run()
