import { gaussians } from '../math/gaussian.js'
import { philox4x32, seedKey } from '../math/philox.js'
import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Size = 'rows' | 'width' | 'repeat' | 'source_first' | 'noise_std'
type Draw = 'stream' | 'layer' | 'first_row'

/** noisy = source + noise_std z; without SOURCE only noise_std z. shaders/noise.wgsl */
export const noise: Kernel<Size | Draw, 'step' | 'source' | 'noisy'> = {
  name: 'noise',
  writes: ['noisy'],
  workgroups: ({ rows, width }, workgroup) => spread(rows * Math.ceil(width / 4), workgroup),
  work: ({ rows, width }) => ({ flops: 60 * rows * width, exps: rows * width, bytes: 8 * rows * width }),
  reference(params, { step, source, noisy }, { SOURCE }) {
    const { rows, width, repeat, source_first, noise_std, stream, layer, first_row } = params
    const { seed, noiseStep } = unpackStep(step)
    const key = seedKey(seed)
    const quads = Math.ceil(width / 4)
    for (let row = 0; row < rows; row++) {
      const from = (source_first + Math.floor(row / repeat)) * width
      for (let quad = 0; quad < quads; quad++) {
        const block = (first_row + row) * quads + quad
        const z = gaussians(philox4x32([block, layer, noiseStep, stream], key))
        for (let column = 4 * quad; column < Math.min(4 * quad + 4, width); column++) {
          const value = SOURCE ? source[from + column] : 0
          noisy[row * width + column] = value + noise_std * z[column - 4 * quad]
        }
      }
    }
  },
}
