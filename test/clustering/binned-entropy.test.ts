import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { binnedEntropyRows, defaultBinWidths } from '../../src/clustering/binned-entropy.js'
import { binnedInformation } from '../../src/rivals/binned.js'
import { close } from '../close.js'
import { uniform } from '../rivals/clouds.js'
import { lookAt, points } from './looks.js'

const entropy = (...counts: number[]) => {
  const total = counts.reduce((a, b) => a + b)
  return -counts.reduce((h, n) => h + (n / total) * Math.log(n / total), 0)
}

test('counted by hand', () => {
  const [row] = binnedEntropyRows(lookAt([[-1], [-0.9], [0], [1], [-0.001]]), [0.5])
  close(row.h_bin, entropy(2, 2, 1), 1e-15, 'h_bin')
  close(row.normalised!, entropy(2, 2, 1) / Math.log(5), 1e-15, 'normalised')
  assert.equal([row.bins, row.inputs, row.width_in_noise], [3, 5, null])
})

test('the same as the rival that counts neuron by neuron, in narrow layers and in wide ones', () => {
  const draw = uniform(7)
  for (const width of [1, 3, 16, 17, 50]) {
    // every fourth row repeats another, so that some bins are shared at every width
    const rows: number[][] = []
    for (let i = 0; i < 400; i++)
      rows.push(i % 4 === 3 ? rows[i - 3] : points(width, () => [2 * draw() ** 9 - 1]).flat())
    const look = lookAt(rows)
    for (const row of binnedEntropyRows(look, [1e-4, 0.01, 0.1, 0.5, 1, 3])) {
      const samples = { count: 400, width, s: look.s, x: null, y: null, weights: null }
      const expected = binnedInformation(samples, { width: row.bin_width })
      close(row.h_bin, expected.h_bin, 1e-12, `width ${width}, bins of ${row.bin_width}`)
      close(row.normalised!, expected.normalised!, 1e-12, 'normalised')
    }
  }
})

test('bins far beyond 2^31, as in a layer that explodes, are still told apart', () => {
  const [row] = binnedEntropyRows(lookAt([[1e30], [2e30], [1e30], [-1e30]]), [0.01])
  close(row.h_bin, entropy(2, 1, 1), 1e-15, 'h_bin')
})

test('noisy and deterministic layers share widths; what agrees is one row, from the narrowest', () => {
  const widths = (noiseStd: number) =>
    binnedEntropyRows(lookAt([[0], [1]], [0, 0], { noiseStd }), defaultBinWidths(noiseStd))
  assert.equal(
    widths(0).map(({ bin_width }) => bin_width),
    [0.01, 0.05, 0.1, 0.2, 0.5],
  )
  const noisy = widths(0.005)
  assert.equal(
    noisy.map(({ bin_width }) => bin_width),
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5],
  )
  close(
    noisy.map(({ width_in_noise }) => width_in_noise!),
    [1, 2, 5, 10, 20, 40, 50, 100],
    1e-12,
    'width_in_noise',
  )
})

test.run()
