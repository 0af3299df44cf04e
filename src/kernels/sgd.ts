import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Params = 'count' | 'momentum' | 'weight_decay'

/** One step of gradient descent with momentum of every parameter, as PyTorch does it. shaders/sgd.wgsl */
export const sgd: Kernel<Params, 'step' | 'gradients' | 'first' | 'parameters'> = {
  name: 'sgd',
  writes: ['first', 'parameters'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }) => ({ flops: 6 * count, exps: 0, bytes: 20 * count }),
  reference({ count, momentum, weight_decay }, { step, gradients, first, parameters }) {
    const { stepSize } = unpackStep(step)
    for (let i = 0; i < count; i++) {
      first[i] = momentum * first[i] + gradients[i] + weight_decay * parameters[i]
      parameters[i] -= stepSize * first[i]
    }
  },
}
