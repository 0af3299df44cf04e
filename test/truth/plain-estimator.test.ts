import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { normals, plainMutualInformation } from './plain-estimator.js'

/** Closed forms of METHOD 6: equally likely -1 and +1 through Gaussian noise. */
const bpsk = [
  { noiseStd: 0.25, mi: 0.693053645 },
  { noiseStd: 0.5, mi: 0.632720194, hT: 1.358511546 },
  { noiseStd: 1, mi: 0.33683082, hT: 1.755769354 },
  { noiseStd: 2, mi: 0.111421482 },
  { noiseStd: 5, mi: 0.019610173 },
]

test('two points through noise: the closed form, within 4 standard errors', () => {
  for (const { noiseStd, mi, hT } of bpsk) {
    const found = plainMutualInformation([[-1], [1]], 1, noiseStd, 50_000, 1)
    assert.ok(Math.abs(found.mi - mi) <= 4 * found.se, `std ${noiseStd}: ${found.mi} against ${mi}, se ${found.se}`)
    assert.ok(found.se < 0.004, `the bar is a sharp one: se ${found.se}`)
    const hError = 4 * Math.sqrt(0.5 / 100_000) + 4 * found.se
    if (hT) assert.ok(Math.abs(found.hT - hT) <= hError, `std ${noiseStd}: h ${found.hT} against ${hT}`)
  }
})

test('the corners of a cube count three times', () => {
  const corners = Array.from({ length: 8 }, (_, i) => [0, 1, 2].map((k) => 2 * ((i >> k) & 1) - 1))
  const found = plainMutualInformation(corners, 3, 1, 10_000, 2)
  assert.ok(Math.abs(found.mi - 3 * 0.33683082) <= 4 * found.se, `${found.mi}, se ${found.se}`)
})

test('several samples an input: a Gaussian cloud widens the channel', () => {
  const [spread, noiseStd, samples] = [0.5, 0.5, 1000]
  const normal = normals(3)
  const clouds = [-1, 1].map((at) => Array.from({ length: samples }, () => at + spread * normal()))
  const found = plainMutualInformation(clouds, 1, noiseStd, 2000, 4)
  const exact = bpskInformation(Math.hypot(spread, noiseStd))
  const sampleError = 4 / Math.sqrt(2 * samples)
  assert.ok(Math.abs(found.mi - exact) <= 4 * found.se + sampleError, `${found.mi} against ${exact}, se ${found.se}`)
  const conditional = 0.5 * Math.log(2 * Math.PI * Math.E * (spread ** 2 + noiseStd ** 2))
  assert.ok(Math.abs(found.hTGivenX - conditional) <= sampleError, `${found.hTGivenX} against ${conditional}`)
})

test('the standard error is the spread between seeds', () => {
  const found = Array.from({ length: 40 }, (_, seed) => plainMutualInformation([[-1], [1]], 1, 1, 400, seed + 1))
  const center = found.reduce((sum, { mi }) => sum + mi, 0) / found.length
  const spread = Math.sqrt(found.reduce((sum, { mi }) => sum + (mi - center) ** 2, 0) / (found.length - 1))
  const claimed = found.reduce((sum, { se }) => sum + se, 0) / found.length
  assert.ok(spread / claimed > 0.67 && spread / claimed < 1.5, `spread ${spread}, claimed ${claimed}`)
})

/** log 2 - E log(1 + exp(-2 (1 + s z) / s^2)), z standard normal, by the trapezoidal rule. */
function bpskInformation(std: number): number {
  let sum = 0
  for (let z = -12; z <= 12; z += 0.001) {
    sum += Math.exp((-z * z) / 2) * Math.log1p(Math.exp((-2 * (1 + std * z)) / std ** 2))
  }
  return Math.LN2 - (sum * 0.001) / Math.sqrt(2 * Math.PI)
}

test.run()
