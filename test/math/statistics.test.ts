import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as statistics from '../../src/math/statistics.js'
import { normalCdf, normalQuantile, studentTCdf, studentTQuantile } from '../../src/math/statistics.js'

/** [p, degrees of freedom, quantile]: 40-digit arithmetic, the 3 and 15 dof rows also in every printed table. */
const quantiles: [number, number, number][] = [
  [1e-10, 0.5, -1.02849115631634e19],
  [1e-10, 1, -3183098861.8379067],
  [1e-10, 2.5, -8765.4377713645718],
  [1e-10, 3, -2225.7692846830932],
  [1e-10, 7, -53.835579484673733],
  [1e-10, 15, -14.968364341187277],
  [1e-10, 31, -9.2487568365962267],
  [1e-10, 100, -7.0833754814007225],
  [1e-10, 1e6, -6.3614068488767426],
  [1e-10, Infinity, -6.3613409024040562],
  [0.001, 0.5, -102849.11563017555],
  [0.001, 1, -318.30883898555045],
  [0.001, 2.5, -13.822193110865965],
  [0.001, 3, -10.214531852407387],
  [0.001, 7, -4.7852896286383341],
  [0.001, 15, -3.7328344253109003],
  [0.001, 31, -3.3748992804233022],
  [0.001, 100, -3.1737394937387829],
  [0.001, 1e6, -3.0902404563165196],
  [0.001, Infinity, -3.0902323061678135],
  [0.025, 0.5, -164.55767348048853],
  [0.025, 1, -12.706204736174705],
  [0.025, 2.5, -3.5746548420036832],
  [0.025, 3, -3.1824463052837096],
  [0.025, 7, -2.3646242515927853],
  [0.025, 15, -2.1314495455597757],
  [0.025, 31, -2.0395134463964085],
  [0.025, 100, -1.9839715185235523],
  [0.025, 1e6, -1.959966356814107],
  [0.025, Infinity, -1.9599639845400542],
  [0.3, 0.5, -1.009525878607166],
  [0.3, 1, -0.72654252800536089],
  [0.3, 2.5, -0.59730773825231746],
  [0.3, 3, -0.58438972743981867],
  [0.3, 7, -0.54910965794728501],
  [0.3, 15, -0.53572913297604819],
  [0.3, 31, -0.52983631667825414],
  [0.3, 100, -0.5260762706003463],
  [0.3, 1e6, -0.52440067986020889],
  [0.3, Infinity, -0.52440051270804078],
]

const normal: [number, number][] = [
  [-37.5, 4.6053530095819548e-308],
  [-8, 6.2209605742717841e-16],
  [-2.3, 0.01072411002167581],
  [-1.7, 0.044565462758543044],
  [-0.4, 0.34457825838967583],
  [0.4, 0.65542174161032417],
  [3, 0.99865010196836991],
]

function near(found: number, expected: number, tolerance = 1e-12): void {
  const error = Math.abs(found - expected) / Math.abs(expected)
  assert.ok(!!(error <= tolerance), `${found} is not ${expected}: relative error ${error}`)
}

test("Student's t and normal quantiles agree with 40-digit values, in both tails", () => {
  for (const [p, dof, expected] of quantiles) {
    const tolerance = dof === 1e6 ? 1e-11 : 1e-12
    near(studentTQuantile(p, dof), expected, tolerance)
    if (p > 1e-4) near(studentTQuantile(1 - p, dof), -expected, tolerance)
  }
  near(normalQuantile(0.975), 1.9599639845400542)
  near(normalQuantile(1e-300), -37.0470962993612)
})

test('one and two degrees of freedom have closed forms', () => {
  for (const p of [1e-8, 0.01, 0.2, 0.45, 0.9, 0.999]) {
    near(studentTQuantile(p, 1), -1 / Math.tan(Math.PI * p), 1e-11)
    near(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))
  }
  for (const x of [-50, -1, -0.01, 0.3, 8]) near(studentTCdf(x, 1), 0.5 + Math.atan(x) / Math.PI, 1e-13)
})

test('the normal distribution keeps its relative accuracy far out', () => {
  for (const [x, expected] of normal) near(normalCdf(x), expected, 1e-12)
})

test('edges: the median, the ends, and what has no meaning', () => {
  assert.is(normalQuantile(0.5), 0)
  assert.is(normalCdf(0), 0.5)
  assert.is(studentTCdf(0, 3), 0.5)
  assert.is(studentTQuantile(0, 3), -Infinity)
  assert.is(studentTQuantile(1, 3), Infinity)
  assert.ok(Number.isNaN(normalCdf(NaN)) && Number.isNaN(studentTCdf(NaN, 3)))
  for (const p of [-0.1, 1.1, NaN]) assert.throws(() => studentTQuantile(p, 3), /not in \[0, 1\]/)
  for (const dof of [0, -1, NaN]) assert.throws(() => studentTQuantile(0.9, dof), /not > 0/)
})

test('sums keep what plain addition loses; moments have divisor n - 1', () => {
  assert.is(statistics.sum([1e16, 1, -1e16, 1]), 2)
  const values = [2, 4, 4, 4, 5, 5, 7, 9].map((value) => value + 1e8)
  assert.is(statistics.mean(values), 1e8 + 5)
  near(statistics.variance(values), 32 / 7)
  near(statistics.standardError(values), Math.sqrt(4 / 7))
  near(statistics.covariance([1, 2, 3, 4], [-2, -4, -6, -9]), -23 / 6)
  assert.ok(Number.isNaN(statistics.variance([1])))
  assert.throws(() => statistics.covariance([1, 2], [1]), /2 values against 1/)
})

test('order statistics are interpolated and leave their input alone', () => {
  const values = [3, 1, 10, 2]
  assert.is(statistics.median(values), 2.5)
  assert.is(statistics.quantile(values, 1), 10)
  near(statistics.quantile(values, 0.9), 7.9)
  assert.equal(values, [3, 1, 10, 2])
  assert.ok(Number.isNaN(statistics.median([])))
  assert.throws(() => statistics.quantile(values, 2), /not in \[0, 1\]/)
})

test.run()
