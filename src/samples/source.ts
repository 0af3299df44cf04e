/** What every format gives: names of columns, how large the samples are, and rows in portions. */
import type { ChosenColumns } from './columns.js'

export type Floats = Float32Array | Float64Array

/** Numbers of a column of samples: rows x width, row-major. */
export interface Numbers {
  values: Floats
  width: number
}

/** A value of a column with one value a row; null where the file has none. */
export type Scalar = number | bigint | string | boolean | null

/** Consecutive rows of a file. */
export interface Portion {
  rows: number
  s: Numbers
  /** By name; `rows` values each. */
  scalars: Map<string, ArrayLike<Scalar>>
}

/** How large samples are before they are read; an estimate for text. */
export interface Extent {
  /** Null where only reading tells. */
  rows: number | null
  /** Bytes of the samples as f32 or f64. */
  samples: number
  /** Bytes that reading the largest portion takes on top. */
  portion: number
}

export interface Source {
  names: string[]
  extent(chosen: ChosenColumns): Extent
  /** Sizes of a whole column, rows first, where the file says them: arrays of NumPy. */
  shape?(name: string): readonly number[]
  portions(chosen: ChosenColumns): AsyncIterable<Portion> | Iterable<Portion>
}

/** Columns of one component each, side by side; f64 as soon as one of them is; no columns: no numbers. */
export function sideBySide(columns: Numbers[], rows: number): Numbers {
  if (columns.length === 1) return columns[0]
  const width = columns.length
  const single = columns.every(({ values }) => values instanceof Float32Array)
  const values = single ? new Float32Array(rows * width) : new Float64Array(rows * width)
  for (let j = 0; j < width; j++) {
    const column = columns[j].values
    for (let i = 0; i < rows; i++) values[i * width + j] = column[i]
  }
  return { values, width }
}

type Integers =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array

/** Integers as f64 (exact up to 2^53), or as f32 where they are `compact` and have no more than 16 bits; floats as they are. */
export function asFloats(values: Floats | Integers, compact = false): Floats {
  if (values instanceof Float32Array || values instanceof Float64Array) return values
  if (compact && values.BYTES_PER_ELEMENT <= 2) return new Float32Array(values as Uint8Array)
  const floats = new Float64Array(values.length)
  for (let i = 0; i < floats.length; i++) floats[i] = Number(values[i])
  return floats
}

/** 64-bit integers as plain numbers where those are exact. */
export function asScalars(values: BigInt64Array | BigUint64Array): (number | bigint)[] {
  return Array.from(values, (value) => {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  })
}

/** IEEE 754 binary16 numbers, given by their bits. */
export function halfFloats(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (h) => {
    const sign = h & 0x8000 ? -1 : 1
    const exponent = (h >> 10) & 31
    const fraction = h & 1023
    if (exponent === 31) return fraction ? NaN : sign * Infinity
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}
