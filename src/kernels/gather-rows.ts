import { spread, type Kernel } from './kernel.js'
import { unpackStep } from './step.js'

type Names = 'step' | 'order' | 'inputs' | 'labels' | 'batch' | 'batch_labels'

/** The rows of one training step, in the epoch's order. shaders/gather-rows.wgsl */
export const gatherRows: Kernel<'rows' | 'width', Names> = {
  name: 'gather-rows',
  writes: ['batch', 'batch_labels'],
  workgroups: ({ rows }, workgroup) => spread(rows, workgroup),
  work: ({ rows, width }) => ({ flops: 0, exps: 0, bytes: 8 * rows * (width + 1) }),
  reference({ rows, width }, { step, order, inputs, labels, batch, batch_labels }) {
    const { batchStart, rows: filled } = unpackStep(step)
    for (let row = 0; row < rows; row++) {
      const from = order[batchStart + (row < filled ? row : 0)]
      for (let k = 0; k < width; k++) batch[row * width + k] = inputs[from * width + k]
      batch_labels[row] = labels[from]
    }
  },
}
