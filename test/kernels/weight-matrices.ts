/** Weight matrices to test kernels on: one number, as wide as high, wide, high, and the first layer of an MNIST network. */
import { uniform } from './samples.js'

export const matrixShapes: [outputs: number, inputs: number][] = [
  [1, 1],
  [1, 7],
  [7, 1],
  [5, 5],
  [10, 12],
  [12, 10],
  [3, 65],
  [65, 8],
  [128, 784],
]

const margin = 5

/** A matrix from place 5 on, with singular values about 1 at most; what lies `around` it belongs to others. */
export function matrixIn(outputs: number, inputs: number, around = NaN) {
  const parameters = new Float32Array(outputs * inputs + 2 * margin).fill(around)
  const size = 1 / Math.sqrt(Math.max(inputs, outputs))
  const weights = uniform(outputs * inputs, 11, -size, size)
  parameters.set(weights, margin)
  return { layer: { inputs, outputs, weights_at: margin }, parameters, weights }
}

/** A B, of n x k and k x m numbers. */
export function product(a: ArrayLike<number>, b: ArrayLike<number>, [n, k, m]: [number, number, number]) {
  return Float64Array.from({ length: n * m }, (_, i) => {
    const [row, column] = [Math.floor(i / m), i % m]
    let sum = 0
    for (let j = 0; j < k; j++) sum += a[row * k + j] * b[j * m + column]
    return sum
  })
}

/** A', of n x k numbers. */
export function transposed(a: ArrayLike<number>, [n, k]: [number, number]): Float64Array {
  return Float64Array.from({ length: n * k }, (_, i) => a[(i % n) * k + Math.floor(i / n)])
}
