// Entropies of points alone: nearest neighbours and kernels against Gaussians, whose entropy is (d/2) log(2 pi e).
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernelDensity } from '../../src/rivals/kde.js'
import { kozachenkoLeonenko } from '../../src/rivals/kozachenko-leonenko.js'
import { close } from '../close.js'
import { normalEntropy, normals, pointsOf } from './clouds.js'

test('nearest neighbours: a Gaussian in one to five dimensions, within 4 standard errors', () => {
  for (const dimension of [1, 2, 3, 4, 5]) {
    const { value, se } = kozachenkoLeonenko(pointsOf(dimension, normals(4096 * dimension, dimension)))
    close(value!, normalEntropy(dimension), 4 * se!, `d = ${dimension}`)
    // var(-log f) = d/2, and psi'(3) = 0.39 from the distances
    close(se!, Math.sqrt((dimension / 2 + 0.39) / 4096), 0.2 * se!, 'standard error')
    assert.ok(se! < 0.05, `standard error ${se}`)
  }
})

test('nearest neighbours: stretching by c adds d log c', () => {
  const values = normals(600, 7)
  const [plain, wide] = [values, values.map((value) => 10 * value)].map((of) => kozachenkoLeonenko(pointsOf(3, of)))
  close(wide.value! - plain.value!, 3 * Math.log(10), 1e-12, 'd log c')
})

test('kernels: a Gaussian in one to three dimensions, within 4 standard errors', () => {
  for (const dimension of [1, 2, 3]) {
    const { value, se } = kernelDensity(pointsOf(dimension, normals(1024 * dimension, dimension)))
    close(value!, normalEntropy(dimension), 4 * se!, `d = ${dimension}`)
  }
})

test('kernels: in more dimensions they err upwards, less with more points', () => {
  for (const dimension of [5, 8]) {
    const of = (count: number) => kernelDensity(pointsOf(dimension, normals(count * dimension, dimension))).value!
    const excess = [128, 1024].map((count) => of(count) - normalEntropy(dimension))
    assert.ok(excess[1] > 0 && excess[1] < excess[0], `${dimension} dimensions: ${excess}`)
  }
})

test('kernels: two far clusters add log 2, the width being that of one', () => {
  const values = normals(800, 3).map((value, i) => value * 0.01 + (i % 2 ? 5 : -5))
  const { value, se, width } = kernelDensity(pointsOf(1, values))
  close(value!, normalEntropy(1) + Math.log(0.01) + Math.LN2, 4 * se!, 'entropy')
  assert.ok(width! > 0.001 && width! < 0.01, `width ${width}`)
})

test('kernels: the density of three points, left out one at a time, by hand', () => {
  const points = pointsOf(1, Float64Array.of(0, 1, 3))
  const { value, width } = kernelDensity(points)
  const phi = (t: number) => Math.exp((-t * t) / 2 / width! ** 2) / Math.sqrt(2 * Math.PI) / width!
  const densities = [(phi(1) + phi(3)) / 2, (phi(1) + phi(2)) / 2, (phi(3) + phi(2)) / 2]
  close(value!, -densities.reduce((total, q) => total + Math.log(q), 0) / 3, 1e-13, 'entropy')
})

test('identical points have no density: minus infinity, never NaN', () => {
  const same = pointsOf(2, new Float64Array(20).fill(0.5))
  assert.is(kozachenkoLeonenko(same).value, -Infinity)
  assert.is(kozachenkoLeonenko(same).se, null)
  assert.equal(kernelDensity(same), { value: -Infinity, se: null, width: null })
  // Half of them identical: the neighbours say so, the kernels shrink as far as they may.
  const half = pointsOf(
    1,
    normals(40, 2).map((value, i) => (i % 2 ? value : 0)),
  )
  assert.is(kozachenkoLeonenko(half).value, -Infinity)
  assert.ok(Number.isFinite(kernelDensity(half).value))
})

test('one point tells nothing; two have each other', () => {
  assert.equal(kozachenkoLeonenko(pointsOf(3, Float64Array.of(1, 2, 3))), { value: null, se: null })
  assert.equal(kernelDensity(pointsOf(3, Float64Array.of(1, 2, 3))), { value: null, se: null, width: null })
  // psi(2) - psi(1) = 1, volume of the ball 2 eps
  close(kozachenkoLeonenko(pointsOf(1, Float64Array.of(1, 4))).value!, 1 + Math.log(2 * 3), 1e-14, 'two points')
})

test('a neuron that never moves is no NaN', () => {
  const values = normals(400, 5).map((value, i) => (i % 2 ? 1 : value))
  for (const estimate of [kozachenkoLeonenko, kernelDensity]) {
    assert.ok(Number.isFinite(estimate(pointsOf(2, values)).value))
  }
})

test.run()
