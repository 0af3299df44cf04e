// One set of samples in every format and compression, written by the programs that people use: all read the same.
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readSamples } from '../../src/samples/read.js'
import { example, exampleByEpoch, fixture, readText, withFile } from './example-samples.js'

const test = suite('formats of samples')

const single = [
  'pandas.feather',
  'pandas-wide.feather',
  'pyarrow-zstd.feather',
  'pyarrow-f16.arrow',
  'pyarrow-dictionary.arrow',
  'pyarrow.arrows',
  'pyarrow-lz4.arrows',
  'polars.arrow',
  'polars-lz4.arrow',
  'polars-categorical.arrows',
  'pyarrow-none.parquet',
  'pyarrow-snappy.parquet',
  'pyarrow-zstd.parquet',
  'pyarrow-gzip.parquet',
  'pyarrow-lz4.parquet',
  'pyarrow-brotli.parquet',
  'pyarrow-f16.parquet',
  'pandas-wide.parquet',
  'polars.parquet',
  'arrays-compressed.npz',
]
const double = [
  'pyarrow-lz4-f64.feather',
  'polars-zstd-f64.arrow',
  'pyarrow-f64-v2-pages.parquet',
  'arrays.npz',
  'pandas.csv',
]

for (const name of [...single, ...double]) {
  test(`${name}: the samples, whole and by epoch`, async () => {
    const [{ keys, samples }, ...others] = await readSamples(fixture(name), { weights: 'w' })
    assert.equal([keys, others], [{}, []])
    assert.instance(samples.s, single.includes(name) ? Float32Array : Float64Array)
    assert.equal({ ...samples, ...plain(samples) }, example)
    const groups = await readSamples(fixture(name), { by: ['epoch'] })
    assert.equal(
      groups.map((group) => ({ ...group.keys, ...plain(group.samples), weights: group.samples.weights })),
      exampleByEpoch.map((group) => ({ ...group, weights: null })),
    )
  })
}

for (const name of ['s.npy', 's-fortran.npy', 's-big-endian.npy', 's-f16.npy', 's-integers.npy', 's-version-3.npy']) {
  test(`${name} is s alone`, async () => {
    const [{ samples }] = await readSamples(fixture(name))
    const { s, count, width, x, y, weights } = samples
    const unit = name === 's-integers.npy' ? 64 : 1
    assert.equal([count, width, x, y, weights], [24, 3, null, null, null])
    assert.equal(
      Array.from(s, (value) => value / unit),
      example.s,
    )
    const f64 = name === 's-integers.npy' || name === 's-fortran.npy'
    assert.instance(s, f64 ? Float64Array : Float32Array)
  })
}

for (const name of ['repeats-lz4.feather', 'repeats-zstd.feather']) {
  test(`${name}: 128 kB in several blocks that refer back`, async () => {
    const [{ samples }] = await readSamples(fixture(name))
    assert.equal([samples.count, samples.width], [4096, 4])
    assert.ok(samples.s.every((value, i) => value === i % 16))
  })
}

test('a dictionary may continue in a later batch', async () => {
  const [{ samples }] = await readSamples(fixture('dictionary-deltas.arrows'))
  assert.equal([...samples.s], [0.5, 1.5, 0.5, 1.5])
  assert.equal([...samples.x!], [0, 1, 2, 0])
})

test('CSV: commas, semicolons or tabs, quotes, a byte-order mark, line ends of any kind', async () => {
  const lines = readFileSync(fixture('pandas.csv'), 'utf8').trimEnd().split('\n')
  const texts = [
    lines.map((line) => line.replaceAll(',', ';')).join('\r\n'),
    lines.map((line) => line.replaceAll(',', '\t')).join('\n'),
    `\ufeff${lines.map((line) => line.replaceAll(/[^,]+/g, '"$&"')).join('\n')}\n\n`,
  ]
  for (const text of texts) {
    const [{ samples }] = await readText(text, { weights: 'w' })
    assert.equal({ ...samples, ...plain(samples) }, example)
  }
})

test('what a file is stands in its first bytes, not in its name', async () => {
  const bytes = readFileSync(fixture('polars.parquet'))
  const [{ samples }] = await withFile('samples.csv', bytes, (path) => readSamples(path, { weights: 'w' }))
  assert.equal({ ...samples, ...plain(samples) }, example)
})

test('other names, and columns that are not asked for', async () => {
  const text = 'act0,act1,image,class,s\n1,2,7,one,x\n3,4,7,one,y\n5,6,8,two,z\n'
  const [{ samples }] = await readText(text, { s: 'act', x: 'image', y: 'class' })
  assert.equal(plain(samples), { s: [1, 2, 3, 4, 5, 6], x: [0, 0, 1], y: [0, 0, 1] })
  assert.equal(samples.width, 2)
})

test.run()

function plain({ s, x, y, weights }: { s: ArrayLike<number>; x: unknown; y: unknown; weights: unknown }) {
  const array = (values: unknown) => (values === null ? null : Array.from(values as ArrayLike<number>))
  return { s: array(s), x: array(x), y: array(y), ...(weights === null ? {} : { weights: array(weights) }) }
}
