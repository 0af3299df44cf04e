import { gaussians } from '../math/gaussian.js'
import { philox4x32 } from '../math/philox.js'
import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Size = 'rows' | 'width' | 'repeat' | 'source_first' | 'noise_std'
type Draw = 'seed_low' | 'seed_high' | 'stream' | 'layer' | 'first_block'

/** noisy = source + noise_std z; without SOURCE only noise_std z. shaders/noise.wgsl */
export const noise: Kernel<Size | Draw, 'step' | 'source' | 'noisy'> = {
  name: 'noise',
  writes: ['noisy'],
  workgroups: ({ rows, width }, workgroup) => spread(Math.ceil((rows * width) / 4), workgroup),
  work: ({ rows, width }) => ({ flops: 60 * rows * width, exps: rows * width, bytes: 8 * rows * width }),
  reference(params, { step, source, noisy }, { SOURCE }) {
    const { rows, width, repeat, source_first, noise_std, seed_low, seed_high, stream, layer, first_block } = params
    const { noiseStep } = unpackStep(step)
    for (let first = 0; first < rows * width; first += 4) {
      const bits = philox4x32([first_block + first / 4, layer, noiseStep, stream], [seed_low, seed_high])
      const z = gaussians(bits)
      for (let element = first; element < Math.min(first + 4, rows * width); element++) {
        const row = source_first + Math.floor(Math.floor(element / width) / repeat)
        const from = SOURCE ? source[row * width + (element % width)] : 0
        noisy[element] = from + noise_std * z[element - first]
      }
    }
  },
}
