/**
 * Pools of size x size pixels that do not overlap, in every channel by itself; rows and columns left over are dropped, as
 * PyTorch does. Which pixels they are, for both kernels.
 */
export type PoolParams = 'rows' | 'channels' | 'height' | 'width' | 'size'
type PoolShape = Record<PoolParams, number>

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
