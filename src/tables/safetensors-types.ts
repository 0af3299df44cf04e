/** Number types that safetensors knows, little-endian, and weights of the real ones as f32. */
import { InputError } from '../errors.js'
import { excerpt } from './safetensors-header.js'

type Bytes = Uint8Array<ArrayBuffer>

interface RealType {
  bytes: number
  /** `bytes` begin at the start of their buffer. */
  toF32(bytes: Bytes, name: string): Float32Array
}

/** Types of weights. F16 and BF16 are exact in f32, F64 is rounded. */
export const realTypes: ReadonlyMap<string, RealType> = new Map([
  ['F64', { bytes: 8, toF32: (bytes: Bytes, name: string) => rounded(new Float64Array(bytes.buffer), name) }],
  ['F32', { bytes: 4, toF32: (bytes: Bytes) => new Float32Array(bytes.buffer) }],
  ['F16', { bytes: 2, toF32: (bytes: Bytes) => Float32Array.from(new Uint16Array(bytes.buffer), half) }],
  ['BF16', { bytes: 2, toF32: (bytes: Bytes) => upperHalves(new Uint16Array(bytes.buffer)) }],
])

/** Types of what a model keeps beside its weights, such as BatchNorm's num_batches_tracked: bytes of a number. */
export const wholeTypes: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ...[8, 16, 32, 64].flatMap((bits): [string, number][] => [
    [`I${bits}`, bits / 8],
    [`U${bits}`, bits / 8],
  ]),
])

/** Infinity and NaN stay what they are; a number that would become infinite is refused. */
function rounded(values: Float64Array, name: string): Float32Array {
  const floats = Float32Array.from(values)
  const at = floats.findIndex((value, i) => !Number.isFinite(value) && Number.isFinite(values[i]))
  if (at < 0) return floats
  throw new InputError(
    `${excerpt(name)} holds ${values[at]} (number ${at}), which f32 cannot: ` +
      'expected weights up to 3.4e38; was it trained so?',
  )
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** bfloat16 is the upper half of an f32. */
function upperHalves(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer)
}
