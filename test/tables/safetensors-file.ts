/** Files of safetensors with any header and body, right or wrong, for the tests of who reads them. */
import { writeFileSync } from 'node:fs'

/** `header` is JSON, or an object to be made JSON; `length` what the file says of its bytes, if not the truth. */
export function rawSafetensors(header: object | string, body: Uint8Array = new Uint8Array(), length?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(length ?? BigInt(json.length))
  return Buffer.concat([size, json, body])
}

/** A tensor in the header. */
export const entry = (dtype: string, shape: unknown, ...offsets: unknown[]) => ({ dtype, shape, data_offsets: offsets })

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Writes the bytes and gives back where. */
export function fileOf(path: string, bytes: Uint8Array): string {
  writeFileSync(path, bytes)
  return path
}
