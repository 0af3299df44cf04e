import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { binnedInformation, binnedNeurons } from '../../src/rivals/binned.js'
import type { Samples } from '../../src/samples/samples.js'
import { close as closeTo } from '../close.js'

const column = (...s: number[]): Samples => ({
  ...{ count: s.length, width: 1, s: Float64Array.from(s) },
  ...{ x: null, y: null, weights: null },
})
/** A few logarithms and sums in f64, of numbers up to 10. */
const close = (actual: number, expected: number) => closeTo(actual, expected, 1e-13, 'nats')
const entropy = (...counts: number[]) => {
  const total = counts.reduce((a, b) => a + b)
  return -counts.reduce((h, n) => h + (n / total) * Math.log(n / total), 0)
}

test('four inputs, three bins, counted by hand', () => {
  const samples = { ...column(-1, -0.9, 0, 1), y: Uint32Array.of(0, 0, 0, 1) }
  const found = binnedInformation(samples, { width: 0.5 })
  close(found.h_bin, entropy(2, 1, 1))
  assert.is(found.h_bin_given_x, 0)
  assert.is(found.mi, found.h_bin)
  close(found.label_mi!, entropy(2, 1, 1) - 0.75 * entropy(2, 1))
  close(found.normalised!, entropy(2, 1, 1) / Math.log(4))
})

test('bins of a width are centred on its multiples; an edge belongs to the bin nearer 0', () => {
  const samples = column(-1, -0.5, -0.2, 0, 0.25, 0.5, 0.7, 1)
  close(binnedInformation(samples, { width: 1 }).h_bin, entropy(1, 5, 2))
  assert.is(binnedInformation(samples, { width: 2 }).h_bin, 0)
  for (const width of [2, 1, 2 / 3, 0.4, 0.1, 0.07, 1e-4]) {
    assert.is(binnedInformation(column(1, 1 - 2 ** -24), { width }).h_bin, 0, `saturated, width ${width}`)
  }
})

test("a count of bins: over each neuron's range, or over a given one, whose end bins take what lies outside", () => {
  close(binnedInformation(column(0, 1, 2, 3), { count: 2 }).h_bin, Math.LN2)
  close(binnedInformation(column(0, 0.1, 5, 9), { count: 30, low: -1, high: 1 }).h_bin, entropy(1, 1, 2))
  assert.is(binnedInformation(column(7, 7, 7), { count: 30 }).h_bin, 0)
})

test('several runs of one input spread over bins: the noise below is not information', () => {
  const samples = { ...column(0, 1, 0, 1, 5, 5), x: Uint32Array.of(0, 0, 1, 1, 2, 2) }
  const found = binnedInformation(samples, { width: 0.5 })
  close(found.h_bin, Math.log(3))
  close(found.h_bin_given_x, (2 / 3) * Math.LN2)
  close(found.mi, Math.log(3) - (2 / 3) * Math.LN2)
})

test('weights are of inputs, shared by their rows', () => {
  const x = Uint32Array.of(0, 1, 1, 1)
  const found = binnedInformation({ ...column(0, 1, 1, 1), x, weights: Float64Array.of(3, 1, 1, 1) }, { width: 0.5 })
  close(found.mi, entropy(3, 1))
  close(binnedInformation({ ...column(0, 1, 1, 1), x }, { width: 0.5 }).mi, entropy(1, 3))
  const certain = { ...column(0, 1, 1, 1), x, weights: Float64Array.of(0, 1, 1, 1) }
  assert.is(binnedInformation(certain, { width: 0.5 }).h_bin, 0)
})

test('jointly all neurons count, one by one each its own', () => {
  const s = Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1)
  const samples = { ...column(), count: 4, width: 2, s, y: Uint32Array.of(0, 1, 1, 0) }
  close(binnedInformation(samples, { width: 0.5 }).h_bin, Math.log(4))
  close(binnedInformation(samples, { width: 0.5 }).label_mi!, Math.LN2)
  const neurons = binnedNeurons(samples, { width: 0.5 })
  assert.is(neurons.length, 2)
  for (const { h_bin, label_mi } of neurons) {
    close(h_bin, Math.LN2)
    close(label_mi!, 0)
  }
})

test('shrinking bins: from nothing to log m, of points that never move', () => {
  const s = Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i * i) * (1 + (i % 7)))
  const samples = { ...column(), count: 1000, width: 3, s }
  assert.is(binnedInformation(samples, { width: 100 }).mi, 0)
  const found = [1, 0.1, 1e-9].map((width) => binnedInformation(samples, { width }).mi)
  assert.ok(found[0] < found[1] && found[1] <= found[2] + 1e-12)
  close(found[2], Math.log(1000))
})

test('one point has no entropy, and no scale to normalise by', () => {
  const found = binnedInformation(column(3), { width: 0.1 })
  assert.equal(found, { h_bin: 0, h_bin_given_x: 0, mi: 0, label_mi: null, normalised: null })
})

test('bins that are none are refused', () => {
  const message = (binning: Parameters<typeof binnedInformation>[1]) => {
    try {
      binnedInformation(column(1, 2), binning)
    } catch (error) {
      assert.instance(error, InputError)
      return (error as Error).message
    }
  }
  for (const width of [0, -1, NaN, Infinity]) assert.match(message({ width })!, /bin width: found .* above 0/)
  for (const count of [0, 1.5, NaN]) assert.match(message({ count })!, /bins: found .* whole number above 0/)
  assert.match(message({ count: 3, low: 1, high: -1 })!, /the range 1 to -1/)
})

test.run()
