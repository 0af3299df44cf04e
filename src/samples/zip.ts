/** What lies in a ZIP archive, which is what an .npz is (APPNOTE.TXT 4.3; ZIP64 too: NumPy writes it for large arrays). */
import { constants as limits } from 'node:buffer'
import { constants, crc32, inflateRawSync } from 'node:zlib'
import { InputError } from '../errors.js'
import type { FileBytes } from './bytes.js'
import { shown, unreadable } from './wording.js'

export interface ZipEntry {
  name: string
  /** 0 stored, 8 deflated; nothing else is read. */
  method: number
  compressed: number
  size: number
  crc: number
  /** Of its local header. */
  offset: number
}

/** No deflated byte becomes more than these (RFC 1951: 258 bytes from a quarter of a byte). */
const mostUnpacked = 1032
/** Of the directory: an archive of a layer's samples has some hundred arrays. */
const longestDirectory = 2 ** 26

const wrong = (what: string) => unreadable('a ZIP archive (.npz)', what)

/** Throws InputError where the directory at the end is cut or damaged. */
export function zipEntries(file: FileBytes): ZipEntry[] {
  const { count, size, offset } = findDirectory(file)
  if (size > longestDirectory) throw wrong(`a directory of ${size} bytes`)
  const bytes = Buffer.from(file.read(offset, size).buffer)
  const entries: ZipEntry[] = []
  for (let at = 0; entries.length < count;) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw wrong('its directory is damaged')
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field))
    if (at + 46 + name + extra + comment > bytes.length) throw wrong('its directory is damaged')
    entries.push(entryAt(bytes, at, name, extra))
    at += 46 + name + extra + comment
  }
  return entries
}

/** The whole entry, uncompressed, its checksum compared. */
export function readEntry(file: FileBytes, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  if (entry.size > limits.MAX_LENGTH) {
    throw new InputError(
      `${shown(entry.name)} is too large to uncompress at once: use numpy.savez, not savez_compressed`,
    )
  }
  const bytes = entry.method === 0 ? file.read(dataOffset(file, entry), entry.size) : inflated(file, entry)
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw wrong(`${entry.name} is damaged`)
  return bytes
}

/** The first bytes of an entry, as many as 64 kB of the archive give. */
export function beginningOf(file: FileBytes, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const bytes = file.read(dataOffset(file, entry), Math.min(entry.compressed, 65_536))
  return entry.method === 0 ? bytes : inflate(entry, bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}

const inflated = (file: FileBytes, entry: ZipEntry) =>
  inflate(entry, file.read(dataOffset(file, entry), entry.compressed), { maxOutputLength: Math.max(1, entry.size) })

function inflate(entry: ZipEntry, bytes: Uint8Array, options: object): Uint8Array<ArrayBuffer> {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(bytes, options)
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length)
  } catch (error) {
    throw wrong(`${entry.name}: ${(error as Error).message}`)
  }
}

function dataOffset(file: FileBytes, { name, method, offset, compressed, size }: ZipEntry): number {
  if (method !== 0 && method !== 8) throw wrong(`${name} is packed by method ${method}`)
  if (method === 0 ? size !== compressed : size > mostUnpacked * compressed) {
    throw wrong(`${name}: ${size} bytes from ${compressed}`)
  }
  const head = Buffer.from(file.read(offset, 30).buffer)
  if (head.readUInt32LE(0) !== 0x04034b50) throw wrong(`${name} is not where the directory says`)
  if (head.readUInt16LE(6) & 1) throw wrong(`${name} is encrypted`)
  return offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
}

function findDirectory(file: FileBytes): { count: number; size: number; offset: number } {
  const length = Math.min(file.size, 65_557)
  const tail = Buffer.from(file.read(file.size - length, length).buffer)
  const at = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (at < 0 || at + 22 > length) throw wrong('its directory is missing')
  const short = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
  const large = short.count === 0xffff || short.size === 0xffffffff || short.offset === 0xffffffff
  if (!large || at < 20 || tail.readUInt32LE(at - 20) !== 0x07064b50) return short
  const record = Buffer.from(file.read(Number(tail.readBigUInt64LE(at - 12)), 56).buffer)
  const [count, size, offset] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)))
  return { count, size, offset }
}

/** Sizes that do not fit 32 bits stand in the extra field 1, in this order. */
function entryAt(bytes: Buffer, at: number, nameLength: number, extraLength: number): ZipEntry {
  const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
  const long = longFields(extra)
  const [size, compressed, offset] = [24, 20, 42].map((field) => {
    const value = bytes.readUInt32LE(at + field)
    return value === 0xffffffff ? (long.shift() ?? value) : value
  })
  return { name, method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16), size, compressed, offset }
}

function longFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const count = Math.floor(Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4) / 8)
    return Array.from({ length: count }, (_, i) => Number(extra.readBigUInt64LE(at + 4 + 8 * i)))
  }
  return []
}
