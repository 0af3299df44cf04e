import { multiplyHigh, philox4x32, seedKey } from './philox.js'

/**
 * Who draws which random numbers: the counter's last word, so that no two uses ever share one. Streams of other uses
 * (noise, initialisation) live beside the code that draws them; 1 and 2 are taken here.
 */
export const streams = { split: 1, order: 2 } as const

/**
 * A uniformly random order of 0..count-1, the same for the same (seed, stream, step) on every machine: Fisher-Yates,
 * each draw unbiased by rejection (Lemire 2019, Fast random integer generation in an interval).
 * Philox counter (block, 0, step, stream), key (seed low, seed high).
 */
export function permutation(count: number, seed: number, stream: number, step: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  const next = words(seed, stream, step)
  for (let last = count - 1; last > 0; last--) {
    const pick = below(last + 1, next)
    const kept = order[last]
    order[last] = order[pick]
    order[pick] = kept
  }
  return order
}

/** The words of one stream, one at a time. */
function words(seed: number, stream: number, step: number): () => number {
  const key = seedKey(seed)
  let block = 0
  let drawn = philox4x32([block, 0, step, stream], key)
  let used = 0
  return () => {
    if (used === 4) {
      drawn = philox4x32([++block, 0, step, stream], key)
      used = 0
    }
    return drawn[used++]
  }
}

function below(range: number, next: () => number): number {
  for (;;) {
    const word = next()
    const low = Math.imul(word, range) >>> 0
    // the remainder, which is below range, is seldom needed
    if (low >= range || low >= (0x1_0000_0000 - range) % range) return multiplyHigh(word, range)
  }
}
