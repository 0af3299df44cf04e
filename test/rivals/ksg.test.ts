import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digamma } from '../../src/rivals/digamma.js'
import { ksg, ksgDiscrete } from '../../src/rivals/ksg.js'
import { close } from '../close.js'
import { normals, pointsOf } from './clouds.js'

test('psi at known places, and from one place to the next', () => {
  const euler = 0.5772156649015329
  const known: [number, number][] = [
    [1, -euler],
    [2, 1 - euler],
    [0.5, -euler - 2 * Math.LN2],
    [11, 7381 / 2520 - euler],
  ]
  for (const [x, value] of known) close(digamma(x), value, 4e-15, `psi(${x})`)
  for (const x of [0.1, 3.3, 9.5, 100, 1e6])
    close(digamma(x + 1) - digamma(x), 1 / x, 1e-14, `psi(${x} + 1) - psi(${x})`)
})

test('correlated Gaussians: -1/2 log(1 - rho^2), within 4 standard errors', () => {
  for (const rho of [0, 0.5, -0.9, 0.99]) {
    const [a, noise] = [normals(4096, 1), normals(4096, 2)]
    const b = a.map((value, i) => rho * value + Math.sqrt(1 - rho * rho) * noise[i])
    const { value, se } = ksg(pointsOf(1, a), pointsOf(1, b))
    close(value!, -Math.log(1 - rho * rho) / 2, 4 * se!, `rho = ${rho}`)
    assert.ok(se! < 0.02)
  }
})

test('four pairs by hand: a neighbour counts only if nearer than the first in the plane', () => {
  const [a, b] = [Float64Array.of(0, 1, 3, 7), Float64Array.of(0, 2, 3, 9)]
  // radii 2, 2, 2, 6; counts 2 2 1 2 and 1 2 2 1; psi(1) + psi(4) - (5 psi(2) + 3 psi(1)) / 4
  close(ksg(pointsOf(1, a), pointsOf(1, b), 1).value!, 7 / 12, 1e-14, 'k = 1')
})

test('vectors: information adds up over independent pairs of coordinates', () => {
  const [a, noise] = [normals(3000, 3), normals(3000, 4)]
  const b = a.map((value, i) => 0.6 * value + 0.8 * noise[i])
  const { value, se } = ksg(pointsOf(2, a), pointsOf(2, b))
  close(value!, -Math.log(1 - 0.36), 4 * se!, 'two pairs')
})

test('a sign through Gaussian noise (BPSK), by quadrature 0.6327 and 0.3368 nats', () => {
  for (const [std, truth] of [
    [0.5, 0.632720194],
    [1, 0.33683082],
  ]) {
    const classes = Uint32Array.from({ length: 4096 }, (_, i) => i % 2)
    const points = pointsOf(
      1,
      normals(4096, 8).map((value, i) => 2 * classes[i] - 1 + std * value),
    )
    const { value, se } = ksgDiscrete(points, classes)
    close(value!, truth, 4 * se!, `noise ${std}`)
    assert.ok(se! < 0.02)
  }
})

test('classes apart: psi(N) - psi(N/m), which goes to log m', () => {
  const classes = Uint32Array.from({ length: 600 }, (_, i) => i % 6)
  const points = pointsOf(
    1,
    normals(600, 9).map((value, i) => 100 * classes[i] + value),
  )
  close(ksgDiscrete(points, classes).value!, digamma(600) - digamma(100), 1e-12, 'six classes')
})

test('identical points: nothing is divided by 0, and what is constant tells nothing', () => {
  const same = pointsOf(1, new Float64Array(50).fill(2))
  const other = pointsOf(1, normals(50, 1))
  close(ksg(same, other).value!, 0, 1e-12, 'constant against continuous')
  close(ksg(same, same).value!, 0, 1e-12, 'constant against constant')
  const classes = Uint32Array.from({ length: 50 }, (_, i) => i % 2)
  close(ksgDiscrete(same, classes).value!, 0, 1e-12, 'constant against classes')
  const told = pointsOf(1, Float64Array.from(classes))
  close(ksgDiscrete(told, classes).value!, digamma(50) - digamma(25), 1e-12, 'two places, two classes')
})

test('a class of one point is left out; nothing else, nothing to say', () => {
  const points = pointsOf(1, normals(41, 1))
  const classes = Uint32Array.from({ length: 41 }, (_, i) => (i === 40 ? 7 : i % 2))
  const without = ksgDiscrete(pointsOf(1, points.values.slice(0, 40)), classes.slice(0, 40))
  close(ksgDiscrete(points, classes).value!, without.value!, 1e-12, 'without the lonely one')
  assert.equal(
    ksgDiscrete(
      points,
      classes.map((_, i) => i),
    ),
    { value: null, se: null },
  )
  const one = pointsOf(1, Float64Array.of(1))
  assert.equal(ksg(one, one), { value: null, se: null })
  assert.throws(() => ksg(one, points), /1 points against 41/)
})

test.run()
