/** Files made wrong in the ways that disks, networks and attackers have; the same for the same numbers. */
import { philox4x32, seedKey } from '../../src/math/philox.js'

/** Numbers in turn, 0 <= n < below. */
type Draw = (below: number) => number

function drawing(stream: number, mutation: number): Draw {
  let step = 0
  return (below) => Math.floor((philox4x32([step++, mutation, stream, 0x6d757461], seedKey(1))[0] / 2 ** 32) * below)
}

const lies = [0n, 1n, 0x7fn, 0xffn, 0xffffn, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 53n, 2n ** 63n]

/** What replaces a number of 1, 2, 4 or 8 bytes: lengths, counts, offsets and types are such numbers in every format. */
function withLie(bytes: Buffer, draw: Draw): Buffer {
  const size = [1, 2, 4, 8][draw(4)]
  if (bytes.length < size) return bytes
  const aligned = draw(3) > 0
  const at = aligned ? size * draw(Math.floor(bytes.length / size)) : draw(bytes.length - size + 1)
  const value = draw(8) === 0 ? -1n : lies[draw(lies.length)]
  const field = Buffer.alloc(8)
  field.writeBigUInt64LE(BigInt.asUintN(64, value))
  const told = field.subarray(0, size)
  if (draw(4) === 0) told.reverse()
  told.copy(bytes, at)
  return bytes
}

function withFlips(bytes: Buffer, draw: Draw): Buffer {
  for (let left = 1 + draw(8); left > 0 && bytes.length > 0; left--) bytes[draw(bytes.length)] ^= 1 << draw(8)
  return bytes
}

function withRun(bytes: Buffer, draw: Draw): Buffer {
  const from = draw(bytes.length)
  const fill = [0, 0xff, 0x80, draw(256)][draw(4)]
  return bytes.fill(fill, from, Math.min(from + 1 + draw(64), bytes.length))
}

const cut = (bytes: Buffer, draw: Draw) => bytes.subarray(0, draw(bytes.length))

/** A piece again elsewhere, in place of what is there or between it; or a piece left out. */
function spliced(bytes: Buffer, draw: Draw): Buffer {
  const [from, to] = [draw(bytes.length), draw(bytes.length)]
  const piece = bytes.subarray(from, from + 1 + draw(256))
  const behind = [to, to + piece.length, from + piece.length][draw(3)]
  return Buffer.concat([bytes.subarray(0, to), ...(draw(3) > 0 ? [piece] : []), bytes.subarray(behind)])
}

const ways = [cut, withFlips, withFlips, withRun, withLie, withLie, withLie, spliced]

/** The file, wrong in one to three ways. */
export function mutated(valid: Uint8Array, stream: number, mutation: number): Buffer {
  const draw = drawing(stream, mutation)
  let bytes: Buffer = Buffer.from(valid)
  for (let left = 1 + (draw(2) && draw(3)); left > 0; left--) {
    const way = ways[draw(ways.length)]
    bytes = way(Buffer.from(bytes), draw)
  }
  return bytes
}
