import { test } from 'uvu'
import { close } from '../close.js'
import { cube } from './fixed-network.js'
import { noisyClouds, noisyPoints, pushed, whitened } from './quadrature.js'

const printed = 1e-8

test('two points: the values of METHOD 6', () => {
  const known = { 0.25: 0.693053645, 0.5: 0.632720194, 1: 0.33683082, 2: 0.111421482, 5: 0.019610173 }
  for (const [std, mi] of Object.entries(known)) close(noisyPoints(cube(1), Number(std)).mi, mi, printed, `std ${std}`)
  close(noisyPoints(cube(1), 1).hT, 1.755769354, printed, 'h(T), std 1')
  close(noisyPoints(cube(1), 0.5).hT, 1.358511546, printed, 'h(T), std 0.5')
})

test('dimensions of a cube add up', () => {
  close(noisyPoints(cube(2), 0.5).mi, 2 * 0.632720194, 2 * printed, 'square')
  close(noisyPoints(cube(3), 1, 3).mi, 3 * 0.33683082, 3 * printed, 'cube')
})

test('a neuron on {-3, -1, 1, 3}: the values of METHOD 6', () => {
  const known = [
    [0.1, 1, 0, 1.10205654],
    [0.1, 0.5, 0, 1.35003995],
    [0.1, 2, -4, 0.57296218],
    [0.01, 1, -2, 1.05403138],
    [0.01, 5, 0, 0.69315749],
  ]
  for (const [std, w, b, mi] of known) {
    const points = [-3, -1, 1, 3].map((x) => [Math.tanh(w * x + b)])
    close(noisyPoints(points, std).mi, mi, printed, `std ${std}, w ${w}, b ${b}`)
  }
})

test('a cloud of Gaussian places widens the noise', () => {
  const clouds = [-1, 1].map((x) => pushed((t) => 0.75 * t, x, 0.4))
  const exact = noisyPoints([[-0.75], [0.75]], Math.hypot(0.3, 0.5))
  const found = noisyClouds(clouds, 0.5)
  close(found.mi, exact.mi, 1e-10, 'mi')
  close(found.hT, exact.hT, 1e-10, 'h(T)')
})

test('correlated noise: whitening keeps the information', () => {
  const turned = whitened(cube(2), [
    [1.25, 0.75],
    [0.75, 1.25],
  ])
  const alongDiagonals = noisyPoints(
    cube(2).map(([x, y]) => [(x + y) / 2, x - y]),
    1,
  )
  close(noisyPoints(turned, 1).mi, alongDiagonals.mi, 1e-9, 'covariance with variances 2 and 1/2 along the diagonals')
})

test.run()
