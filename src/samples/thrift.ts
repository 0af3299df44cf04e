/**
 * Thrift's compact protocol (thrift-compact-protocol.md), in which Parquet writes its metadata and the headers of its pages:
 * walked through before the decoder, which makes room for as many elements as a list says it has, sees it.
 */

/** Numbers and structs of a struct by field; all else is passed over. */
export type Struct = Map<number, number | Struct>

/** Of structs and lists in each other; Parquet's are 7 deep. */
const deepest = 32
/** Of fields and elements: each costs memory that its bytes do not tell of. */
const mostParts = 4_000_000

/** What a struct at `at` holds, and where it ends. Throws RangeError where it is longer than its bytes. */
export function thriftStruct(bytes: Uint8Array, at = 0): { fields: Struct; end: number } {
  const compact = new Compact(bytes, at)
  const fields = compact.struct(0)
  return { fields, end: compact.at }
}

class Compact {
  at: number
  readonly #view: DataView
  #left = mostParts

  constructor(bytes: Uint8Array, at: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  struct(depth: number): Struct {
    if (depth > deepest) throw new RangeError(`metadata more than ${deepest} deep`)
    const fields: Struct = new Map()
    for (let [id, head] = [0, this.#byte()]; (head & 15) !== 0; head = this.#byte()) {
      id = head >> 4 ? id + (head >> 4) : this.#zigzag()
      const value = this.#value(head & 15, depth + 1)
      if (value === null) fields.delete(id)
      else fields.set(id, value)
    }
    return fields
  }

  /** By type: 1 and 2 are true and false, 3 a byte, 4 to 6 whole numbers, 7 a double, 8 bytes, 9 a list, 12 a struct. */
  #value(type: number, depth: number): number | Struct | null {
    if (--this.#left < 0) throw new RangeError(`metadata of more than ${mostParts} parts`)
    if (type === 1 || type === 2) return 2 - type
    if (type === 3) return this.#byte()
    if (type >= 4 && type <= 6) return this.#zigzag()
    if (type === 7) return this.#skip(8)
    if (type === 8) return this.#skip(this.#varint())
    if (type === 9) return this.#list(depth)
    if (type === 12) return this.struct(depth)
    throw new RangeError(`metadata of the type ${type}`)
  }

  /** An element takes a byte at least. */
  #list(depth: number): null {
    const head = this.#byte()
    const count = head >> 4 === 15 ? this.#varint() : head >> 4
    if (count > this.#view.byteLength - this.at) throw new RangeError(`a list of ${count} elements`)
    const type = head & 15
    for (let i = 0; i < count; i++) this.#value(type === 1 || type === 2 ? 3 : type, depth + 1)
    return null
  }

  #skip(bytes: number): null {
    this.at += bytes
    if (this.at > this.#view.byteLength) throw new RangeError(`a text of ${bytes} bytes`)
    return null
  }

  #byte = () => this.#view.getUint8(this.at++)

  #zigzag(): number {
    const folded = this.#varint()
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
  }

  /** Of 64 bits at most, rounded from 2^53 on. */
  #varint(): number {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('a number that does not end')
  }
}
