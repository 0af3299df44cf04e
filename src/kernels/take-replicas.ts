import { spread, type Kernel } from './kernel.js'

type Params = 'inputs' | 'first_input' | 'batches' | 'share' | 'own_share' | 'width'

/** The first replicas of every batch of a chunk's own ones. shaders/take-replicas.wgsl */
export const takeReplicas: Kernel<Params, 'own' | 'centers'> = {
  name: 'take-replicas',
  writes: ['centers'],
  workgroups: ({ inputs, batches, share, width }, workgroup) => spread(inputs * batches * share * width, workgroup),
  work: ({ inputs, batches, share, width }) => ({ flops: 0, exps: 0, bytes: 8 * inputs * batches * share * width }),
  reference({ inputs, first_input, batches, share, own_share, width }, { own, centers }) {
    for (let x = 0; x < inputs; x++) {
      for (let b = 0; b < batches; b++) {
        for (let j = 0; j < share; j++) {
          const from = ((x * batches + b) * own_share + (j % own_share)) * width
          const to = (((first_input + x) * batches + b) * share + j) * width
          for (let k = 0; k < width; k++) centers[to + k] = own[from + k]
        }
      }
    }
  },
}
