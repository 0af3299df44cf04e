import { spread, type Kernel } from './kernel.js'
import { stepWords } from './step.js'

/** Opens a training step: the next Step of the schedule, gradients at 0. shaders/begin-step.wgsl */
export const beginStep: Kernel<'count', 'schedule' | 'cursor' | 'step' | 'gradients'> = {
  name: 'begin-step',
  writes: ['cursor', 'step', 'gradients'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count }) => ({ flops: 0, exps: 0, bytes: 4 * count }),
  reference(_, { schedule, cursor, step, gradients }) {
    const at = cursor[0] * stepWords
    for (let k = 0; k < stepWords; k++) step[k] = schedule[at + k]
    cursor[0]++
    gradients.fill(0)
  },
}
