/** What unpacks Parquet's pages: never more than a page's header says, which is held against what its bytes can become. */
import { brotliDecompressSync, unzipSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { decodeZstd } from './zstd.js'

interface Codec {
  /** What a byte becomes at most (RFC 1951, RFC 8878, lz4_Block_format.md, snappy's format_description.txt). */
  ratio: number
  unpack(bytes: Uint8Array, size: number): Uint8Array
}

const codecs: ReadonlyMap<CompressionCodec, Codec> = new Map([
  ['UNCOMPRESSED', { ratio: 1, unpack: (bytes) => bytes }],
  ['SNAPPY', { ratio: 22, unpack: compressors.SNAPPY! }],
  ['GZIP', { ratio: 1032, unpack: (bytes, size) => unzipSync(bytes, { maxOutputLength: Math.max(1, size) }) }],
  [
    'BROTLI',
    { ratio: Infinity, unpack: (bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) }) },
  ],
  ['ZSTD', { ratio: 32_768, unpack: decodeZstd }],
  ['LZ4', { ratio: 255, unpack: compressors.LZ4! }],
  ['LZ4_RAW', { ratio: 255, unpack: compressors.LZ4_RAW! }],
])

/**
 * The `size` bytes that a page becomes.
 * @throws RangeError at another size, more than `most` bytes, a codec that is not known
 */
export function unpacked(codec: CompressionCodec, bytes: Uint8Array, size: number, most: number): Uint8Array {
  const known = codecs.get(codec)
  if (!known) throw new RangeError(`compressed in a way that is not known (${codec})`)
  if (!(size >= 0 && size <= Math.min(most, known.ratio * bytes.length + 64)))
    throw new RangeError(`a page of ${bytes.length} bytes that becomes ${size}`)
  const page = size === 0 ? new Uint8Array(0) : known.unpack(bytes, size)
  if (page.length !== size) throw new RangeError(`a page of ${page.length} bytes, not ${size}`)
  return page
}

/** The same for the decoder, of pages that went through `unpacked` before. */
export const decoders = Object.fromEntries([...codecs].map(([name, { unpack }]) => [name, unpack]))
