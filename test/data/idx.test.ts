import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseIdx, readIdx } from '../../src/data/idx.js'
import { idxBytes } from './idx-files.js'
import { mistaken } from './input-error.js'

const folder = mkdtempSync(join(os.tmpdir(), 'infoflow-idx-'))
test.after(() => rmSync(folder, { recursive: true }))

const twelve = Array.from({ length: 12 }, (_, i) => 20 * i)
const images = idxBytes([2, 2, 3], twelve)

function stored(bytes: Buffer, name = 'some-idx'): string {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/** That the bytes, in a file, are refused with the file's name and these words. */
const refused = (bytes: Buffer, ...patterns: RegExp[]) =>
  mistaken(() => readIdx(stored(bytes), 3), /some-idx: /, ...patterns)

test('images and labels come back as they were written, plain and from gzip', () => {
  const labels = idxBytes([3], [9, 0, 4])
  for (const pack of [(bytes: Buffer) => bytes, (bytes: Buffer) => gzipSync(bytes)]) {
    const { shape, values } = readIdx(stored(pack(images)), 3)
    assert.equal([shape, [...values]], [[2, 2, 3], twelve])
    assert.equal([...readIdx(stored(pack(labels)), 1).values], [9, 0, 4])
  }
})

test('gzip that says more than its first block holds: as long as MNIST, nothing but zeros', () => {
  const { shape, values } = readIdx(stored(gzipSync(idxBytes([1000, 28, 28], new Uint8Array(784_000)))), 3)
  assert.equal([shape, values.length], [[1000, 28, 28], 784_000])
})

test('a file cut anywhere is refused, plain and in gzip', () => {
  for (const length of [0, 3, 4, 15, 16, images.length - 1]) {
    refused(images.subarray(0, length), /expected/, /fetch or copy it again/)
  }
  const packed = gzipSync(images)
  for (const length of [2, 10, 20, packed.length - 8, packed.length - 1]) refused(packed.subarray(0, length), /again/)
})

test('a byte too many is refused, plain and in gzip', () => {
  const longer = Buffer.concat([images, Buffer.of(0)])
  refused(longer, /29 bytes, expected 28 as its header says \(2 x 2 x 3 values\)/)
  refused(gzipSync(longer), /gzip: more in it than its header says/)
})

test('gzip with a changed byte is refused by its checksum', () => {
  const packed = gzipSync(images, { level: 0 })
  packed[packed.length - 12] ^= 1
  refused(packed, /gzip: incorrect data check/)
})

test('what is no IDX file, holds no bytes or has other dimensions is told apart', () => {
  refused(Buffer.from('\x89PNG and more of it', 'latin1'), /begins with 89504e47, expected .* 00000803/)
  refused(idxBytes([2, 2, 3], twelve, 0x0d), /values of type 13, expected/)
  refused(idxBytes([12], twelve), /begins with 00000801: labels, expected .*named for each other\?/)
  refused(idxBytes([2, 6], twelve), /begins with 00000802: inputs x components, expected/)
  refused(idxBytes([1, 1, 1, 3, 4], twelve), /begins with 00000805: 5 dimensions, expected/)
  mistaken(() => parseIdx(images, 'labels', 1), /^labels: begins with 00000803: images x rows x columns/)
})

test('a header with nothing in it, or with more than there can be, is refused before anything is unpacked', () => {
  refused(idxBytes([0, 28, 28], []), /0 x 28 x 28 values, expected at least one/)
  const most = 2 ** 32 - 1
  refused(idxBytes([most, most, most], twelve), /4294967295 x 4294967295 x 4294967295 values, more than/)
  const before = process.memoryUsage().rss
  refused(idxBytes([1_000_000, 28, 28], twelve), /28 bytes, expected 784000016/)
  refused(gzipSync(idxBytes([1_000_000, 28, 28], twelve)), /bytes of gzip, expected 784000016/)
  const grown = process.memoryUsage().rss - before
  assert.ok(grown < 100e6, `${grown} bytes for files of 28`)
})

test('no file, or a folder in its place, is a mistake that names the path', () => {
  mistaken(() => readIdx(join(folder, 'none'), 3), /none: cannot be read: no such file/)
  mistaken(() => readIdx(folder, 3), /: not a file/)
})

test.run()
