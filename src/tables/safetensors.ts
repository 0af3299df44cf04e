/**
 * Weights in the safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length (little-endian),
 * a JSON header padded with spaces to 8 bytes, then the numbers, little-endian, without gaps. A file is trusted in
 * nothing: no more is read, or kept, than its size and the machine's memory allow, whatever its header says.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { endianness } from 'node:os'
import { InputError } from '../errors.js'
import { memoryToUse } from '../memory.js'
import { writeAtomically, writeFully } from './disk.js'
import { otherFormat } from './not-safetensors.js'
import type { Tensor } from './rows.js'
import { damaged, excerpt, parseHeader } from './safetensors-header.js'
import type { SafetensorsEntry, SafetensorsHeader } from './safetensors-header.js'
import { realTypes, wholeTypes } from './safetensors-types.js'

/** Bytes; the limit of the format's own library. */
const longestHeader = 100_000_000

/** A tensor of whole numbers, which is no weight: a count of batches, or weights that were quantised. */
export type NotWeights = Pick<SafetensorsEntry, 'name' | 'dtype' | 'shape'>

/** What a file holds: `tensors` in the order in which their numbers lie in it. */
export interface Safetensors {
  tensors: Tensor[]
  notWeights: NotWeights[]
  metadata: Record<string, string>
}

/** Writes f32 tensors in their order; `metadata` is shown to whoever loads them. Throws system errors. */
export function writeSafetensors(path: string, tensors: Tensor[], metadata: Record<string, string>): void {
  const parts = safetensorsParts(tensors, metadata)
  writeAtomically(path, (file) => parts.forEach((part) => writeFully(file, part)))
}

/** The bytes of such a file, one part behind the other; the numbers are those of the tensors, not copies. */
export function safetensorsParts(tensors: readonly Tensor[], metadata: Record<string, string>): Uint8Array[] {
  checkByteOrder()
  const header = new Map<string, object>([['__metadata__', metadata]])
  let offset = 0
  for (const { name, shape, data } of tensors) {
    if (header.has(name)) throw new Error(`two tensors are named ${name}`)
    if (product(shape) !== data.length) throw new Error(`${name}: ${data.length} numbers for [${shape.join(', ')}]`)
    header.set(name, { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] })
    offset += data.byteLength
  }
  const numbers = tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return [headerBytes(Object.fromEntries(header)), ...numbers]
}

/**
 * Reads F32, F64, F16 and BF16 tensors as f32; tensors of whole numbers are told of in `notWeights`.
 * @throws InputError one line, the path in front, at anything that the format forbids, at other types, at numbers
 *   beyond f32, at another format (a pickle: why, and how to convert it), and at more than 60 % of the machine's memory
 */
export function readSafetensors(path: string): Safetensors {
  checkByteOrder()
  return opened(path, (file, size) => {
    const { entries, metadata, bodyAt } = headerOf(file, size)
    checkMemory(entries)
    const real = entries.filter(({ dtype }) => realTypes.has(dtype))
    const tensors = real.map(({ name, dtype, shape, from, to }) => {
      const data = realTypes.get(dtype)!.toF32(bytesAt(file, bodyAt + from, to - from), name)
      return { name, shape, data }
    })
    const rest = entries.filter(({ dtype }) => !realTypes.has(dtype))
    return { tensors, notWeights: rest.map(({ name, dtype, shape }) => ({ name, dtype, shape })), metadata }
  })
}

/** The metadata alone: nothing behind the header is read. Throws InputError as readSafetensors does, up to there. */
export function readSafetensorsMetadata(path: string): Record<string, string> {
  return opened(path, (file, size) => headerOf(file, size).metadata)
}

const product = (shape: number[]) => shape.reduce((all, side) => all * side, 1)

function checkByteOrder(): void {
  if (endianness() !== 'LE') throw new Error('safetensors are little-endian, this machine is not')
}

function headerBytes(header: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

/** A pipe would keep whoever opens it waiting, so what is no plain file is refused before. */
function opened<T>(path: string, read: (file: number, size: number) => T): T {
  let file: number | null = null
  try {
    if (!statSync(path).isFile()) throw new InputError('no plain file: expected safetensors; name a file')
    file = openSync(path, 'r')
    return read(file, fstatSync(file).size)
  } catch (error) {
    throw told(error, path)
  } finally {
    if (file !== null) closeSync(file)
  }
}

const reasons: Record<string, string> = { ENOENT: 'no such file', EACCES: 'no permission to read it' }

function told(error: unknown, path: string): unknown {
  if (error instanceof InputError) return new InputError(`${path}: ${error.message}`)
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof RangeError && /allocation/i.test(message))
    return new InputError(`${path}: does not fit into memory (${message}): is it the file that was meant?`)
  if (!code?.startsWith('E') || code.startsWith('ERR_')) return error
  return new InputError(`${path}: cannot be read: ${reasons[code] ?? code}: expected safetensors; check the path`)
}

function headerOf(file: number, size: number): SafetensorsHeader & { bodyAt: number } {
  if (size === 0) throw damaged('an empty file')
  const head = Buffer.from(bytesAt(file, 0, Math.min(size, 4096)))
  const length = head.length >= 8 ? Number(head.readBigUInt64LE(0)) : Infinity
  if (!(length < 2 ** 32 && head[8] === 0x7b)) refuseOthers(file, size, head)
  if (size < 8) throw damaged(`${size} bytes, fewer than the length of a header takes`)
  if (length > size - 8) throw damaged(`a header of ${length} bytes does not fit the file's ${size}`)
  if (length > longestHeader) throw damaged(`a header of ${length} bytes: ${longestHeader} at most are read`)
  const header = parseHeader(decoded(bytesAt(file, 8, length)))
  const entries = header.entries.sort((a, b) => a.from - b.from || a.to - b.to)
  checkLayout(entries, size - 8 - length)
  return { entries, metadata: header.metadata, bodyAt: 8 + length }
}

/** A header of 0x280 bytes begins as a pickle does; so this is asked only where no header follows its length. */
function refuseOthers(file: number, size: number, head: Buffer): void {
  const length = Math.min(size, 65_536)
  const tail = Buffer.from(bytesAt(file, size - length, length))
  const other = otherFormat(head.toString('latin1'), tail.toString('latin1'))
  if (other) throw other
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw damaged('its header is no UTF-8')
  }
}

/** The numbers of all tensors, one behind another, are all that follows the header. */
function checkLayout(entries: SafetensorsEntry[], bodySize: number): void {
  let end = 0
  for (const { name, dtype, shape, from, to } of entries) {
    const place = `${excerpt(name)} lies at ${from}..${to}`
    if (from !== end) throw damaged(`${place}, expected from ${end}`)
    if (to < from || to > bodySize) throw damaged(`${place} of ${bodySize} bytes`)
    const bytes = realTypes.get(dtype)?.bytes ?? wholeTypes.get(dtype)
    if (bytes === undefined) throw wrongType(name, dtype)
    if (to - from !== bytes * product(shape))
      throw damaged(`${excerpt(name)} has ${to - from} bytes for ${sides(shape)}`)
    end = to
  }
  if (end !== bodySize) throw damaged(`${bodySize - end} bytes belong to no tensor`)
}

const sides = (shape: number[]) => excerpt(`[${shape.slice(0, 40).join(', ')}]`, 80)

const wrongType = (name: string, dtype: string) =>
  new InputError(`${excerpt(name)} is ${excerpt(dtype)}: expected F32, F64, F16 or BF16; convert it with .float()`)

/** While a tensor of two or eight bytes a number is converted, it is there twice. */
function checkMemory(entries: SafetensorsEntry[]): void {
  const need = entries.reduce((all, { dtype, shape }) => all + (realTypes.has(dtype) ? 4 * product(shape) : 0), 0)
  const largest = entries.reduce((most, { from, to }) => Math.max(most, to - from), 0)
  const limit = memoryToUse()
  if (need + largest <= limit) return
  const [found, most] = [need + largest, limit].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`)
  throw new InputError(`its weights take ${found} of memory, ${most} at most: is it the file that was meant?`)
}

function bytesAt(file: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length;) {
    const more = readSync(file, bytes, at, Math.min(length - at, 2 ** 30), offset + at)
    if (more === 0) throw new InputError(`it ended at byte ${offset + at} while being read: is it being written?`)
    at += more
  }
  return bytes
}
