import { decompress } from 'fzstd'
import { unreadable } from './wording.js'

/** A Zstandard frame's contents, which must be `size` bytes. Throws InputError on anything else. */
export function decodeZstd(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  try {
    const output = decompress(bytes, new Uint8Array(size))
    if (output.length === size) return output as Uint8Array<ArrayBuffer>
  } catch (error) {
    throw unreadable('ZSTD', (error as Error).message)
  }
  throw unreadable('ZSTD', `a buffer is not the ${size} bytes that it should be`)
}
