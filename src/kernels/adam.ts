import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Params = 'count' | 'beta1' | 'beta2' | 'one_minus_beta1' | 'one_minus_beta2' | 'epsilon' | 'weight_decay'

/** One Adam step of every parameter, as PyTorch does it. shaders/adam.wgsl */
export const adam: Kernel<Params, 'step' | 'gradients' | 'first' | 'second' | 'parameters'> = {
  name: 'adam',
  writes: ['first', 'second', 'parameters'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }) => ({ flops: 14 * count, exps: count, bytes: 28 * count }),
  reference({ count, beta1, beta2, epsilon, weight_decay }, { step, gradients, first, second, parameters }) {
    const { stepSize, correction } = unpackStep(step)
    for (let i = 0; i < count; i++) {
      const g = gradients[i] + weight_decay * parameters[i]
      const m = beta1 * first[i] + (1 - beta1) * g
      const v = beta2 * second[i] + (1 - beta2) * g * g
      first[i] = m
      second[i] = v
      parameters[i] -= (stepSize * m) / (Math.sqrt(v) / correction + epsilon)
    }
  },
}
