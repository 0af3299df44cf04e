import { conv2dForward } from './conv2d-forward.js'
import { convolvedPixels, type ConvParams, type ConvShape } from './conv2d.js'
import { spread, type Constants, type Kernel } from './kernel.js'

/** u = x * W + b, the plain way: a yardstick. shaders/conv2d-forward-naive.wgsl */
export const conv2dForwardNaive: Kernel<ConvParams | 'weights_at' | 'bias_at', 'parameters' | 'x' | 'u'> = {
  name: 'conv2d-forward-naive',
  writes: ['u'],
  workgroups: ({ rows, ...shape }, workgroup) => spread(rows * shape.filters * convolvedPixels(shape), workgroup),
  work: conv2dForward.work,
  reference: conv2dForward.reference,
}

/** The constants of this convolution. */
export function conv2dForwardNaiveConstants({ kernel }: ConvShape): Constants {
  return { KERNEL: kernel }
}
