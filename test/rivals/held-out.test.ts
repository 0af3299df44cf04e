// The mixture of the known noise at points that it has not seen: from above to the entropy of a Gaussian.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { heldOutEntropy } from '../../src/rivals/held-out.js'
import { close } from '../close.js'
import { normalEntropy, normals, samplesOf } from './clouds.js'

const noiseStd = 0.5
/** S ~ N(0, I), T = S + Z: d independent Gaussians of variance 1 + 1/4. */
const truth = (width: number) => normalEntropy(width) + (width / 2) * Math.log(1 + noiseStd ** 2)
const cloud = (width: number, count: number, seed: number) => samplesOf(normals(width * count, seed), width)

test('many centers: the entropy, within 4 standard errors and the divergence that is left', () => {
  for (const width of [1, 2]) {
    const { value, se } = heldOutEntropy(cloud(width, 4096, 1), cloud(width, 2000, 2), noiseStd, 3)
    // of a mean of 4096 kernels: half its relative variance, below (1 + 1/beta^2)^d / 4096 on average
    const left = (1 + noiseStd ** -2) ** width / 4096
    close(value!, truth(width), 4 * se! + left, `d = ${width}`)
    assert.ok(se! < 0.03, `standard error ${se}`)
  }
})

test('few centers err upwards, the more the fewer', () => {
  const excess = [16, 64, 256].map((count) => {
    const several = Array.from(
      { length: 12 },
      (_, i) => heldOutEntropy(cloud(3, count, 10 + i), cloud(3, 400, 50 + i), noiseStd, i).value!,
    )
    return several.reduce((total, value) => total + value, 0) / several.length - truth(3)
  })
  assert.ok(excess[0] > excess[1] && excess[1] > excess[2] && excess[2] > 0, excess.join(', '))
})

test('one center is the noise itself: every point has the value of the known energy', () => {
  const one = samplesOf([3, -2], 2)
  const standing = samplesOf(
    Array.from({ length: 2000 }, (_, i) => [3, -2][i % 2]),
    2,
  )
  const { value, se } = heldOutEntropy(one, standing, 0.1, 5)
  const exact = normalEntropy(2) + 2 * Math.log(0.1)
  close([value!, se!], [exact, 0], 1e-12, 'log phi is the energy and a constant, and of the energy nothing is left')
})

test('centers that no point is near give a large number, not infinity', () => {
  const { value } = heldOutEntropy(samplesOf([1000]), samplesOf([0, 0.1]), 0.01, 1)
  close(value!, 5e9, 1e6, 'half of (1000 / 0.01)^2')
})

test.run()
