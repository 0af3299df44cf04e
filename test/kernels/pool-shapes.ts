/** Pools to test kernels on: one pixel, odd sizes, pixels left over at both edges, and those of a network for MNIST. */
const shapeOf = (channels: number, height: number, width: number, size: number) => ({ channels, height, width, size })

export const poolShapes = [
  shapeOf(1, 1, 1, 1),
  shapeOf(3, 2, 2, 2),
  shapeOf(2, 3, 5, 2),
  shapeOf(5, 7, 6, 3),
  shapeOf(1, 8, 4, 4),
  shapeOf(16, 24, 24, 2),
  shapeOf(32, 8, 8, 2),
]
export const pools = ['max', 'average'] as const

/** Whole numbers from 0 to 2 times 1/4: many ties. */
export function tied(values: Float32Array): Float32Array {
  return values.map((value) => Math.abs(Math.round(value)) / 4)
}
