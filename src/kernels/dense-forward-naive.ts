import { denseForward } from './dense-forward.js'
import { spread, type Kernel } from './kernel.js'

type Params = 'rows' | 'inputs' | 'outputs' | 'weights_at' | 'bias_at'

/** u = x W' + b, the plain way: a yardstick. shaders/dense-forward-naive.wgsl */
export const denseForwardNaive: Kernel<Params, 'parameters' | 'x' | 'u'> = {
  name: 'dense-forward-naive',
  writes: ['u'],
  workgroups: ({ rows, outputs }, workgroup) => spread(rows * outputs, workgroup),
  work: denseForward.work,
  reference: denseForward.reference,
}
