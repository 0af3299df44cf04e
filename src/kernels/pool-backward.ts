import { spread, type Kernel } from './kernel.js'
import { poolCount, poolPixels, type PoolParams } from './pool-forward.js'

/** d_x: d_u goes to the first of the largest pixels, or in equal parts to all. Of the two, max binds x. shaders/pool-backward.wgsl */
export const poolBackward: Kernel<PoolParams, 'd_u' | 'd_x' | 'x'> = {
  name: 'pool-backward',
  writes: ['d_x'],
  workgroups: ({ rows, channels, height, size }, workgroup) =>
    spread(rows * channels * Math.ceil(height / size), workgroup),
  work: ({ rows, channels, height, width, size }, { POOL }) => {
    const pixels = rows * channels * height * width
    const pools = poolCount({ rows, channels, height, width, size })
    return { flops: POOL === 'max' ? pixels : pools, exps: 0, bytes: 4 * (pools + pixels * (POOL === 'max' ? 2 : 1)) }
  },
  reference(params, { x, d_u, d_x }, { POOL }) {
    d_x.fill(0, 0, params.rows * params.channels * params.height * params.width)
    for (let out = 0; out < poolCount(params); out++) {
      const pixels = poolPixels(params, out)
      if (POOL === 'max') {
        const values = pixels.map((pixel) => x[pixel])
        d_x[pixels[values.indexOf(Math.max(...values))]] = d_u[out]
      } else {
        for (const pixel of pixels) d_x[pixel] = d_u[out] / pixels.length
      }
    }
  },
}
