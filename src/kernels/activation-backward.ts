import { activation } from './activation.js'
import { spread, type Kernel } from './kernel.js'

/** d_u = d_s f'(u). shaders/activation-backward.wgsl */
export const activationBackward: Kernel<'count', 's' | 'd_s' | 'd_u'> = {
  name: 'activation-backward',
  writes: ['d_u'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }) => ({ flops: 3 * count, exps: 0, bytes: 12 * count }),
  reference({ count }, { s, d_s, d_u }, { ACTIVATION }) {
    const { slope } = activation(ACTIVATION)
    for (let i = 0; i < count; i++) d_u[i] = d_s[i] * slope(s[i])
  },
}
