/**
 * Whether the buffers of a batch hold all the values that its columns are to have: apache-arrow takes lengths on trust, and
 * reads undefined where a buffer is too short, or a whole column for every row where the offsets of lists say so. For tables
 * as infoflow writes them: numbers, texts, booleans and lists of these, uncompressed. What is wrong is a RangeError.
 */
import { DataType } from 'apache-arrow'
import type { Field, Schema } from 'apache-arrow'
import type { RecordBatch } from 'apache-arrow/ipc/metadata/message'

/** @param body the batch's buffers, at the offsets that `header` gives; see checkRows for what must hold of these before */
export function checkColumns(schema: Schema, header: RecordBatch, body: Uint8Array): void {
  if (header.compression) throw new RangeError('a compressed batch')
  const columns = new Columns(header, body)
  for (const field of schema.fields) columns.take(field)
}

class Columns {
  readonly #header: RecordBatch
  readonly #body: Uint8Array
  #node = 0
  #buffer = 0

  constructor(header: RecordBatch, body: Uint8Array) {
    this.#header = header
    this.#body = body
  }

  /** The column that comes next; how many values it has. */
  take({ name, type, nullable }: Field): number {
    const { length, nullCount } = this.#header.nodes[this.#node++]
    if (!(length >= 0 && nullCount >= 0 && nullCount <= (nullable ? length : 0)))
      throw new RangeError(`${nullCount} nulls in ${length} rows of ${name}`)
    this.#next(nullCount > 0 ? length / 8 : 0, name)
    if (DataType.isBool(type)) this.#next(length / 8, name)
    else if (DataType.isInt(type)) this.#next((length * type.bitWidth) / 8, name)
    else if (DataType.isFloat(type)) this.#next(length * type.ArrayType.BYTES_PER_ELEMENT, name)
    else if (DataType.isFixedSizeList(type)) atLeast(this.take(type.children[0]), length * type.listSize, name)
    else if (DataType.isUtf8(type)) this.#checkOffsets(this.#offsets(length, name), this.#next(0, name).length, name)
    else if (DataType.isList(type)) this.#checkOffsets(this.#offsets(length, name), this.take(type.children[0]), name)
    else throw new RangeError(`${name} is ${type}`)
    return length
  }

  /** The next buffer, of `bytes` at least. */
  #next(bytes: number, name: string): RecordBatch['buffers'][number] {
    const region = this.#header.buffers[this.#buffer++]
    if (!region) throw new RangeError(`no buffer for ${name}`)
    atLeast(region.length, bytes, name)
    return region
  }

  /** Where each text or list begins, and the last one ends; none where there are none. */
  #offsets(length: number, name: string): Int32Array {
    const { offset } = this.#next(length > 0 ? 4 * (length + 1) : 0, name)
    return new Int32Array(this.#body.slice(offset, offset + (length > 0 ? 4 * (length + 1) : 0)).buffer)
  }

  #checkOffsets(offsets: Int32Array, end: number, name: string): void {
    const wrong = offsets.findIndex((at, i) => !(at >= (i > 0 ? offsets[i - 1] : 0) && at <= end))
    if (wrong >= 0) throw new RangeError(`row ${wrong} of ${name} is not its own`)
  }
}

function atLeast(found: number, need: number, name: string): void {
  if (!(found >= need)) throw new RangeError(`${name} is too short`)
}
