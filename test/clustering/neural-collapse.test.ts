import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { neuralCollapse } from '../../src/clustering/neural-collapse.js'
import { symmetricEigen } from '../../src/clustering/symmetric-eigen.js'
import { applied, gram, randomRotation } from '../../src/math/linear-algebra.js'
import { close } from '../close.js'
import { normals } from '../rivals/clouds.js'
import { crosses, lookAt } from './looks.js'

const collapseOf = (means: number[][], reach: number) => {
  const { rows, labels } = crosses(means, reach)
  return neuralCollapse(lookAt(rows, labels))
}

test('class means at the corners of a simplex: NC2 is 0, NC1 is known', () => {
  // the corners r e_c of R^4, moved off the origin: Sigma_B = r^2 / C (1 - 1/C in every place), of rank 3
  const means = [0, 1, 2, 3].map((c) => [0, 1, 2, 3].map((k) => (k === c ? 4 : 0) + 1))
  const found = collapseOf(means, 0.5)
  assert.is(found.classes, 4)
  for (const name of ['nc2_equinorm', 'nc2_equiangularity', 'nc2_simplex'] as const) {
    close(found[name]!, 0, 1e-14, name)
  }
  close(found.within_std!, 0.5, 1e-14, 'within_std')
  // reach^2 / d on each of the C - 1 directions, against r^2 / C, over C
  close(found.nc1!, ((0.25 / 4) * 3) / (16 / 4) / 4, 1e-14, 'nc1')
})

test('means that are no simplex, by hand', () => {
  const found = collapseOf(
    [
      [2, 0],
      [-1, 1],
      [-1, -1],
    ],
    0.25,
  )
  const norms = [2, Math.SQRT2, Math.SQRT2]
  const mean = (2 + 2 * Math.SQRT2) / 3
  const std = Math.sqrt(norms.reduce((total, norm) => total + (norm - mean) ** 2, 0) / 3)
  close(found.nc2_equinorm!, std / mean, 1e-14, 'nc2_equinorm')
  const side = -Math.SQRT1_2
  close(found.nc2_equiangularity!, Math.sqrt((2 / 9) * side * side), 1e-14, 'nc2_equiangularity')
  close(found.nc2_simplex!, (2 * Math.abs(side + 0.5) + 0.5) / 3, 1e-14, 'nc2_simplex')
  // Sigma_B = diag(2, 2/3), Sigma_W = reach^2 / 2 times the identity
  close(found.nc1!, ((0.0625 / 2) * (1 / 2 + 3 / 2)) / 3, 1e-14, 'nc1')
})

test('classes count alike, however many inputs they have', () => {
  const { rows, labels } = crosses(
    [
      [2, 0],
      [-1, 1],
      [-1, -1],
    ],
    0.25,
  )
  const once = neuralCollapse(lookAt(rows, labels))
  const first = rows.filter((_, x) => labels[x] === 0)
  const more = neuralCollapse(
    lookAt([...rows, ...first, ...first], [...labels, ...first.map(() => 0), ...first.map(() => 0)]),
  )
  for (const name of ['within_std', 'nc1', 'nc2_equinorm', 'nc2_simplex'] as const) {
    close(more[name]!, once[name]!, 1e-14, name)
  }
})

test('a layer wider than there are inputs, and a direction in which the means do not differ', () => {
  const { rows, labels } = crosses(
    [
      [4, 0],
      [0, 4],
      [-4, -4],
    ],
    1,
  )
  const wide = rows.map((row) => [...row, ...new Array<number>(100).fill(3)])
  const narrow = neuralCollapse(lookAt(rows, labels))
  close(neuralCollapse(lookAt(wide, labels)).nc1!, narrow.nc1!, 1e-14, 'nc1')
  // means on a line: the scatter across it is not counted, Sigma_B^+ being 0 there
  const line = collapseOf(
    [
      [-2, 0],
      [0, 0],
      [2, 0],
    ],
    1,
  )
  close(line.nc1!, 1 / 2 / (8 / 3) / 3, 1e-14, 'nc1 of a line')
  assert.is(line.nc2_simplex, null, 'the middle mean has no direction')
  close(line.nc2_equinorm!, Math.SQRT1_2, 1e-14, 'norms 2, 0, 2')
})

test('collapsed classes: NC1 is 0; classes with one mean: it is not defined', () => {
  assert.is(
    collapseOf(
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      0,
    ).nc1,
    0,
  )
  const same = collapseOf(
    [
      [0.3, 1],
      [0.3, 1],
      [0.3, 1],
    ],
    0.5,
  )
  assert.equal([same.nc1, same.nc2_equinorm, same.nc2_simplex], [null, null, null])
  close(same.within_std!, 0.5, 1e-7, 'within_std')
})

test('a label without inputs is no class', () => {
  const { classes, nc2_simplex } = neuralCollapse(lookAt([[1], [2], [4]], [0, 5, 5]))
  assert.equal([classes, nc2_simplex], [2, null])
})

test('eigenvalues that were put in come out, with their vectors', () => {
  const normal = normals(400, 4).values()
  const rotation = randomRotation(6, () => normal.next().value!)
  const spectrum = [5, 2, 1, 1, 1e-3, 0]
  const matrix = gram(rotation.map((row) => row.map((value, k) => value * Math.sqrt(spectrum[k]))))
  const { values, vectors } = symmetricEigen(matrix)
  close(
    [...values].sort((a, b) => b - a),
    spectrum,
    1e-14,
    'eigenvalues',
  )
  vectors.forEach((vector, k) => {
    close(
      applied(matrix, vector),
      vector.map((value) => value * values[k]),
      1e-13,
      `vector ${k}`,
    )
  })
  assert.equal(
    symmetricEigen([
      [0, 0],
      [0, 0],
    ]).values,
    [0, 0],
  )
})

test.run()
