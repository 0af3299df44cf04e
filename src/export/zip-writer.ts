/**
 * A ZIP archive as numpy.savez writes it: entries stored, not packed, so that a reader finds the numbers as they lie in memory
 * (APPNOTE.TXT 4.3, with ZIP64 where an entry or its place is beyond 4 GB). The size of an entry is known before its bytes, its
 * checksum after them: the header is mended then, and no entry is ever held whole.
 */
import { writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { writeFully } from '../tables/disk.js'

interface Written {
  name: Buffer
  size: number
  crc: number
  offset: number
  large: boolean
}

const most32 = 0xffffffff
/** 1980-01-01, as ZIP counts: the same tables give the same bytes. */
const date = 0x21
/** Names are UTF-8. */
const flags = 0x0800

export class ZipWriter {
  readonly #file: number
  readonly #largest: number
  readonly #entries: Written[] = []
  #at = 0

  /**
   * @param file open and empty
   * @param largest size or place that takes no ZIP64; less in a test
   */
  constructor(file: number, largest = most32 - 1) {
    this.#file = file
    this.#largest = largest
  }

  /** Throws if the pieces are not `size` bytes together, and system errors. */
  add(name: string, size: number, pieces: Iterable<Uint8Array>): void {
    const large = Math.max(size, this.#at) > this.#largest
    const entry: Written = { name: Buffer.from(name), size, crc: 0, offset: this.#at, large }
    this.#write(localHeader(entry))
    const start = this.#at
    for (const piece of pieces) {
      entry.crc = crc32(piece, entry.crc)
      this.#write(piece)
    }
    if (this.#at - start !== size) throw new Error(`${name}: ${this.#at - start} bytes written, ${size} announced`)
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(entry.crc)
    writeSync(this.#file, crc, 0, 4, entry.offset + 14)
    this.#entries.push(entry)
  }

  /** The directory, which ends the archive. */
  finish(): void {
    const start = this.#at
    for (const entry of this.#entries) this.#write(directoryEntry(entry))
    const large = this.#entries.length >= 0xffff || this.#at > this.#largest
    this.#write(directoryEnd(this.#entries.length, start, this.#at - start, large))
  }

  #write(bytes: Uint8Array): void {
    this.#at += writeFully(this.#file, bytes)
  }
}

/** Numbers as little-endian fields of 2, 4 or 8 bytes. */
function fields(...parts: [size: 2 | 4 | 8, value: number][]): Buffer {
  const bytes = Buffer.alloc(parts.reduce((sum, [size]) => sum + size, 0))
  let at = 0
  for (const [size, value] of parts) {
    if (size === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, size)
    at += size
  }
  return bytes
}

function localHeader(entry: Written): Buffer {
  const { name, size, large } = entry
  const extra = large ? fields([2, 1], [2, 16], [8, size], [8, size]) : Buffer.alloc(0)
  const told = large ? most32 : size
  const head = fields(
    [4, 0x04034b50],
    [2, version(entry)],
    [2, flags],
    [2, 0],
    [2, 0],
    [2, date],
    [4, 0],
    [4, told],
    [4, told],
  )
  return Buffer.concat([head, fields([2, name.length], [2, extra.length]), name, extra])
}

function directoryEntry(entry: Written): Buffer {
  const { name, size, crc, offset, large } = entry
  const extra = large ? fields([2, 1], [2, 24], [8, size], [8, size], [8, offset]) : Buffer.alloc(0)
  const [toldSize, toldOffset] = large ? [most32, most32] : [size, offset]
  const made = version(entry)
  const head = fields([4, 0x02014b50], [2, made], [2, made], [2, flags], [2, 0], [2, 0], [2, date], [4, crc])
  const sizes = fields(
    [4, toldSize],
    [4, toldSize],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
  )
  return Buffer.concat([head, sizes, fields([4, toldOffset]), name, extra])
}

const version = ({ large }: Written) => (large ? 45 : 20)

function directoryEnd(count: number, offset: number, size: number, large: boolean): Buffer {
  const record = fields(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  )
  const locator = fields([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1])
  const [toldCount, toldSize, toldOffset] = large ? [0xffff, most32, most32] : [count, size, offset]
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, toldCount],
    [2, toldCount],
    [4, toldSize],
    [4, toldOffset],
    [2, 0],
  )
  return Buffer.concat(large ? [record, locator, end] : [end])
}
