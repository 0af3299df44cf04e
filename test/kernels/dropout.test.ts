// s = x keep / (1 - rate). The mask is exact, from whole numbers; what is kept rounds twice, the scale among the params and the product.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dropout, dropoutRate } from '../../src/kernels/dropout.js'
import { packSteps } from '../../src/kernels/step.js'
import { philox4x32 } from '../../src/math/philox.js'
import { covariance, mean, variance } from '../../src/math/statistics.js'
import { close, rounding } from '../close.js'
import { centralDifferences, dot } from './central-differences.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Draw {
  x: Float32Array
  rate: number
  seed?: number
  stream?: number
  layer?: number
  noiseStep?: number
}

function caseOf({ x, rate, seed = 1, stream = 7, layer = 1, noiseStep = 0 }: Draw) {
  const step = packSteps([{ seed, noiseStep, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }])
  const params = { count: x.length, ...dropoutRate(rate), stream, layer }
  return { params, buffers: { step, x, s: f32(x.length) } }
}

async function dropped(draw: Draw): Promise<Float32Array> {
  return (await runBoth(machine, dropout, caseOf(draw)))[0].actual.s as Float32Array
}

const ones = (count: number) => new Float32Array(count).fill(1)

test('the mask and the scale of the twin, in all sizes', async () => {
  for (const count of [1, 3, 4, 5, 255, 256, 257, 1000, 64 * 320]) {
    for (const rate of [0, 0.1, 0.5, 0.999]) {
      const one = { x: normal(count, count), rate, layer: 3, noiseStep: 77, seed: Number.MAX_SAFE_INTEGER }
      const tolerance = one.x.map((x) => (2 * rounding * Math.abs(x)) / (1 - rate))
      await compare(machine, dropout, caseOf(one), { s: tolerance })
    }
  }
})

test('an element goes where its word lies below the threshold, and not where it meets it', async () => {
  const one = caseOf({ x: ones(4), rate: 0.5 })
  const [word] = philox4x32([0, 1, 0, 7], [1, 0])
  for (const [threshold, kept] of [
    [word, 1],
    [word + 1, 0],
  ]) {
    for (const { actual, expected } of await runBoth(machine, dropout, {
      ...one,
      params: { ...one.params, threshold, scale: 1 },
    })) {
      assert.is(actual.s[0], kept)
      assert.is(expected.s[0], kept)
    }
  }
})

test('nothing is lost at rate 0', async () => {
  const x = normal(103, 5)
  assert.equal(await dropped({ x, rate: 0 }), x)
})

test('the mean is kept, and as many elements as the rate says', async () => {
  const x = ones(2 ** 18)
  for (const rate of [0.1, 0.25, 0.5, 0.9]) {
    const s = await dropped({ x, rate })
    const share = 5 * Math.sqrt((rate * (1 - rate)) / x.length)
    close(s.filter((value) => value === 0).length / x.length, rate, share, `dropped at rate ${rate}`)
    close(mean(s), 1, share / (1 - rate), `mean at rate ${rate}`)
  }
})

test('backwards it is its own derivative', () => {
  const { params, buffers } = caseOf({ x: normal(50, 1), rate: 0.3 })
  const [x, d_s] = [Float64Array.from(buffers.x), Float64Array.from(normal(50, 2))]
  const [s, d_x] = [new Float64Array(50), new Float64Array(50)]
  const loss = () => {
    dropout.reference(params, { ...buffers, x, s }, {})
    return dot(s, d_s)
  }
  dropout.reference(params, { ...buffers, x: d_s, s: d_x }, {})
  assert.ok(d_x.includes(0) && d_x.some((d) => d !== 0))
  close(d_x, centralDifferences(x, loss), 1e-10, 'gradient') // sums of some tens, rounded to 2^-53, over 2^-9
})

test('one mask tells nothing about another: elements, layers, steps, streams and seeds', async () => {
  const x = ones(2 ** 16)
  const s = await dropped({ x, rate: 0.5 })
  const correlation = (a: Float32Array, b: Float32Array) => covariance(a, b) / Math.sqrt(variance(a) * variance(b))
  const bar = 5 / Math.sqrt(x.length)
  for (const lag of [1, 2, 3, 4, 5, 8]) {
    close(correlation(s.subarray(lag), s.subarray(0, s.length - lag)), 0, bar, `lag ${lag}`)
  }
  for (const other of [{ layer: 2 }, { noiseStep: 1 }, { stream: 4 }, { seed: 2 }, { seed: 2 ** 32 + 1 }]) {
    close(correlation(await dropped({ x, rate: 0.5, ...other }), s), 0, bar, JSON.stringify(other))
  }
})

test.run()
