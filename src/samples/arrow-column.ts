/**
 * Columns of one Arrow batch, buffer by buffer (Columnar.html, "Buffer Listing for Each Layout"): what is used is read
 * and uncompressed, everything else is stepped over. Rows in errors are counted through the whole file.
 */
import { DataType, MetadataVersion, Precision, Type, UnionMode } from 'apache-arrow'
import type { Bool, Dictionary, FixedSizeList, Float, Int, Union } from 'apache-arrow'
import type { Batch } from './arrow-index.js'
import type { FileBytes } from './bytes.js'
import { decodeLz4Frame } from './lz4.js'
import { asFloats, asScalars, halfFloats } from './source.js'
import type { Numbers, Scalar } from './source.js'
import { emptyList, missingNumber, missingValue, ragged, unreadable, wrongType } from './wording.js'
import { decodeZstd } from './zstd.js'

type Bytes = Uint8Array<ArrayBuffer>

/** Goes through the columns of a batch in the order of the schema; each call takes or skips one. */
export class BatchColumns {
  readonly #file: FileBytes
  readonly #batch: Batch
  readonly #version: MetadataVersion
  readonly #firstRow: number
  readonly #compact: boolean
  #node = 0
  #buffer = 0
  #variadic = 0

  /**
   * @param firstRow number of the batch's first row, counted through the file
   * @param compact whether integers of up to 16 bits become f32 instead of f64
   */
  constructor(file: FileBytes, batch: Batch, version: MetadataVersion, firstRow: number, compact = false) {
    this.#file = file
    this.#batch = batch
    this.#version = version
    this.#firstRow = firstRow
    this.#compact = compact
  }

  skip(type: DataType): void {
    this.#node++
    this.#buffer += this.#bufferCount(type)
    if (DataType.isDictionary(type)) return
    for (const child of type.children ?? []) this.skip(child?.type ?? unreadableChild())
  }

  /** How many numbers the column holds, as the metadata of its innermost values say. Steps over it. */
  countNumbers(type: DataType): number {
    this.skip(type)
    this.#node--
    const { length } = this.#here()
    this.#node++
    return length
  }

  /** Lists, fixed-size lists, or plain numbers. Throws InputError at nulls, ragged lists, and what is no number. */
  numbers(type: DataType, name: string): Numbers {
    const fixed = DataType.isFixedSizeList(type) ? type.listSize : null
    if (fixed === null && !isList(type)) {
      const { values, nullAt } = this.#floats(type, name)
      if (nullAt >= 0) throw missingValue(this.#firstRow + nullAt, name)
      return { values, width: 1 }
    }
    const rows = this.#withoutNulls(name)
    const offsets = fixed === null ? this.#offsets(type, rows) : null
    const width = fixed ?? this.#commonWidth(offsets!, name)
    const from = offsets?.[0] ?? 0
    if (!(width > 0) && rows > 0) throw emptyList(this.#firstRow, name)
    const { values, nullAt } = this.#floats((type as FixedSizeList).children[0].type, name)
    if (nullAt >= 0)
      throw missingNumber(this.#firstRow + Math.floor((nullAt - from) / width), (nullAt - from) % width, name)
    if (!(from >= 0 && values.length >= from + rows * width)) throw unreadable('Arrow', `${name} is too short`)
    return { values: values.subarray(from, from + rows * width), width }
  }

  /** Integers, floats, booleans, strings, or a dictionary of those, null where the row has none. */
  scalars(type: DataType, name: string, dictionaries: Map<number, ArrayLike<Scalar>>): ArrayLike<Scalar> {
    const { length, nullCount } = this.#here()
    if (DataType.isNull(type)) {
      if (length > mostNulls) throw unreadable('Arrow', `${length} rows of nothing`)
      this.skip(type)
      return new Array<null>(length).fill(null)
    }
    const valid = this.#validity()
    const values = this.#plainScalars(type, length, name, dictionaries)
    return nullCount > 0 ? Array.from(values, (value, i) => (bit(valid, i) ? value : null)) : values
  }

  #plainScalars(
    type: DataType,
    length: number,
    name: string,
    dictionaries: Map<number, ArrayLike<Scalar>>,
  ): ArrayLike<Scalar> {
    if (DataType.isDictionary(type)) {
      const { id, indices } = type as Dictionary
      const values = dictionaries.get(id)
      if (!values) throw unreadable('Arrow', `the dictionary of ${name} is missing`)
      return Array.from(asFloats(this.#integers(indices, length)), (index) => values[index] ?? null)
    }
    if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return this.#strings(type, length)
    if (DataType.isUtf8View(type)) return this.#stringViews(length)
    if (DataType.isBool(type)) {
      const bits = this.#values(Uint8Array, Math.ceil(length / 8))
      return Array.from({ length }, (_, i) => bit(bits, i))
    }
    if (DataType.isFloat(type)) return this.#plainFloats(type, length)
    if (!DataType.isInt(type)) throw wrongType(name, String(type), 'integers, strings or booleans')
    const integers = this.#integers(type, length)
    return integers instanceof BigInt64Array || integers instanceof BigUint64Array ? asScalars(integers) : integers
  }

  /** Values of a numeric column, and the place of the first null (-1: none). */
  #floats(type: DataType, name: string) {
    const { length, nullCount } = this.#here()
    const numeric = DataType.isFloat(type) || DataType.isInt(type) || DataType.isBool(type)
    if (!numeric) throw wrongType(name, String(type), 'numbers, or lists of numbers')
    const valid = this.#validity()
    let nullAt = -1
    for (let i = 0; nullCount > 0 && nullAt < 0 && i < length; i++) if (!bit(valid, i)) nullAt = i
    return { values: this.#plainFloats(type, length, this.#compact), nullAt }
  }

  #plainFloats(type: Float | Int | Bool, length: number, compact = false) {
    if (DataType.isInt(type)) return asFloats(this.#integers(type, length), compact)
    if (DataType.isBool(type)) {
      const bits = this.#values(Uint8Array, Math.ceil(length / 8))
      return Float64Array.from({ length }, (_, i) => Number(bit(bits, i)))
    }
    if (type.precision === Precision.HALF) return halfFloats(this.#values(Uint16Array, length))
    const array = type.precision === Precision.SINGLE ? Float32Array : Float64Array
    return this.#values<Float32Array | Float64Array>(array, length)
  }

  #integers({ bitWidth, isSigned }: Int, length: number) {
    const arrays = isSigned
      ? { 8: Int8Array, 16: Int16Array, 32: Int32Array, 64: BigInt64Array }
      : { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array, 64: BigUint64Array }
    if (!(bitWidth in arrays)) throw unreadable('Arrow', `integers of ${String(bitWidth)} bits`)
    return this.#values<InstanceType<(typeof arrays)[typeof bitWidth]>>(arrays[bitWidth] as never, length)
  }

  #strings(type: DataType, length: number): string[] {
    const offsets = this.#offsets(type, length)
    const bytes = Buffer.from(this.#next(mostText).buffer)
    for (let i = 0, least = 0; i < offsets.length; least = offsets[i++]) {
      if (!(offsets[i] >= least && offsets[i] <= bytes.length)) throw unreadable('Arrow', 'texts that are not its own')
    }
    return Array.from({ length }, (_, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]))
  }

  /** Views of 16 bytes: length, then up to 12 bytes, or a prefix, the number of a buffer and the offset in it. */
  #stringViews(length: number): string[] {
    const views = Buffer.from(this.#values(Uint8Array, 16 * length).buffer)
    const count = this.#batch.header.variadicBufferCounts[this.#variadic++] ?? 0
    const data: Buffer[] = []
    while (data.length < count) data.push(Buffer.from(this.#next(mostText).buffer))
    let left = mostText
    return Array.from({ length }, (_, i) => {
      const at = 16 * i
      const bytes = views.readInt32LE(at)
      left -= bytes
      if (!(bytes >= 0 && left >= 0)) throw unreadable('Arrow', `more than ${mostText} bytes of text`)
      if (bytes <= 12) return views.toString('utf8', at + 4, at + 4 + bytes)
      const from = views.readInt32LE(at + 12)
      const text = data[views.readInt32LE(at + 8)]
      if (!(from >= 0 && from + bytes <= (text?.length ?? 0))) throw unreadable('Arrow', 'texts that are not its own')
      return text.toString('utf8', from, from + bytes)
    })
  }

  #withoutNulls(name: string): number {
    const { length, nullCount } = this.#here()
    const valid = this.#validity()
    for (let i = 0; nullCount > 0 && i < length; i++) if (!bit(valid, i)) throw missingValue(this.#firstRow + i, name)
    return length
  }

  /** Length and number of nulls of the column (or of its values) that comes next. */
  #here(): { length: number; nullCount: number } {
    const node = this.#batch.header.nodes[this.#node]
    if (node && node.length >= 0) return node
    throw unreadable('Arrow', 'a batch has fewer columns than its schema')
  }

  /** Takes the node and its first buffer, which need not be there where nothing is null. */
  #validity(): Bytes {
    const { length, nullCount } = this.#here()
    this.#node++
    if (nullCount > 0) return this.#values(Uint8Array, Math.ceil(length / 8))
    this.#buffer++
    return new Uint8Array(0)
  }

  #offsets(type: DataType, length: number): ArrayLike<number> {
    if (length === 0) {
      this.#buffer++
      return [0]
    }
    if (!DataType.isLargeList(type) && !DataType.isLargeUtf8(type)) return this.#values(Int32Array, length + 1)
    return Float64Array.from(this.#values(BigInt64Array, length + 1), Number)
  }

  #commonWidth(offsets: ArrayLike<number>, name: string): number {
    const width = offsets.length > 1 ? offsets[1] - offsets[0] : 0
    for (let i = 1; i + 1 < offsets.length; i++) {
      const found = offsets[i + 1] - offsets[i]
      if (found !== width) throw ragged(this.#firstRow + i, name, found, width)
    }
    return width
  }

  #bufferCount(type: DataType): number {
    if (DataType.isNull(type)) return 0
    if (DataType.isStruct(type) || DataType.isFixedSizeList(type)) return 1
    if (DataType.isUnion(type)) {
      return ((type as Union).mode === UnionMode.Dense ? 2 : 1) + (this.#version < MetadataVersion.V5 ? 1 : 0)
    }
    if (threeBuffers.includes(type.typeId)) return 3
    if (type.typeId !== Type.Utf8View && type.typeId !== Type.BinaryView) return 2
    return 2 + (this.#batch.header.variadicBufferCounts[this.#variadic++] ?? 0)
  }

  /** The next buffer as so many values. Compressed ones may hold more than is used, but not without end. */
  #values<Values>(array: View<Values>, length: number): Values {
    const need = length * array.BYTES_PER_ELEMENT
    return view(array, this.#next(8 * need + 2 ** 20), length)
  }

  /** The next buffer, uncompressed: then its first 8 bytes say how long it becomes, -1 that it is as it stands. */
  #next(most: number): Bytes {
    const { header, body } = this.#batch
    const region = header.buffers[this.#buffer++]
    if (!region) throw unreadable('Arrow', 'a batch has fewer columns than its schema')
    const { offset, length } = region
    const start = body + offset
    if (!header.compression || length === 0) return this.#file.read(start, length)
    const size = Number(new DataView(this.#file.read(start, 8).buffer).getBigInt64(0, true))
    const bytes = this.#file.read(start + 8, length - 8)
    if (size === -1) return bytes
    const { decode, ratio } = codecs[header.compression.type] ?? unknownCodec()
    if (!(size >= 0 && size <= Math.min(most, ratio * bytes.length))) {
      throw unreadable('Arrow', `a buffer of ${bytes.length} bytes that becomes ${size}`)
    }
    return decode(bytes, size)
  }
}

function unknownCodec(): never {
  throw unreadable('Arrow', 'compressed, and neither with LZ4 nor with Zstandard')
}

function unreadableChild(): never {
  throw unreadable('Arrow', 'a nested column without its inner one')
}

const threeBuffers = [Type.Utf8, Type.LargeUtf8, Type.Binary, Type.LargeBinary]

/** Bytes of the texts of one column in one batch, and rows of a column that has no bytes: more are a mistake or malice. */
const mostText = 2 ** 28
const mostNulls = 2 ** 24

/** By their number in the file; `ratio`: what a byte becomes at most (lz4_Block_format.md; RFC 8878). */
const codecs = [
  { decode: decodeLz4Frame, ratio: 255 },
  { decode: decodeZstd, ratio: 32_768 },
]

const isList = (type: DataType) => DataType.isList(type) || DataType.isLargeList(type)

const bit = (bits: Uint8Array, i: number) => ((bits[i >> 3] >> (i & 7)) & 1) === 1

interface View<Values> {
  new (buffer: ArrayBuffer, offset: number, length: number): Values
  readonly BYTES_PER_ELEMENT: number
}

function view<Values>(array: View<Values>, bytes: Bytes, length: number): Values {
  if (bytes.length >= length * array.BYTES_PER_ELEMENT) return new array(bytes.buffer, 0, length)
  throw unreadable('Arrow', `a buffer of ${bytes.length} bytes for ${length} values`)
}
