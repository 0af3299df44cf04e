import { activation } from './activation.js'
import { spread, type Kernel } from './kernel.js'

/** s = f(u). shaders/activation-forward.wgsl */
export const activationForward: Kernel<'count', 'u' | 's'> = {
  name: 'activation-forward',
  writes: ['s'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }, { ACTIVATION }) => {
    const cheap = String(ACTIVATION).endsWith('relu')
    return { flops: cheap ? count : 0, exps: cheap ? 0 : count, bytes: 8 * count }
  },
  reference({ count }, { u, s }, { ACTIVATION }) {
    const { value } = activation(ACTIVATION)
    for (let i = 0; i < count; i++) s[i] = value(u[i])
  },
}
