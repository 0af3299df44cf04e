import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clusteringRows } from '../../src/clustering/clustering.js'
import { pairInputs } from '../../src/clustering/look.js'
import { InputError } from '../../src/errors.js'
import { randomRotation } from '../../src/math/linear-algebra.js'
import { clusteringSchema } from '../../src/tables/schema.js'
import { close } from '../close.js'
import { normals, uniform } from '../rivals/clouds.js'
import { lookAt, numbersOf, points, turned } from './looks.js'

/** Two Gaussian blobs in the plane, of standard deviation `spread`, `apart` from each other. */
function blobs(count: number, spread: number, apart: number) {
  const z = normals(2 * count, 5)
  const rows = points(count, (i) => [spread * z[2 * i] + (i % 2 ? apart : 0), spread * z[2 * i + 1]])
  return lookAt(
    rows,
    rows.map((_, i) => i % 2),
  )
}

test('two Gaussian blobs: every figure that has a closed form', () => {
  const [spread, apart, count] = [0.5, 20, 4000]
  const { clustering: row } = clusteringRows({ ...blobs(count, spread, apart), noiseStd: 0.25 })
  assert.is(row.inputs, count)
  assert.is(row.pair_inputs, 1024)
  assert.is(row.classes, 2)
  // distances within: Rayleigh of scale sqrt(2) spread; quantiles of 1024 points are known to some 1/sqrt(1024)
  const rayleigh = (p: number) => spread * Math.SQRT2 * Math.sqrt(-2 * Math.log(1 - p))
  close(row.within_median! / rayleigh(0.5), 1, 0.1, 'within_median')
  close(row.within_q05! / rayleigh(0.05), 1, 0.1, 'within_q05')
  close(row.within_q95! / rayleigh(0.95), 1, 0.1, 'within_q95')
  close(row.within_mean! / (spread * Math.sqrt(Math.PI)), 1, 0.1, 'within_mean')
  // between: the gap, and deviations of sqrt(2) spread along it
  close(row.between_median!, apart, 4 * spread * Math.sqrt(2 / 512), 'between_median')
  close(row.between_q95! - row.between_q05!, 2 * 1.645 * Math.SQRT2 * spread, 0.2, 'between_q95 - between_q05')
  assert.is(row.tightness, row.within_median! / row.between_median!)
  // chi-square of 8000 terms: 4 standard errors of a variance are 4 sqrt(2 / 8000)
  const sampling = 4 * Math.sqrt(2 / 8000)
  close(row.within_std! ** 2 / (2 * spread ** 2), 1, sampling, 'within_std')
  assert.is(row.within_std_in_noise, row.within_std! / 0.25)
  // Sigma_B = (apart/2)^2 along the gap, Sigma_W = spread^2 there
  close(row.nc1! / (spread ** 2 / (apart / 2) ** 2 / 2), 1, 2 * sampling, 'nc1')
})

test('blobs that come together within their class: the tightness falls as the spread, NC1 as its square', () => {
  const [wide, narrow] = [0.5, 0.05].map((spread) => clusteringRows(blobs(2000, spread, 20)).clustering)
  // the distance between classes changes a little with the spread
  close(wide.tightness! / narrow.tightness!, 10, 0.1, 'tightness')
  close(wide.nc1! / narrow.nc1!, 100, 5, 'nc1')
  assert.equal([wide.nc2_equinorm, wide.nc2_equiangularity, wide.nc2_simplex], [null, null, null], 'two classes')
})

test('turning and scaling a layer leave all but its lengths', () => {
  const draw = uniform(3)
  const labels = points(600, (i) => [i % 3]).flat()
  const rows = labels.map((label) => points(5, (k) => [draw() + (k === label ? 1 : 0)]).flat())
  const look = lookAt(rows, labels)
  const normal = normals(25, 9).values()
  const rotated = clusteringRows(
    turned(
      look,
      randomRotation(5, () => normal.next().value!),
    ),
  )
  const scaled = clusteringRows({ ...look, s: look.s.map((value) => 8 * value) })
  const { clustering: plain, binned } = clusteringRows(look)
  const lengths = /^(within|between)_(?!std_in)/
  for (const [name, value] of numbersOf(plain)) {
    const [turnedTo, scaledTo] = [rotated, scaled].map(({ clustering }) => clustering[name as keyof typeof plain])
    // activations are rounded to f32 anew; a nearest neighbour .01 away moves by 1e-5 of its distance
    close(turnedTo as number, value, 1e-4 * (1 + Math.abs(value)), `${name}, turned`)
    close(
      scaledTo as number,
      value * (lengths.test(name) ? 8 : 1),
      1e-12 * (1 + 8 * Math.abs(value)),
      `${name}, scaled`,
    )
  }
  const wider = clusteringRows({ ...look, s: look.s.map((value) => 8 * value) }, { binWidths: [0.8] }).binned
  assert.is(wider[0].h_bin, binned.find(({ bin_width }) => bin_width === 0.1)!.h_bin)
})

test('all points equal: nothing but what is known, and no NaN', () => {
  const { clustering, binned, histograms } = clusteringRows(
    lookAt(
      points(50, () => [0.1, -0.3, 0.7]),
      points(50, (i) => [i % 3]).flat(),
    ),
  )
  for (const [name, value] of numbersOf(clustering)) assert.ok(Number.isFinite(value), name)
  const missing = Object.entries(clustering).flatMap(([name, value]) => (value === null ? [name] : []))
  const undefinedThere = ['nc1', 'nc2_equinorm', 'nc2_equiangularity', 'nc2_simplex', 'tightness']
  const dimensions = ['within_std_in_noise', 'participation_ratio', 'intrinsic_dimension']
  assert.equal(missing.sort(), [...undefinedThere, ...dimensions].sort())
  assert.equal([clustering.within_q95, clustering.between_mean, clustering.within_std], [0, 0, 0])
  assert.is(clustering.coinciding_share, 1)
  close(clustering.cosine_between_median!, 1, 1e-15, 'cosine')
  for (const row of binned) assert.equal([row.h_bin, row.normalised, row.bins], [0, 0, 1])
  for (const { low, high } of histograms) assert.ok(high > low)
})

test('one class, one input, a layer of zeros: null where a figure is not defined', () => {
  const oneClass = clusteringRows(lookAt(points(30, (i) => [i, i * i]))).clustering
  assert.equal([oneClass.between_median, oneClass.tightness, oneClass.nc1], [null, null, null])
  assert.is(oneClass.cosine_between_median, null)
  assert.ok(oneClass.within_median! > 0)
  const { clustering: single, binned, histograms } = clusteringRows(lookAt([[1, 2]]))
  assert.equal([single.within_mean, single.within_std, single.participation_ratio], [null, null, null])
  assert.equal([single.coinciding_share, single.intrinsic_dimension], [null, null])
  assert.equal([binned[0].h_bin, binned[0].normalised], [0, null])
  assert.equal(
    histograms.map(({ kind }) => kind),
    ['activation'],
  )
  const zeros = clusteringRows(lookAt([[0], [0], [0]], [0, 1, 1])).clustering
  assert.equal([zeros.cosine_within_median, zeros.cosine_between_median, zeros.nc1], [null, null, null])
  const alone = clusteringRows(lookAt([[0], [1], [3]], [0, 1, 2])).clustering
  assert.equal([alone.within_median, alone.within_std, alone.nc1], [null, null, null])
})

test('in one dimension cosines are signs', () => {
  const row = clusteringRows(lookAt([[-1], [-2], [-3], [4], [5]], [0, 0, 0, 1, 1])).clustering
  assert.equal([row.cosine_within_median, row.cosine_between_median], [1, -1])
  close(row.participation_ratio!, 1, 1e-14, 'participation_ratio')
})

test('pairs are of the same inputs in every layer and at every epoch, of others under another seed', () => {
  const rows = points(500, (i) => [i])
  const chosen = (more: object) => [...pairInputs({ ...lookAt(rows), ...more }, 100).points]
  assert.is(new Set(chosen({})).size, 100)
  assert.equal(chosen({ layer: 4, epoch: 7 }), chosen({}))
  assert.not.equal(chosen({ seed: 2 }), chosen({}))
  assert.equal([...pairInputs(lookAt(rows), 500).points], rows.flat())
  assert.is(clusteringRows(lookAt(rows), { pairInputs: 100 }).clustering.pair_inputs, 100)
})

test('the row has every column of its table', () => {
  const columns = clusteringSchema({ configuration_hash: '' }).fields.map(({ name }) => name)
  assert.equal(Object.keys(clusteringRows(lookAt([[0], [1]])).clustering).sort(), columns.sort())
})

test('a look that is none is refused, with its place', () => {
  const refused = (more: object, message: RegExp) =>
    assert.throws(
      () => clusteringRows({ ...lookAt([[1], [2]]), ...more }),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    )
  refused({ s: Float32Array.of(1, NaN) }, /layer 3, epoch 2: found NaN for input 1, expected finite numbers/)
  refused({ s: Float32Array.of(1) }, /found 1 activations and 2 labels, expected 2 x 1 and 2/)
  refused({ labels: Uint32Array.of(0, 1) }, /found label 1, expected one below 1/)
  refused({ count: 0, s: new Float32Array(), labels: new Uint32Array() }, /at least one input/)
  assert.throws(() => clusteringRows(lookAt([[1], [2]]), { binWidths: [0.1, 0] }), /bin width: found 0/)
})

test.run()
