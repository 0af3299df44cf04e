import { philox4x32, seedKey } from '../math/philox.js'
import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Params = 'count' | 'threshold' | 'scale' | 'stream' | 'layer'

/** s = x keep / (1 - rate), and d_x from d_s by the same mask. shaders/dropout.wgsl */
export const dropout: Kernel<Params, 'step' | 'x' | 's'> = {
  name: 'dropout',
  writes: ['s'],
  workgroups: ({ count }, workgroup) => spread(Math.ceil(count / 4), workgroup),
  work: ({ count }) => ({ flops: 40 * count, exps: 0, bytes: 8 * count }),
  reference({ count, threshold, scale, stream, layer }, { step, x, s }) {
    const { seed, noiseStep } = unpackStep(step)
    let words = [0, 0, 0, 0]
    for (let i = 0; i < count; i++) {
      if (i % 4 === 0) words = philox4x32([i / 4, layer, noiseStep, stream], seedKey(seed))
      s[i] = words[i % 4] >= threshold ? x[i] * scale : 0
    }
  },
}

/** The params of a rate, 0 <= rate < 1: the word below which an element is dropped, and what the others grow by. */
export function dropoutRate(rate: number): { threshold: number; scale: number } {
  return { threshold: Math.min(2 ** 32 - 1, Math.round(rate * 2 ** 32)), scale: 1 / (1 - rate) }
}
