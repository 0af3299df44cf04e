/** Tensors of an ONNX file: views into it until their numbers are asked for. */
import { InputError } from '../errors.js'
import { listed, shown } from '../samples/wording.js'
import type { Tensor } from '../tables/rows.js'
import { realTypes } from '../tables/safetensors-types.js'
import { sides } from './layers.js'
import { damaged, varints, type Bytes } from './onnx-protobuf.js'

export interface OnnxTensor {
  name: string
  shape: number[]
  /** TensorProto.DataType. */
  type: number
  /** Little-endian; null where the numbers stand in fields of their type. */
  raw: Bytes | null
  /** float_data, int32_data, int64_data and double_data, by field number: their values, one behind another. */
  typed: Map<number, Bytes[]>
  /** Whether the numbers lie in another file. */
  external: boolean
}

/** Of TensorProto.DataType. */
const typeNames = (
  'UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE ' +
  'UINT32 UINT64 COMPLEX64 COMPLEX128 BFLOAT16'
).split(' ')
export const typeName = (type: number) => typeNames[type] ?? `of type ${type}`

/** Real types by DataType: what they are called in safetensors, their bytes, and the field that may hold them. */
const reals: ReadonlyMap<number, { type: string; bytes: number; field: number }> = new Map([
  [1, { type: 'F32', bytes: 4, field: 4 }],
  [10, { type: 'F16', bytes: 2, field: 5 }],
  [11, { type: 'F64', bytes: 8, field: 10 }],
  [16, { type: 'BF16', bytes: 2, field: 5 }],
])
/** Whole types: bytes of a number, and the field. */
const integers: ReadonlyMap<number, { bytes: 1 | 4 | 8; field: number }> = new Map([
  [6, { bytes: 4, field: 5 }],
  [7, { bytes: 8, field: 7 }],
  [9, { bytes: 1, field: 5 }],
])
/** Numbers in a list of sizes or axes. */
const mostSizes = 64

/** Paths in a file of anybody's making are not followed. */
export const elsewhere = (names: string[]) =>
  new InputError(
    `${names.length} tensors (${listed(names)}) lie in another file, which is not read: save all in one: ` +
      "onnx.save(onnx.load('model.onnx'), 'one.onnx'), or torch.onnx.export(..., external_data=False)",
  )

export const isReal = (type: number) => reals.has(type)

export const countOf = (shape: readonly number[]) => shape.reduce((all, side) => all * side, 1)

/**
 * The numbers as f32, a copy; f64 is rounded.
 * @throws InputError another type, fewer or more numbers than the shape says, f64 beyond f32
 */
export function realsOf({ name, shape, type, raw, typed, external }: OnnxTensor): Tensor {
  const real = reals.get(type)
  if (!real) throw new InputError(`${shown(name)} is ${typeName(type)}: expected FLOAT, DOUBLE, FLOAT16 or BFLOAT16`)
  if (external) throw elsewhere([name])
  const need = countOf(shape) * real.bytes
  const chunks = typed.get(real.field) ?? []
  const halves = raw === null && real.bytes === 2
  const bytes = halves ? halvesOf(chunks, need, name, shape) : joined(raw ? [raw] : chunks, need, name, shape)
  return { name, shape, data: realTypes.get(real.type)!.toF32(bytes, name) }
}

/** One buffer of `need` bytes; lengths are compared before it is made. */
function joined(chunks: Bytes[], need: number, name: string, shape: number[]): Bytes {
  const found = chunks.reduce((sum, { length }) => sum + length, 0)
  if (found !== need) throw wrongCount(name, shape, `${found} bytes`, need)
  const bytes = new Uint8Array(need)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** int32_data holds the bits of a half in a varint of one to three bytes. */
function halvesOf(chunks: Bytes[], need: number, name: string, shape: number[]): Bytes {
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  if (2 * size < need || 2 * size > 3 * need) throw wrongCount(name, shape, `${size} bytes of varints`, need)
  const numbers = new Uint16Array(need / 2)
  let count = 0
  for (const chunk of chunks) for (const number of varints(chunk)) numbers[count++] = number
  if (count !== numbers.length) throw wrongCount(name, shape, `${2 * count} bytes`, need)
  return new Uint8Array(numbers.buffer)
}

const wrongCount = (name: string, shape: number[], found: string, need: number) =>
  damaged(`${shown(name)} ${sides(shape)} has ${found}, expected ${need}`)

/** Whole numbers of a short list; null where it is none. Throws InputError where they are not as many as its shape says. */
export function wholesOf({ name, shape, type, raw, typed }: OnnxTensor): number[] | null {
  const kind = integers.get(type)
  const count = countOf(shape)
  if (!kind || count > mostSizes) return null
  const chunks = raw ? [raw] : (typed.get(kind.field) ?? [])
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  if (raw ? size !== count * kind.bytes : size > 10 * count)
    throw wrongCount(name, shape, `${size} bytes`, count * kind.bytes)
  const numbers = raw ? rawWholes(raw, kind.bytes) : chunks.flatMap((chunk) => [...varints(chunk)])
  if (numbers.length !== count) throw damaged(`${shown(name)} ${sides(shape)} has ${numbers.length} numbers`)
  return numbers
}

function rawWholes(raw: Bytes, bytes: 1 | 4 | 8): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const read = {
    1: (at: number) => view.getUint8(at),
    4: (at: number) => view.getInt32(at, true),
    8: (at: number) => Number(view.getBigInt64(at, true)),
  }[bytes]
  return Array.from({ length: raw.length / bytes }, (_, i) => read(i * bytes))
}
