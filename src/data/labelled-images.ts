/** Images with a label each, from IDX files that must agree: as many labels as images, every label one of the classes. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import { readIdx, type Idx } from './idx.js'

export interface LabelledImages {
  /** What it is, for errors: where its files lie. */
  name: string
  /** images x rows x columns. */
  images: Idx
  labels: Idx
}

/** The images to train on and those to test on. */
export interface ImageSets {
  train: LabelledImages
  test: LabelledImages
}

/** The names that MNIST gave its files, and that others with such files keep. */
export const stems = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const

/**
 * The four files of MNIST, Fashion-MNIST or any other data in their form, each plain or with .gz, and with a dot for the
 * last hyphen but one if need be. InputError: a file missing or broken, counts or sizes that differ, a label past 9.
 */
export function imagesIn(directory: string, classes: number): ImageSets {
  if (!isFolder(directory)) {
    throw new InputError(`${directory}: no such folder: expected one with the four IDX files of MNIST or Fashion-MNIST`)
  }
  const read = ({ images, labels }: { images: string; labels: string }): LabelledImages => {
    const paths = [images, labels].map((stem) => find(directory, stem))
    return { name: directory, images: readIdx(paths[0], 3), labels: readIdx(paths[1], 1) }
  }
  return agreeing({ train: read(stems.train), test: read(stems.test) }, classes)
}

/** The same sets, checked against each other and against the number of classes. */
export function agreeing(sets: ImageSets, classes: number): ImageSets {
  requireLabels(sets.train, stems.train, classes)
  requireLabels(sets.test, stems.test, classes)
  const [train, test] = [sets.train, sets.test].map(({ images }) => images.shape.slice(1).join(' x '))
  if (train === test) return sets
  throw new InputError(
    `${sets.test.name}: test images of ${test} pixels, expected ${train}, as to train on; take files of one data set`,
  )
}

function requireLabels({ name, images, labels }: LabelledImages, stem: { labels: string }, classes: number): void {
  const [count, expected] = [labels.shape[0], images.shape[0]]
  if (count !== expected) {
    throw new InputError(
      `${name}: ${stem.labels} holds ${count} labels, expected ${expected}, one an image; take files of one data set`,
    )
  }
  const stray = labels.values.findIndex((label) => label >= classes)
  if (stray < 0) return
  const range = `expected 0 to ${classes - 1}; repair that label, or take data of ${classes} classes`
  throw new InputError(`${name}: ${stem.labels}: label ${labels.values[stray]} at ${stray}, ${range}`)
}

function find(directory: string, stem: string): string {
  const names = [stem, stem.replace('-idx', '.idx')].flatMap((name) => [name, `${name}.gz`])
  const found = names.find((name) => existsSync(join(directory, name)))
  if (found) return join(directory, found)
  throw new InputError(`${directory}: no ${stem} or ${stem}.gz: expected the four IDX files of MNIST or Fashion-MNIST`)
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
