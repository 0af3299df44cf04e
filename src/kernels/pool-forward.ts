import { spread, type Kernel } from './kernel.js'
import { poolCount, poolPixels, type PoolParams } from './pool.js'

/** u = the largest or the mean of every size x size pixels; constant POOL: max, average. shaders/pool-forward.wgsl */
export const poolForward: Kernel<PoolParams, 'x' | 'u'> = {
  name: 'pool-forward',
  writes: ['u'],
  workgroups: (params, workgroup) => spread(poolCount(params), workgroup),
  work: (params) => {
    const pools = poolCount(params)
    const pixels = params.size ** 2
    return { flops: pools * pixels, exps: 0, bytes: 4 * pools * (pixels + 1) }
  },
  reference(params, { x, u }, { POOL }) {
    for (let out = 0; out < poolCount(params); out++) {
      const values = poolPixels(params, out).map((pixel) => x[pixel])
      u[out] = POOL === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value) / values.length
    }
  },
}
