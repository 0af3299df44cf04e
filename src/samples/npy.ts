/** One array in NumPy's form (numpy.lib.format, versions 1 to 3): its header, and its bytes as numbers or names. */
import { endianness } from 'node:os'
import { InputError } from '../errors.js'
import { asFloats, asScalars, halfFloats } from './source.js'
import type { Floats, Numbers, Scalar } from './source.js'
import { shown, unreadable, wrongShape, wrongType } from './wording.js'

type Bytes = Uint8Array<ArrayBuffer>

export interface NpyHeader {
  /** Of the type: f, i, u, b (boolean), U or S (text). */
  kind: string
  /** Bytes of a value. */
  size: number
  swapped: boolean
  fortran: boolean
  shape: number[]
  /** Where the values begin. */
  offset: number
}

/** `bytes` are at least the file's first 64 kB, or all of it. Throws InputError at types that are neither numbers nor text. */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (head.length < 12 || head.toString('latin1', 0, 6) !== '\x93NUMPY') throw wrong(name, 'it does not begin as one')
  const version = head[6]
  if (version < 1 || version > 3) throw wrong(name, `its version is ${version}`)
  const start = version === 1 ? 10 : 12
  const offset = start + (version === 1 ? head.readUInt16LE(8) : head.readUInt32LE(8))
  if (offset > head.length) throw wrong(name, `its header does not fit ${head.length} bytes`)
  const text = head.toString(version === 3 ? 'utf8' : 'latin1', start, offset)
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1]
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1]
  const type = /'descr':\s*('[^']*'|\[)/.exec(text)?.[1]
  if (shape === undefined || fortran === undefined || type === undefined) throw wrong(name, 'its header is incomplete')
  return { ...typeOf(type, name), fortran: fortran === 'True', shape: (shape.match(/\d+/g) ?? []).map(Number), offset }
}

/** Bytes of the values. */
export const npyBytes = ({ shape, size }: NpyHeader) => shape.reduce((all, side) => all * side, size)

/** Bytes that the samples of an array take once they are numbers (`compact`: see asFloats). */
export const npyMemory = ({ shape, kind, size }: NpyHeader, compact = false) =>
  product(shape) * ((kind === 'f' && size < 8) || (compact && size <= 2) ? 4 : 8)

/** Whether the file's bytes are the samples, without a copy. */
export const areAsInMemory = ({ kind, size, fortran }: NpyHeader) => kind === 'f' && size > 2 && !fortran

/** An array as rows of numbers, all dimensions but the first in a row. Throws InputError at text and at a single value. */
export function npyNumbers(header: NpyHeader, bytes: Bytes, name: string, compact = false): Numbers {
  const { shape } = header
  const width = product(shape.slice(1))
  if (shape.length < 1 || width < 1) throw wrongShape(shape, name, 'samples x components')
  if (isText(header)) throw wrongType(name, 'text', 'numbers')
  const values = asFloats(plainNumbers(header, bytes), compact)
  return { values: header.fortran && shape.length > 1 ? rowMajor(values, shape) : values, width }
}

/** Values that stand first index first, as they stand last index first: `index` counts through them like a clock. */
function rowMajor(values: Floats, shape: readonly number[]): Floats {
  const strides = shape.map((_, k) => product(shape.slice(0, k)))
  const index = new Array<number>(shape.length).fill(0)
  const turned = values.slice()
  for (let [at, from] = [0, 0]; at < turned.length; at++) {
    turned[at] = values[from]
    for (let k = shape.length - 1; k >= 0; k--) {
      from += strides[k]
      if (++index[k] < shape[k]) break
      from -= strides[k] * shape[k]
      index[k] = 0
    }
  }
  return turned
}

/** An array of one dimension (or n x 1) as values: numbers, booleans or text. */
export function npyScalars(header: NpyHeader, bytes: Bytes, name: string): ArrayLike<Scalar> {
  if (header.shape.length < 1 || product(header.shape.slice(1)) !== 1) {
    throw wrongShape(header.shape, name, 'one value a row (of one-hot rows their argmax)')
  }
  if (bytes.length !== npyBytes(header)) throw wrongLength(header, bytes)
  if (isText(header)) return texts(header, bytes, name)
  if (header.kind === 'b') return Array.from(bytes, (byte) => byte !== 0)
  const values = plainNumbers(header, bytes)
  return values instanceof BigInt64Array || values instanceof BigUint64Array ? asScalars(values) : values
}

const wrong = (name: string, what: string) => unreadable(`a NumPy array (${shown(name)})`, what)

const wrongLength = ({ shape }: NpyHeader, bytes: Bytes) =>
  unreadable('a NumPy array', `${bytes.length} bytes for shape (${shape.join(', ')})`)

const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1)

const isText = ({ kind }: NpyHeader) => kind === 'U' || kind === 'S'

/** Numbers that a file may hold, by kind and size; b: one byte, 0 or 1. */
const arrays = {
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  b1: Uint8Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
}

function typeOf(descr: string, name: string): Pick<NpyHeader, 'kind' | 'size' | 'swapped'> {
  const [, order, kind, digits] = /^'([<>|=]?)([a-zA-Z])(\d*)'$/.exec(descr) ?? []
  if (kind === 'O') {
    throw new InputError(
      `${shown(name)} holds Python objects, which only Python can read (it would run what the file says): ` +
        "make them numbers, such as numpy.asarray(a, dtype='float32'), and save again",
    )
  }
  const size = Number(digits) * (kind === 'U' ? 4 : 1)
  const swapped = (order === '>') === (endianness() === 'LE') && (order === '>' || order === '<')
  if (((kind === 'U' || kind === 'S') && size > 0) || Object.hasOwn(arrays, `${kind}${digits}`)) {
    return { kind, size, swapped }
  }
  const found = descr === '[' ? 'a structured type' : `of the type ${descr}`
  throw new InputError(
    `${shown(name)} is ${shown(found)}: expected real numbers or text; save it with .astype('float64')`,
  )
}

function plainNumbers(header: NpyHeader, bytes: Bytes) {
  const { kind, size, swapped } = header
  if (bytes.length !== npyBytes(header)) throw wrongLength(header, bytes)
  if (swapped) swap(bytes, size)
  const type = `${kind}${size}` as keyof typeof arrays
  const values = new arrays[type](bytes.buffer, 0, bytes.length / size)
  return type === 'f2' ? halfFloats(values as Uint16Array) : values
}

/** In place; a Buffer holds at most 4 GiB. */
function swap(bytes: Bytes, size: number): void {
  for (let at = 0; at < bytes.length; at += 2 ** 30) {
    const part = Buffer.from(bytes.buffer, at, Math.min(2 ** 30, bytes.length - at))
    if (size === 2) part.swap16()
    else if (size === 4) part.swap32()
    else if (size === 8) part.swap64()
  }
}

/** Text of fixed length, padded with zeros: U has four bytes a character, S one. */
function texts({ kind, size, swapped, shape }: NpyHeader, bytes: Bytes, name: string): string[] {
  if (kind === 'U' && swapped) swap(bytes, 4)
  const character = (point: number) => {
    if (point > 0x10ffff) throw wrong(name, `no character has the number ${point}`)
    return String.fromCodePoint(point)
  }
  const decode = (at: number) => {
    if (kind === 'S') return Buffer.from(bytes.buffer, at, size).toString('utf8')
    return Array.from(new Uint32Array(bytes.buffer, at, size / 4), character).join('')
  }
  return Array.from({ length: shape[0] }, (_, i) => decode(i * size).replace(/\0+$/, ''))
}
