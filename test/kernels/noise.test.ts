// Noise against its twin, then as what it claims to be: independent standard normals. The seeds are fixed, so these numbers are
// the same in every run; bars of 5 standard errors are for whoever changes the generator.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noise } from '../../src/kernels/noise.js'
import { packSteps } from '../../src/kernels/step.js'
import { covariance, mean, normalCdf, variance } from '../../src/math/statistics.js'
import { close, rounding } from '../close.js'
import { f32, openMachine, runBoth } from './compare.js'
import { drawErrors } from './normal-error.js'
import { uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Draw {
  rows: number
  width?: number
  std?: number
  seed?: number
  stream?: number
  layer?: number
  noiseStep?: number
  firstRow?: number
  source?: { values: Float32Array; first: number; repeat: number }
}

function caseOf({ rows, width = 1, std = 1, seed = 1, stream = 4, layer = 1, noiseStep = 0, ...rest }: Draw) {
  const { source, firstRow: first_row = 0 } = rest
  const step = packSteps([{ seed, noiseStep, batchStart: 0, rows: 0, stepSize: 0, correction: 0 }])
  const shape = { rows, width, repeat: source?.repeat ?? 1, source_first: source?.first ?? 0, noise_std: std }
  const counter = { stream, layer, first_row }
  const buffers = { step, noisy: f32(rows * width), ...(source && { source: source.values }) }
  return { params: { ...shape, ...counter }, buffers, constants: { SOURCE: source !== undefined } }
}

async function drawn(draw: Draw): Promise<Float32Array> {
  return (await runBoth(machine, noise, caseOf(draw)))[0].actual.noisy as Float32Array
}

async function check(draw: Draw): Promise<void> {
  const { rows, width = 1, std = 1, seed = 1, stream = 4, layer = 1, noiseStep = 0 } = draw
  const errors = drawErrors({ rows, width, seed, layer, noiseStep, stream })
  for (const { actual, expected } of await runBoth(machine, noise, caseOf(draw))) {
    // the normal's own error, std rounded and multiplied, and the sum
    const allowed = errors.map(
      (error, i) => std * (error + 2 * 6.8 * rounding) + rounding * Math.abs(expected.noisy[i]),
    )
    close(actual.noisy, expected.noisy, allowed, JSON.stringify(caseOf(draw).params))
  }
}

test('normals of the twin, in all sizes', async () => {
  for (const [rows, width] of [
    [1, 1],
    [1, 3],
    [1, 4],
    [1, 5],
    [64, 1],
    [65, 4],
    [16, 16],
    [256, 10],
    [77, 7],
    [205, 3],
  ]) {
    await check({ rows, width, std: 0.005, layer: 3, noiseStep: 77, seed: Number.MAX_SAFE_INTEGER })
  }
})

test('noise lies on top of its source, row r on row first + r / repeat', async () => {
  for (const [rows, width, first, repeat] of [
    [1, 1, 0, 1],
    [256, 10, 0, 1],
    [64, 7, 3, 16],
    [48, 5, 0, 48],
    [10, 2, 9, 3],
  ]) {
    const source = { values: uniform((first + Math.ceil(rows / repeat)) * width, 5), first, repeat }
    const draw = { rows, width, std: 0.005, source }
    const z = await drawn({ ...draw, source: undefined })
    await check(draw)
    for (const { actual } of await runBoth(machine, noise, caseOf(draw))) {
      const at = (i: number) => (first + Math.floor(Math.floor(i / width) / repeat)) * width + (i % width)
      const plain = Array.from(z, (value, i) => source.values[at(i)] + value)
      close(actual.noisy, plain, 2 * rounding, 'source and noise, added once') // of sums below 2
    }
  }
})

test('no noise at all leaves the source untouched', async () => {
  const values = uniform(100, 5)
  assert.equal(await drawn({ rows: 20, width: 5, std: 0, source: { values, first: 0, repeat: 1 } }), values)
})

test('a chunk draws just what the whole draws there', async () => {
  const whole = await drawn({ rows: 64, width: 7 })
  for (const [from, to] of [
    [0, 1],
    [1, 20],
    [20, 64],
  ]) {
    const chunk = await drawn({ rows: to - from, width: 7, firstRow: from })
    assert.equal(chunk, whole.slice(from * 7, to * 7), `rows ${from} to ${to}`)
  }
})

test('a million draws have the moments of N(0, 1)', async () => {
  const z = await drawn({ rows: 2 ** 18, width: 4 })
  const power = (p: number) => mean(z.map((value) => value ** p))
  const se = (v: number) => Math.sqrt(v / z.length)
  close(
    [1, 2, 3, 4, 6].map(power),
    [0, 1, 0, 3, 15],
    [1, 2, 15, 96, 10170].map((v) => 5 * se(v)),
    'moments',
  )
})

test('the tails hold as many as they should', async () => {
  const z = await drawn({ rows: 2 ** 18, width: 4, layer: 2 })
  for (const sigma of [0.5, 1, 2, 3, 4, 4.4]) {
    for (const side of [-1, 1]) {
      const expected = z.length * normalCdf(-sigma)
      const found = z.filter((value) => side * value > sigma).length
      close(found, expected, 5 * Math.sqrt(expected), `beyond ${side * sigma}`)
    }
  }
  const largest = z.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const probability = (1 - 2 * normalCdf(-largest)) ** z.length
  assert.ok(probability > 1e-4 && probability < 1 - 1e-4, `the largest of ${z.length} is ${largest}`)
})

test('one draw tells nothing about another: elements, layers, steps, streams and seeds', async () => {
  const shape = { rows: 2 ** 15, width: 4 }
  const z = await drawn(shape)
  for (const lag of [1, 2, 3, 4, 5, 8, 40]) independent(z.subarray(lag), z.subarray(0, z.length - lag), `lag ${lag}`)
  const others: Partial<Draw>[] = [{ layer: 2 }, { noiseStep: 1 }, { stream: 5 }, { seed: 2 }, { seed: 2 ** 32 + 1 }]
  for (const other of others) independent(await drawn({ ...shape, ...other }), z, JSON.stringify(other))
})

/** Neither values nor squares go together. */
function independent(a: Float32Array, b: Float32Array, what: string): void {
  const correlation = (x: Float32Array, y: Float32Array) => covariance(x, y) / Math.sqrt(variance(x) * variance(y))
  const squares = (x: Float32Array) => x.map((value) => value * value)
  const bar = 5 / Math.sqrt(a.length)
  close([correlation(a, b), correlation(squares(a), squares(b))], [0, 0], bar, `correlation, ${what}`)
}

test.run()
