// Entropies of mixtures on the corners of a cube, against another formula and against a plain double sum.
import { test } from 'uvu'
import { cubeMixtureEntropy } from '../../src/math/cube-mixture.js'
import { constellationInformation } from '../../src/math/quadrature.js'
import { close } from '../close.js'

test('untruncated, a component is a Gaussian of both variances', () => {
  for (const [spread, noise] of [
    [0, 1],
    [0.25, 0.2],
    [0.02, 0.1],
    [3, 0.5],
  ]) {
    const points = constellationInformation([-1, 1], [0.5, 0.5], Math.hypot(spread, noise)).entropy
    close(cubeMixtureEntropy(spread, noise, false), points, 1e-9, `spread ${spread}, noise ${noise}`)
  }
})

test('truncated, as a sum over places of S', () => {
  for (const [spread, noise] of [
    [0.25, 0.2],
    [0.25, 1],
    [3, 0.5],
  ]) {
    close(cubeMixtureEntropy(spread, noise, true), summed(spread, noise), 1e-6, `spread ${spread}, noise ${noise}`)
  }
})

test('without a spread there is nothing to truncate', () => {
  close(cubeMixtureEntropy(0, 1, true), 1.755769354, 1e-8, 'BPSK')
  close(cubeMixtureEntropy(1e-4, 1, true), 1.755769354, 1e-3, 'hardly any spread')
})

/** By the trapezoidal rule on S, of 4000 parts, and on T. */
function summed(spread: number, noise: number): number {
  const places = Array.from({ length: 4001 }, (_, i) => i / 2000 - 1)
  const heights = places.map(
    (s, i) =>
      (Math.exp(-((s - 1) ** 2) / (2 * spread ** 2)) + Math.exp(-((s + 1) ** 2) / (2 * spread ** 2))) *
      (i === 0 || i === 4000 ? 0.5 : 1),
  )
  const total = heights.reduce((sum, height) => sum + height, 0)
  const step = noise / 20
  let entropy = 0
  for (let t = -1 - 9 * noise; t < 1 + 9 * noise; t += step) {
    let p = 0
    places.forEach((s, i) => (p += heights[i] * Math.exp(-((t - s) ** 2) / (2 * noise ** 2))))
    p /= total * noise * Math.sqrt(2 * Math.PI)
    if (p > 0) entropy -= p * Math.log(p) * step
  }
  return entropy
}

test.run()
