import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mean, variance } from '../../src/math/statistics.js'
import { drawPoints, drawRows, noisyPoints, restrictedTo } from '../../src/rivals/draws.js'
import { close } from '../close.js'
import { samplesOf } from './clouds.js'

const source = { seed: 5, step: 0 }
const times = (rows: Uint32Array, count: number) => Array.from({ length: count }, (_, row) => occurrences(rows, row))
const occurrences = (rows: Uint32Array, row: number) => rows.filter((found) => found === row).length

test('rows are met as evenly as can be: each once, then each again', () => {
  const samples = samplesOf(new Float64Array(10))
  assert.equal(times(drawRows(samples, 10, source), 10), Array(10).fill(1))
  assert.equal(times(drawRows(samples, 30, source), 10), Array(10).fill(3))
  assert.is(Math.max(...times(drawRows(samples, 4, source), 10)), 1)
  assert.equal(drawRows(samples, 7, source), drawRows(samples, 7, source))
  assert.not.equal(drawRows(samples, 7, source), drawRows(samples, 7, { seed: 6, step: 0 }))
  assert.not.equal(drawRows(samples, 7, source), drawRows(samples, 7, { seed: 5, step: 1 }))
})

test('inputs are met evenly too, however their rows lie', () => {
  const x = Uint32Array.from({ length: 64 }, (_, i) => i % 8)
  const samples = samplesOf(new Float64Array(64), 1, { x })
  const met = drawRows(samples, 16, source).map((row) => x[row])
  assert.equal(times(met, 8), Array(8).fill(2))
})

test('rows come by their weights', () => {
  const x = Uint32Array.of(0, 1, 1, 2)
  const samples = samplesOf([0, 0, 0, 0], 1, { x, weights: Float64Array.of(6, 2, 2, 0) })
  assert.equal(times(drawRows(samples, 80, source), 4), [60, 10, 10, 0])
})

test('noise has the deviation asked for, and is its own for each point and step', () => {
  const rows = new Uint32Array(4001)
  const samples = samplesOf([2, -3], 2)
  const { values, width, count } = noisyPoints(samples, rows, 0.5, source)
  assert.equal([width, count], [2, 4001])
  const noise = values.map((value, at) => (value - [2, -3][at % 2]) / 0.5)
  // 4 standard errors of the mean and of the variance of 8002 normals
  close(mean(noise), 0, 4 / Math.sqrt(8002), 'mean')
  close(variance(noise), 1, 4 * Math.sqrt(2 / 8002), 'variance')
  assert.is(new Set(noise).size, 8002)
  assert.is.not(noisyPoints(samples, rows, 0.5, { seed: 5, step: 1 }).values[0], values[0])
})

test('without noise no row is taken twice', () => {
  const samples = samplesOf([1, 2, 3])
  assert.equal([...drawPoints(samples, 0, 100, source).values].sort(), [1, 2, 3])
  assert.is(drawPoints(samples, 1, 100, source).count, 100)
})

test('some rows alone keep what belongs to them', () => {
  const samples = samplesOf([0, 1, 2, 3, 4, 5], 2, { y: Uint32Array.of(0, 1, 2), weights: Float64Array.of(1, 2, 3) })
  const { s, x, y, weights, count } = restrictedTo(samples, Uint32Array.of(2, 0))
  assert.equal(
    { s: [...s], x, y: [...y!], weights: [...weights!], count },
    { s: [4, 5, 0, 1], x: null, y: [2, 0], weights: [3, 1], count: 2 },
  )
})

test.run()
