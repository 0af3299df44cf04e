import { spread, type Kernel } from './kernel.js'

/** The box around each group of points, with NOISE of queries point + noise. shaders/boxes.wgsl */
export const boxes: Kernel<'groups' | 'size', 'points' | 'boxes' | 'noise' | 'reach'> = {
  name: 'boxes',
  writes: ['boxes', 'reach'],
  workgroups: ({ groups }, workgroup) => spread(groups, workgroup),
  work: ({ groups, size }, { DIMENSION }) => ({
    flops: 3 * groups * size * Number(DIMENSION),
    exps: 0,
    bytes: 4 * groups * (size + 2) * Number(DIMENSION),
  }),
  reference({ groups, size }, { points, boxes: out, noise, reach }, { DIMENSION, NOISE }) {
    const d = Number(DIMENSION)
    for (let g = 0; g < groups; g++) {
      const places = Array.from({ length: size }, (_, i) => (g * size + i) * d)
      const coordinate = (at: number) => points[at] + (NOISE ? noise[at] : 0)
      for (let k = 0; k < d; k++) {
        out[g * 2 * d + k] = Math.min(...places.map((at) => coordinate(at + k)))
        out[(g * 2 + 1) * d + k] = Math.max(...places.map((at) => coordinate(at + k)))
      }
      if (NOISE) reach[g] = Math.max(...places.map((at) => squaredLength(noise.subarray(at, at + d))))
    }
  },
}

function squaredLength(vector: Iterable<number>): number {
  let sum = 0
  for (const v of vector) sum += v * v
  return sum
}
