// Where training starts: PyTorch's default, U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for weights and biases alike (METHOD 5.2). Seeds
// are fixed; bars of 5 standard errors are for whoever changes the generator.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { covariance, mean, variance } from '../../src/math/statistics.js'
import { initialParameters, parameterLayout, stateDict } from '../../src/network/parameters.js'
import { close } from '../close.js'
import { networkOf } from './setups.js'

const network = networkOf(12, [10, 7, 5, 4, 3, 2], 0.005)
const { layers, count } = parameterLayout(network)
const draws = Array.from({ length: 400 }, (_, seed) => initialParameters(network, seed))

/** Moments of U(-bound, bound) from values of every seed. */
function looksUniform(from: number, to: number, bound: number, what: string): void {
  const values = Float64Array.from(
    draws.flatMap((draw) => [...draw.subarray(from, to)]),
    (value) => value / bound,
  )
  const se = (v: number) => Math.sqrt(v / values.length)
  const moments = [
    mean(values),
    mean(values.map((v) => v ** 2)),
    mean(values.map((v) => v ** 3)),
    mean(values.map((v) => v ** 4)),
  ]
  const errors = [1 / 3, 1 / 5 - 1 / 9, 1 / 7, 1 / 9 - 1 / 25].map((v) => 5 * se(v))
  close(moments, [0, 1 / 3, 0, 1 / 5], errors, what)
  const extreme = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  assert.ok(extreme < 1 + 2 ** -23 && extreme > 1 - 20 / values.length, `${what}: largest ${extreme} of its bound`)
}

test('weights and biases fill their interval, layer by layer', () => {
  layers.forEach(({ inputs, weightsAt, biasAt, outputs }, index) => {
    const bound = 1 / Math.sqrt(inputs)
    looksUniform(weightsAt, biasAt, bound, `weights of layer ${index + 1}`)
    looksUniform(biasAt, biasAt + outputs, bound, `biases of layer ${index + 1}`)
  })
})

test('seeds and layers know nothing of each other', () => {
  assert.equal(initialParameters(network, 7), draws[7])
  const seeds = draws
    .slice(1)
    .map((draw, i) => covariance(draw, draws[i]) / Math.sqrt(variance(draw) * variance(draws[i])))
  close(mean(seeds), 0, 5 / Math.sqrt(seeds.length * count), 'mean correlation of neighbouring seeds')
  const [a, b] = [layers[3], layers[4]].map(({ weightsAt }) =>
    draws.flatMap((draw) => [...draw.subarray(weightsAt, weightsAt + 12)]),
  )
  close(
    covariance(a, b) / Math.sqrt(variance(a) * variance(b)),
    0,
    5 / Math.sqrt(a.length),
    'correlation of two layers',
  )
})

test('parameters lie as PyTorch names them', () => {
  assert.is(count, 12 * 10 + 10 + 10 * 7 + 7 + 7 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2)
  const tensors = stateDict(network, draws[0])
  const names = [0, 2, 4, 6, 8, 10].flatMap((i) => [`${i}.weight`, `${i}.bias`])
  assert.equal(
    tensors.map((tensor) => tensor.name),
    names,
  )
  assert.equal(
    tensors.slice(0, 4).map((tensor) => tensor.shape),
    [[10, 12], [10], [7, 10], [7]],
  )
  assert.equal(Float32Array.from(tensors.flatMap((tensor) => [...tensor.data])), draws[0])
})

test.run()
