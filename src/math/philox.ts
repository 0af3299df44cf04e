/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): the counter-based generator behind every random number of a run.
 * The shaders hold the same ten rounds, and agree bit for bit. All words are u32. BigInt would be some fifty times
 * slower than 16-bit halves here, and the order of every epoch passes through it.
 */
export type Counter = [number, number, number, number]
export type Key = [number, number]

const multiplier0 = 0xd2511f53
const multiplier1 = 0xcd9e8d57
const weyl0 = 0x9e3779b9
const weyl1 = 0xbb67ae85

/** Four independent u32 words for a counter and a key (each entry taken modulo 2^32). */
export function philox4x32(counter: Counter, key: Key): Counter {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0)
    const high1 = multiplyHigh(multiplier1, c2)
    const low0 = Math.imul(multiplier0, c0)
    const low1 = Math.imul(multiplier1, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + weyl0) | 0
    k1 = (k1 + weyl1) | 0
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0]
}

/** The upper 32 bits of the 64-bit product of two u32: four products of 16-bit halves; no sum passes 2^32. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff)
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0
}

/** A seed, 0 to 2^53 - 1, as the generator's key: low and high word. */
export function seedKey(seed: number): Key {
  return [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0]
}
