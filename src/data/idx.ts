/**
 * IDX, the form of MNIST's files, as they are or in gzip: two zero bytes, the type of a value (8: a byte), the number of
 * dimensions, each dimension as a big-endian u32, then the values, row-major. The header is held against the length of
 * the file before anything of the size that it claims is read or unpacked: a header that lies costs no memory.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { InputError } from '../errors.js'

export interface Idx {
  /** Sizes, the first being how many images or labels there are. */
  shape: number[]
  /** Row-major. */
  values: Uint8Array
}

/** What a file is to hold, by its number of dimensions. */
const kinds: Record<number, string> = {
  1: 'labels',
  2: 'inputs x components',
  3: 'images x rows x columns',
  4: 'images x channels x rows x columns',
}

type Dimensions = 1 | 2 | 3 | 4

/** MNIST's largest file has 47 MB, EMNIST's 547 MB. */
const largest = 2 ** 30
/** No deflated byte becomes more than these (RFC 1951: 258 bytes from a quarter of a byte). */
const mostUnpacked = 1032
const beginning = 4096

const cut = 'the file is cut or damaged: fetch or copy it again'
const reasons: Record<string, string> = { ENOENT: 'no such file', EACCES: 'no permission to read it' }

const wrong = (name: string, found: string, remedy = cut) => new InputError(`${name}: ${found}; ${remedy}`)

/**
 * Reads a file of bytes with so many dimensions. InputError: no file to be read, another type or number of dimensions,
 * a length other than the header's, broken gzip.
 */
export function readIdx(path: string, dimensions: Dimensions): Idx {
  try {
    return readFile(path, dimensions)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (error instanceof InputError || !code?.startsWith('E') || code.startsWith('ERR_')) throw error
    throw wrong(path, `cannot be read: ${reasons[code] ?? code}`, 'expected an IDX file, as MNIST has them')
  }
}

/**
 * How many dimensions a file has, plain or in gzip, whose first bytes are those of IDX with values of any type; null of
 * any other file, or none.
 */
export function idxDimensions(path: string): number | null {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null
  try {
    const start = firstBytes(path, beginning)
    const head = start[0] === 0x1f && start[1] === 0x8b ? unpackedStart(start, path) : start
    return head.length >= 4 && head.readUInt16BE(0) === 0 && types.includes(head[2]) ? head[3] : null
  } catch {
    return null
  }
}

/** Bytes, signed bytes, shorts, integers, floats and doubles. */
const types = [8, 9, 11, 12, 13, 14]

function readFile(path: string, dimensions: Dimensions): Idx {
  const status = statSync(path)
  if (!status.isFile()) throw wrong(path, 'not a file', 'expected an IDX file, as MNIST has them')
  const start = firstBytes(path, Math.min(beginning, status.size))
  const packed = start[0] === 0x1f && start[1] === 0x8b
  const { shape, length } = readHeader(packed ? unpackedStart(start, path) : start, path, dimensions)
  const [least, most] = packed ? [length / mostUnpacked, 2 * length + 65_536] : [length, length]
  if (!(status.size >= least && status.size <= most)) {
    throw wrongLength(path, `${status.size} bytes${packed ? ' of gzip' : ''}`, shape, length)
  }
  const bytes = readFileSync(path)
  return parseIdx(packed ? unpack(bytes, path, length) : bytes, path, dimensions)
}

/** The same from bytes at hand; `name` stands in errors. The values are a view, no copy. */
export function parseIdx(bytes: Uint8Array, name: string, dimensions: Dimensions): Idx {
  const { shape, offset, length } = readHeader(bytes, name, dimensions)
  if (bytes.length !== length) throw wrongLength(name, `${bytes.length} bytes`, shape, length)
  return { shape, values: bytes.subarray(offset) }
}

interface Header {
  shape: number[]
  /** Where the values begin. */
  offset: number
  /** Of the whole file. */
  length: number
}

function readHeader(bytes: Uint8Array, name: string, dimensions: Dimensions): Header {
  const offset = 4 + 4 * dimensions
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(offset, bytes.length))
  if (head.length < 4) throw wrong(name, `${head.length} bytes, expected an IDX header of ${offset}`)
  requireMagic(head, name, dimensions)
  if (head.length < offset) throw wrong(name, `${head.length} bytes, expected an IDX header of ${offset}`)
  const shape = Array.from({ length: dimensions }, (_, i) => head.readUInt32BE(4 + 4 * i))
  const length = shape.reduce((all, side) => all * side, 1) + offset
  const claim = `its header says ${shape.join(' x ')} values`
  if (shape.includes(0)) throw wrong(name, `${claim}, expected at least one`)
  if (length > largest) throw wrong(name, `${claim}, more than the ${largest} bytes that are read at most`)
  return { shape, offset, length }
}

function requireMagic(head: Buffer, name: string, dimensions: Dimensions): void {
  const expected = `an IDX file of ${kinds[dimensions]}, which begins with 0000080${dimensions}`
  const found = `begins with ${head.toString('hex', 0, 4)}`
  if (head.readUInt16BE(0) !== 0) throw wrong(name, `${found}, expected ${expected}`)
  if (head[2] !== 8) throw wrong(name, `${found}: values of type ${head[2]}, expected ${expected}`, 'store bytes')
  if (head[3] !== dimensions) {
    const other = kinds[head[3]] ?? `${head[3]} dimensions`
    throw wrong(name, `${found}: ${other}, expected ${expected}`, 'are two files named for each other?')
  }
}

function wrongLength(name: string, found: string, shape: number[], length: number): InputError {
  return wrong(name, `${found}, expected ${length} as its header says (${shape.join(' x ')} values)`)
}

function firstBytes(path: string, count: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(count)
    return bytes.subarray(0, readSync(file, bytes, 0, count, 0))
  } finally {
    closeSync(file)
  }
}

const unpackedStart = (start: Buffer, path: string) =>
  gunzip(start, path, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpacked * beginning })

const unpack = (bytes: Buffer, path: string, length: number) => gunzip(bytes, path, { maxOutputLength: length })

function gunzip(bytes: Buffer, path: string, options: object): Buffer {
  try {
    return gunzipSync(bytes, options)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw wrong(path, `gzip: ${code === 'ERR_BUFFER_TOO_LARGE' ? 'more in it than its header says' : message}`)
  }
}
