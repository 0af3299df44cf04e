// Integrals against antiderivatives, noisy points and clouds against METHOD 6 and against a plain grid.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  cloudInformation,
  constellationInformation,
  gaussianEntropy,
  integrate,
  pushed,
} from '../../src/math/quadrature.js'
import { close } from '../close.js'
import { noisyClouds } from '../truth/quadrature.js'

/** Half a unit in the ninth digit that METHOD 6 prints. */
const printed = 1e-8

test('polynomials up to degree 23 are exact on one part: a mistyped node or weight would show', () => {
  for (let degree = 0; degree <= 22; degree += 2) {
    close(
      integrate((t) => t ** degree, -1, 1, Infinity),
      2 / (degree + 1),
      1e-14,
      `t^${degree}`,
    )
  }
  close(
    integrate((t) => (t - 2) ** 23, 1, 3, Infinity),
    0,
    1e-14,
    'an odd power about 2',
  )
})

test('corners, jumps and endpoints with infinite slope are found by halving', () => {
  close(integrate(Math.exp, 0, 1), Math.E - 1, 1e-14, 'exp')
  close(
    integrate((t) => Math.abs(t - 0.3), 0, 1),
    0.29,
    1e-11,
    'a corner',
  )
  close(
    integrate((t) => (t > 0.3 ? 1 : 0), 0, 1),
    0.7,
    1e-10,
    'a jump',
  )
  close(integrate(Math.sqrt, 0, 1), 2 / 3, 1e-11, 'a root')
  close(
    integrate((t) => 1 / (1 + t * t), -1e4, 1e4),
    2 * Math.atan(1e4),
    1e-9,
    'a peak on a wide plain',
  )
  assert.throws(() => integrate(() => NaN, 0, 1), /no convergence near 0, where the integrand is NaN/)
})

test('two points: the values of METHOD 6', () => {
  const known = { 0.25: 0.693053645, 0.5: 0.632720194, 1: 0.33683082, 2: 0.111421482, 5: 0.019610173 }
  const fair = (std: number) => constellationInformation([-1, 1], [0.5, 0.5], std)
  for (const [std, mi] of Object.entries(known)) close(fair(Number(std)).information, mi, printed, `std ${std}`)
  close(fair(1).entropy, 1.755769354, printed, 'h(T), std 1')
  close(fair(0.5).entropy, 1.358511546, printed, 'h(T), std 0.5')
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
    const points = [-3, -1, 1, 3].map((x) => Math.tanh(w * x + b))
    close(constellationInformation(points, [0.25, 0.25, 0.25, 0.25], std).information, mi, printed, `${w}, ${b}`)
  }
})

test('points far apart, equal points, and what scaling leaves alone', () => {
  const probabilities = [0.1, 0.2, 0.7]
  const entropy = -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0)
  close(constellationInformation([0, 1, -5], probabilities, 0.01).information, entropy, 1e-11, 'H(S)')
  const merged = constellationInformation([2, 2, -5], probabilities, 1)
  close(merged.information, constellationInformation([2, -5], [0.3, 0.7], 1).information, 1e-12, 'two points are one')
  close(constellationInformation([7], [1], 0.3).entropy, gaussianEntropy(0.3), 1e-12, 'one point: the noise')
  const scaled = constellationInformation([0.02, 0.02, -0.05], probabilities, 0.01)
  close(scaled.information, merged.information, 1e-11, 'a hundredth of it all')
  close(scaled.entropy, merged.entropy - Math.log(100), 1e-11, 'and its entropy')
})

test('clouds: linear ones widen the noise, bent ones agree with a grid', () => {
  const probabilities = [0.5, 0.5]
  const linear = [-1, 1].map((x) => pushed((t) => 0.75 * t, x, 0.4))
  const exact = constellationInformation([-0.75, 0.75], probabilities, Math.hypot(0.3, 0.5))
  const found = cloudInformation(linear, probabilities, 0.5)
  close(found.information, exact.information, 1e-11, 'I')
  close(found.entropy, exact.entropy, 1e-11, 'h')
  const bent = [-0.6, 0.1, 0.7].map((x) => pushed((t) => Math.tanh(2.5 * t - 0.3), x, 0.2))
  const grid = noisyClouds(
    bent.map((cloud) => ({ points: cloud.points.map((point) => [point]), weights: cloud.probabilities })),
    0.2,
  )
  const thirds = [1 / 3, 1 / 3, 1 / 3]
  close(cloudInformation(bent, thirds, 0.2).information, grid.mi, 1e-10, 'I of bent clouds')
  close(cloudInformation(bent, thirds, 0.2).entropy, grid.hT, 1e-10, 'h of bent clouds')
})

test.run()
