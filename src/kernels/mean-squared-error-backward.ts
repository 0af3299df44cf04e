import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

/** d_logits of the batch's mean squared error. shaders/mean-squared-error-backward.wgsl */
export const meanSquaredErrorBackward: Kernel<'rows' | 'classes', 'step' | 'logits' | 'labels' | 'd_logits'> = {
  name: 'mean-squared-error-backward',
  writes: ['d_logits'],
  workgroups: ({ rows, classes }, workgroup) => spread(rows * classes, workgroup),
  work: ({ rows, classes }) => ({ flops: 3 * rows * classes, exps: 0, bytes: 4 * rows * (2 * classes + 1) }),
  reference({ rows, classes }, { step, logits, labels, d_logits }) {
    const filled = unpackStep(step).rows
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < classes; c++) {
        const error = logits[row * classes + c] - (c === labels[row] ? 1 : 0)
        d_logits[row * classes + c] = row < filled ? (2 * error) / (filled * classes) : 0
      }
    }
  },
}
