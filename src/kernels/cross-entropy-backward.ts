import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

/** d_logits of the batch's mean loss. shaders/cross-entropy-backward.wgsl */
export const crossEntropyBackward: Kernel<'rows' | 'classes', 'step' | 'logits' | 'labels' | 'd_logits'> = {
  name: 'cross-entropy-backward',
  writes: ['d_logits'],
  workgroups: ({ rows }, workgroup) => spread(rows, workgroup),
  work: ({ rows, classes }) => ({
    flops: 5 * rows * classes,
    exps: 2 * rows * classes,
    bytes: 8 * rows * (classes + 1),
  }),
  reference({ rows, classes }, { step, logits, labels, d_logits }) {
    const filled = unpackStep(step).rows
    for (let row = 0; row < rows; row++) {
      const values = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes))
      const largest = Math.max(...values)
      const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0)
      for (let c = 0; c < classes; c++) {
        const gradient = Math.exp(values[c] - largest) / sum - (c === labels[row] ? 1 : 0)
        d_logits[row * classes + c] = row < filled ? gradient / filled : 0
      }
    }
  },
}
