/**
 * The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), guarded. pbf reads varints, tags and
 * numbers, and lets a length lead behind the end of its message; so here every length is held against the bytes that are
 * there, and a message inside another has a reader of its own. What is handed out are views: nothing is copied.
 */
import { PbfReader } from 'pbf'
import { InputError } from '../errors.js'

export type Bytes = Uint8Array<ArrayBuffer>

export interface Field {
  number: number
  /** 0: varint, 1: 64 bits, 2: bytes, 5: 32 bits. */
  wire: number
  /** The value as it lies in the file, without its length. */
  bytes: Bytes
}

/** How many more fields may be read of a file: each costs memory that its bytes do not tell of. */
export interface Allowance {
  fields: number
}

export const damaged = (found: string) =>
  new InputError(
    `cannot be read as ONNX: ${found}: the file is cut, damaged or something else; export or copy it again`,
  )

/** The fields of a message, in order. Throws InputError at lengths behind its end, groups, field 0, endless varints. */
export function* fieldsOf(message: Bytes, allowance: Allowance): Generator<Field> {
  const reader = new PbfReader(message)
  while (reader.pos < message.length) {
    if (allowance.fields-- <= 0) throw damaged('more parts than a network has')
    const number = guarded(reader, () => reader.nextField())
    if (number === 0) throw damaged(`no field begins at byte ${place(reader)}`)
    yield { number, wire: reader.type, bytes: value(reader) }
  }
}

const place = (at: PbfReader | Field) => ('bytes' in at ? at.bytes.byteOffset : at.buf.byteOffset + at.pos)

function value(reader: PbfReader): Bytes {
  let start = reader.pos
  if (reader.type === 0) guarded(reader, () => reader.readVarint())
  else {
    const length = lengthOf(reader)
    start = reader.pos
    if (length > reader.length - start)
      throw damaged(`${length} bytes are to follow byte ${place(reader)}, and ${reader.length - start} do`)
    reader.pos += length
  }
  return reader.buf.subarray(start, reader.pos) as Bytes
}

function lengthOf(reader: PbfReader): number {
  if (reader.type === 1) return 8
  if (reader.type === 5) return 4
  if (reader.type === 2) return guarded(reader, () => reader.readVarint())
  throw damaged(`a field of the unknown type ${reader.type} at byte ${place(reader)}`)
}

/** A varint that does not end makes pbf throw, or go on behind the end. */
function guarded<T>(reader: PbfReader, read: () => T): T {
  const start = place(reader)
  try {
    const found = read()
    if (reader.pos <= reader.length) return found
  } catch {
    // Told below.
  }
  throw damaged(`a number that does not end at byte ${start}`)
}

/** Of a varint. */
export function whole(field: Field): number {
  expectWire(field, 0)
  return new PbfReader(field.bytes).readVarint(true)
}

/** Numbers in a list of sizes, axes or paddings; a list of weights is no such list. */
export const mostListed = 1000

/** Puts a repeated varint, packed or one by one, behind those that came before. */
export function pushWholes(list: number[], field: Field): void {
  if (field.wire === 0) list.push(whole(field))
  else for (const number of varints(bytesOf(field))) if (list.push(number) > mostListed) break
  if (list.length > mostListed) throw damaged(`a list of more than ${mostListed} sizes before byte ${place(field)}`)
}

/** One behind another; negative ones take ten bytes. Throws InputError where the last one does not end. */
export function* varints(bytes: Bytes): Generator<number> {
  const reader = new PbfReader(bytes)
  while (reader.pos < bytes.length) yield guarded(reader, () => reader.readVarint(true))
}

/** Of a float. */
export function real(field: Field): number {
  expectWire(field, 5)
  return new PbfReader(field.bytes).readFloat()
}

export function text(field: Field): string {
  return new TextDecoder().decode(bytesOf(field))
}

/** Of bytes, a message or packed numbers. */
export function bytesOf(field: Field): Bytes {
  expectWire(field, 2)
  return field.bytes
}

function expectWire(field: Field, expected: number): void {
  if (field.wire === expected) return
  throw damaged(`field ${field.number} at byte ${place(field)} is of the type ${field.wire}, not ${expected}`)
}
