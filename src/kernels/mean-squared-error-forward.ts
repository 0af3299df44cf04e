import { spread, type Kernel } from './kernel.js'

/** Mean squared error per row against one-hot labels, and whether the largest is the label's. shaders/mean-squared-error-forward.wgsl */
export const meanSquaredErrorForward: Kernel<'rows' | 'classes', 'logits' | 'labels' | 'loss' | 'correct'> = {
  name: 'mean-squared-error-forward',
  writes: ['loss', 'correct'],
  workgroups: ({ rows }, workgroup) => spread(rows, workgroup),
  work: ({ rows, classes }) => ({ flops: 3 * rows * classes, exps: 0, bytes: 4 * rows * (classes + 3) }),
  reference({ rows, classes }, { logits, labels, loss, correct }) {
    for (let row = 0; row < rows; row++) {
      const values = Array.from(logits.subarray(row * classes, (row + 1) * classes))
      const errors = values.map((value, c) => value - (c === labels[row] ? 1 : 0))
      loss[row] = errors.reduce((sum, error) => sum + error ** 2, 0) / classes
      correct[row] = values.indexOf(Math.max(...values)) === labels[row] ? 1 : 0
    }
  },
}
