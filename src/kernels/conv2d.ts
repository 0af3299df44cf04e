/**
 * What a 2-d convolution joins (PyTorch's Conv2d: cross-correlation, zero padding), said once for its three kernels: output
 * pixel (y, x) of a filter sees input pixel (stride y + ky - padding, stride x + kx - padding) of every channel through weight
 * (filter, channel, ky, kx). Rows are channels x height x width. shaders/shared/conv2d.wgsl
 */
import type { Work } from './kernel.js'

export interface ConvShape {
  /** Of the input. */
  channels: number
  height: number
  width: number
  /** Channels of the output. */
  filters: number
  /** Height and width of a filter. */
  kernel: number
  stride: number
  /** Zeros around the input, on each side. */
  padding: number
}

export type ConvParams = 'rows' | keyof ConvShape

/** Height and width of the output, 0 or less where the filter does not fit. */
export function convolvedSize(shape: ConvShape): { height: number; width: number } {
  const { height, width, kernel, stride, padding } = shape
  const along = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1
  return { height: along(height), width: along(width) }
}

/** Pixels of an output plane. */
export function convolvedPixels(shape: ConvShape): number {
  const { height, width } = convolvedSize(shape)
  return height * width
}

type Join = (out: number, weight: number, input: number) => void

/** Calls `join` with the indices of every output, weight and input that meet in a product. */
export function everyProduct(rows: number, shape: ConvShape, join: Join): void {
  const { channels, height, width, filters, kernel, stride, padding } = shape
  const outWidth = convolvedSize(shape).width
  const pixels = convolvedPixels(shape)
  for (let plane = 0; plane < rows * filters; plane++) {
    const [row, filter] = [Math.floor(plane / filters), plane % filters]
    for (let tap = 0; tap < channels * kernel * kernel; tap++) {
      const channel = Math.floor(tap / (kernel * kernel))
      const [ky, kx] = [Math.floor(tap / kernel) % kernel, tap % kernel]
      for (let pixel = 0; pixel < pixels; pixel++) {
        const y = stride * Math.floor(pixel / outWidth) + ky - padding
        const x = stride * (pixel % outWidth) + kx - padding
        if (y < 0 || y >= height || x < 0 || x >= width) continue
        const weight = filter * channels * kernel * kernel + tap
        join(plane * pixels + pixel, weight, ((row * channels + channel) * height + y) * width + x)
      }
    }
  }
}

/** A multiplication and an addition for every product and every bias; arrays of rows once, parameters once. */
export function convWork(rows: number, shape: ConvShape): Work {
  const { channels, height, width, filters, kernel } = shape
  const outputs = filters * convolvedPixels(shape)
  const taps = channels * kernel * kernel
  const elements = rows * (outputs + channels * height * width) + filters * (taps + 1)
  return { flops: 2 * rows * outputs * (taps + 1), exps: 0, bytes: 4 * elements }
}
