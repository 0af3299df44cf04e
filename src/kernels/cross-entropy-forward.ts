import { spread, type Kernel } from './kernel.js'

/** Loss per row in nats, and whether the largest logit is the label's. shaders/cross-entropy-forward.wgsl */
export const crossEntropyForward: Kernel<'rows' | 'classes', 'logits' | 'labels' | 'loss' | 'correct'> = {
  name: 'cross-entropy-forward',
  writes: ['loss', 'correct'],
  workgroups: ({ rows }, workgroup) => spread(rows, workgroup),
  work: ({ rows, classes }) => ({
    flops: 3 * rows * classes,
    exps: rows * (classes + 1),
    bytes: 4 * rows * (classes + 3),
  }),
  reference({ rows, classes }, { logits, labels, loss, correct }) {
    for (let row = 0; row < rows; row++) {
      const values = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes))
      const largest = Math.max(...values)
      const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0)
      loss[row] = Math.log(sum) + largest - values[labels[row]]
      correct[row] = values.indexOf(largest) === labels[row] ? 1 : 0
    }
  },
}
