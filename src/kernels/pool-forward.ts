/**
 * Pools of size x size pixels that do not overlap, in every channel by itself; rows and columns left over are dropped, as
 * PyTorch does.
 */
import { spread, type Constants, type Kernel } from './kernel.js'

export type PoolParams = 'rows' | 'channels' | 'height' | 'width' | 'size'
type PoolShape = Record<PoolParams, number>

/** u = the largest or the mean of every size x size pixels; shaders/pool-forward.wgsl */
export const poolForward: Kernel<PoolParams, 'x' | 'u'> = {
  name: 'pool-forward',
  writes: ['u'],
  workgroups: ({ rows, channels, height, size }, workgroup) =>
    spread(rows * channels * Math.floor(height / size), workgroup),
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

/** Pools in all rows and channels. */
export function poolCount({ rows, channels, height, width, size }: PoolShape): number {
  return rows * channels * Math.floor(height / size) * Math.floor(width / size)
}

/** Indices of the input pixels of pool `out`, row by row. */
export function poolPixels({ height, width, size }: PoolShape, out: number): number[] {
  const [outHeight, outWidth] = [Math.floor(height / size), Math.floor(width / size)]
  const plane = Math.floor(out / (outHeight * outWidth))
  const [top, left] = [size * (Math.floor(out / outWidth) % outHeight), size * (out % outWidth)]
  const pixel = (i: number) => (plane * height + top + Math.floor(i / size)) * width + left + (i % size)
  return Array.from({ length: size * size }, (_, i) => pixel(i))
}

/** The constants of both kernels of a pool. */
export function poolConstants(pool: 'max' | 'average', size: number): Constants {
  return { POOL: pool, SIZE: size }
}
