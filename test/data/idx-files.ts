// IDX files as small as they can be: what MNIST's look like, and four of them in a folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The bytes of a file whose header tells of `shape`, with these values behind it. */
export function idxBytes(shape: readonly number[], values: ArrayLike<number>, type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, type, shape.length])
  shape.forEach((side, i) => head.writeUInt32BE(side, 4 + 4 * i))
  return Buffer.concat([head, Uint8Array.from(values)])
}

/** Image i of 2 x 3 pixels: i, i + 1, ... i + 5; its label is i modulo 10. */
export function imageFiles(count: number): { images: Buffer; labels: Buffer } {
  const pixels = Array.from({ length: count * 6 }, (_, i) => Math.floor(i / 6) + (i % 6))
  const labels = Array.from({ length: count }, (_, i) => i % 10)
  return { images: idxBytes([count, 2, 3], pixels), labels: idxBytes([count], labels) }
}

/** A folder as for --data: five images to train on, four to test on, or what `changed` says in place of a file. */
export function imageFolder(folder: string, changed: Record<string, Buffer | null> = {}): string {
  const [train, test] = [imageFiles(5), imageFiles(4)]
  const files: Record<string, Buffer | null> = {
    'train-images-idx3-ubyte': train.images,
    'train-labels-idx1-ubyte': train.labels,
    't10k-images-idx3-ubyte': test.images,
    't10k-labels-idx1-ubyte': test.labels,
    ...changed,
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(folder, name), bytes)
  return folder
}
