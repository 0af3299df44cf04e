import { activation } from './activation.js'
import { spread, type Kernel } from './kernel.js'

/** s = f(u). shaders/activation-forward.wgsl */
export const activationForward: Kernel<'count', 'u' | 's'> = {
  name: 'activation-forward',
  writes: ['s'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }) => ({ flops: 0, exps: count, bytes: 8 * count }),
  reference({ count }, { u, s }, { ACTIVATION }) {
    const { value } = activation(ACTIVATION)
    for (let i = 0; i < count; i++) s[i] = value(u[i])
  },
}
