/**
 * LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md), as Arrow's compressed buffers have
 * them: blocks that may refer back into the blocks before, so all go into one output. Checksums are not looked at.
 */
import { unreadable } from './wording.js'

const magic = 0x184d2204
const wrong = (what: string) => unreadable('LZ4', what)

/** The frame's contents, which must be `length` bytes. Throws InputError on anything else. */
export function decodeLz4Frame(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (input.length < 7 || view.getUint32(0, true) !== magic) throw wrong('no frame begins here')
  const flags = input[4]
  const blockChecksum = flags & 16 ? 4 : 0
  const output = new Uint8Array(length)
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0)
  let filled = 0
  for (;;) {
    if (at + 4 > input.length) throw wrong('the frame has no end')
    const head = view.getUint32(at, true)
    const size = head & 0x7fffffff
    at += 4
    if (head === 0) break
    if (at + size > input.length) throw wrong(`a block of ${size} bytes does not fit`)
    const block = input.subarray(at, at + size)
    filled = head >>> 31 ? copyBlock(block, output, filled) : decodeBlock(block, output, filled)
    at += size + blockChecksum
  }
  if (filled !== length) throw wrong(`${filled} bytes where ${length} should be`)
  return output
}

function copyBlock(block: Uint8Array, output: Uint8Array, filled: number): number {
  if (filled + block.length > output.length) throw wrong('more bytes than announced')
  output.set(block, filled)
  return filled + block.length
}

/** Sequences of literals and a match further back; the last has literals only. Returns the new end of the output. */
function decodeBlock(block: Uint8Array, output: Uint8Array, filled: number): number {
  let at = 0
  const longLength = (start: number): number => {
    let length = start
    for (let byte = 255; start === 15 && byte === 255; length += byte) byte = block[at++] ?? 0
    return length
  }
  while (at < block.length) {
    const token = block[at++]
    const literals = longLength(token >> 4)
    if (at + literals > block.length) throw wrong('literals past the end of their block')
    filled = copyBlock(block.subarray(at, at + literals), output, filled)
    at += literals
    if (at >= block.length) break
    const distance = block[at] | (block[at + 1] << 8)
    at += 2
    filled = copyMatch(output, filled, distance, longLength(token & 15) + 4)
  }
  return filled
}

function copyMatch(output: Uint8Array, filled: number, distance: number, length: number): number {
  const end = filled + length
  if (!(distance > 0 && distance <= filled) || end > output.length) throw wrong('a match outside of the output')
  if (distance >= length) output.copyWithin(filled, filled - distance, end - distance)
  else for (let i = filled; i < end; i++) output[i] = output[i - distance]
  return end
}
