/**
 * Weights in the safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length (little-endian),
 * a JSON header padded with spaces to 8 bytes, then the numbers, little-endian, without gaps.
 */
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { InputError } from '../errors.js'
import { writeAtomically, writeFully } from './disk.js'
import type { Tensor } from './rows.js'

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** Writes f32 tensors in their order; `metadata` is shown to whoever loads them. Throws system errors. */
export function writeSafetensors(path: string, tensors: Tensor[], metadata: Record<string, string>): void {
  if (endianness() !== 'LE') throw new Error('safetensors are little-endian, this machine is not')
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape, data } of tensors) {
    if (name in header) throw new Error(`two tensors are named ${name}`)
    if (product(shape) !== data.length) throw new Error(`${name}: ${data.length} numbers for [${shape.join(', ')}]`)
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  writeAtomically(path, (file) => {
    writeFully(file, headerBytes(header))
    for (const { data } of tensors) writeFully(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  })
}

/** Reads f32 tensors in the header's order. Throws InputError at anything that the format forbids, or another type. */
export function readSafetensors(path: string): { tensors: Tensor[]; metadata: Record<string, string> } {
  const bytes = readFileSync(path)
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : Infinity
  if (length > bytes.length - 8)
    throw broken(path, `a header of ${length} bytes does not fit the file's ${bytes.length}`)
  const { __metadata__: metadata = {}, ...entries } = headerOf(path, bytes.toString('utf8', 8, 8 + length))
  const body = bytes.subarray(8 + length)
  let end = 0
  const tensors = Object.entries(entries as unknown as Record<string, Entry>).map(([name, entry]) => {
    const [from, to] = entry.data_offsets
    if (entry.dtype !== 'F32') throw broken(path, `${name} is ${entry.dtype}`)
    if (from !== end || to > body.length) throw broken(path, `${name} lies at ${from}..${to}, expected from ${end}`)
    if (to - from !== 4 * product(entry.shape))
      throw broken(path, `${name} has ${to - from} bytes for [${entry.shape}]`)
    end = to
    return { name, shape: entry.shape, data: new Float32Array(new Uint8Array(body.subarray(from, to)).buffer) }
  })
  if (end !== body.length) throw broken(path, `${body.length - end} bytes belong to no tensor`)
  return { tensors, metadata }
}

const product = (shape: number[]) => shape.reduce((all, side) => all * side, 1)

function headerBytes(header: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

function headerOf(path: string, json: string): Record<string, Record<string, string>> {
  try {
    return JSON.parse(json)
  } catch {
    throw broken(path, 'the header is no JSON')
  }
}

const broken = (path: string, found: string) =>
  new InputError(`${path}: ${found}: expected f32 tensors in safetensors form; write it again`)
