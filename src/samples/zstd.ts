/**
 * Zstandard frames (RFC 8878), unpacked by fzstd into as many bytes as are expected. It drops in silence what there is no room
 * for, and leaves zeros where less comes, however long that takes; so frames are walked through before, block by block.
 */
import { decompress } from 'fzstd'
import { unreadable } from './wording.js'

const magic = 0xfd2fb528
const skippable = 0x184d2a5
/** Of a block, unpacked (3.1.1.2.4). */
const largestBlock = 131_072
/** A block becomes some kilobytes in what anybody writes; a malicious one nothing, after all the work of 128 KiB. */
const mostBlocks = (size: number) => 16 + size / 256

const wrong = (what: string) => unreadable('ZSTD', what)

/** The contents, which must be `size` bytes. Throws InputError on anything else. */
export function decodeZstd(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  try {
    checkFrames(bytes, size)
    return decompress(bytes, new Uint8Array(size)) as Uint8Array<ArrayBuffer>
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

function checkFrames(bytes: Uint8Array, size: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [at, frames] = [0, 0]
  while (at < bytes.length) {
    const word = view.getUint32(at, true)
    if (word >>> 4 === skippable) at += 8 + view.getUint32(at + 4, true)
    else {
      if (word !== magic) throw new RangeError('no frame begins here')
      if (frames++ > 0) throw new RangeError('a second frame follows the first')
      const { end, content, checksum } = headerOf(view, at + 4)
      if (content !== null && content !== size) throw new RangeError(`a frame of ${content} bytes, not ${size}`)
      at = blocksEnd(view, end, size) + checksum
    }
  }
}

/** The frame's header (3.1.1.1), whose first byte says which fields follow. */
function headerOf(view: DataView, at: number): { end: number; content: number | null; checksum: number } {
  const flags = view.getUint8(at)
  const single = (flags & 32) !== 0
  const start = at + 1 + (single ? 0 : 1) + [0, 1, 2, 4][flags & 3]
  const length = flags >> 6 === 0 ? (single ? 1 : 0) : 2 ** (flags >> 6)
  const content = {
    0: () => null,
    1: () => view.getUint8(start),
    2: () => view.getUint16(start, true) + 256,
    4: () => view.getUint32(start, true),
    8: () => Number(view.getBigUint64(start, true)),
  }[length]!()
  return { end: start + length, content, checksum: flags & 4 }
}

/** Raw blocks and runs say what they become; others at most 128 KiB. */
function blocksEnd(view: DataView, at: number, size: number): number {
  let [told, count] = [0, 0]
  for (let last = false; !last;) {
    const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    last = (head & 1) === 1
    const [kind, length] = [(head >> 1) & 3, head >> 3]
    if (kind === 3 || length > largestBlock) throw new RangeError(`a block of ${length} bytes`)
    if (kind < 2) told += length
    if (told > size || ++count > mostBlocks(size)) throw new RangeError(`more in it than ${size} bytes`)
    at += 3 + (kind === 1 ? 1 : length)
  }
  return at
}
