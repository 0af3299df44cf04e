import { spread, type Kernel } from './kernel.js'

type Params = 'count' | 'center_count' | 'dimension' | 'scale'

/** Sums of Gaussian kernels over all centers, the plain way: a yardstick. shaders/pair-sums-naive.wgsl */
export const pairSumsNaive: Kernel<Params, 'queries' | 'energies' | 'centers' | 'sums'> = {
  name: 'pair-sums-naive',
  writes: ['sums'],
  workgroups: ({ count }, workgroup) => spread(count, workgroup),
  work: ({ count, center_count, dimension }) => ({
    flops: count * center_count * (3 * dimension + 3),
    exps: count * center_count,
    bytes: 4 * (count * (dimension + 2) + center_count * dimension),
  }),
  reference({ count, center_count, dimension, scale }, { queries, energies, centers, sums }) {
    for (let q = 0; q < count; q++) {
      let sum = 0
      for (let c = 0; c < center_count; c++) {
        let square = 0
        for (let k = 0; k < dimension; k++) square += (queries[q * dimension + k] - centers[c * dimension + k]) ** 2
        sum += Math.exp(-scale * (square - energies[q]))
      }
      sums[q] = sum
    }
  },
}
