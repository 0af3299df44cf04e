// max hands gradients on as they are; average divides by size^2, rounded once here and once in WGSL's division (2.5 ulp).
import { test } from 'uvu'
import { poolBackward } from '../../src/kernels/pool-backward.js'
import { poolConstants, poolCount, poolForward } from '../../src/kernels/pool-forward.js'
import { close, rounding } from '../close.js'
import { centralDifferences, dot } from './central-differences.js'
import { compare, f32, openMachine } from './compare.js'
import { pools, poolShapes, tied } from './pool-shapes.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('the reference of max gives all to the first of the largest, and nothing to what is left over', () => {
  const params = { rows: 1, channels: 1, height: 3, width: 5, size: 2 }
  const x = Float64Array.of(1, 6, -3, -4, 99, 6, 6, -5, -3, 99, 99, 99, 99, 99, 99)
  const buffers = { x, d_u: Float64Array.of(7, 8), d_x: new Float64Array(15).fill(NaN) }
  poolBackward.reference(params, buffers, { POOL: 'max' })
  close(buffers.d_x, [0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0, 'd_x')
})

for (const POOL of pools) {
  test(`${POOL}: the reference is the gradient of the forward reference`, () => {
    for (const shape of poolShapes.slice(0, 5)) {
      const params = { rows: 2, ...shape }
      // Distinct by more than a difference's step: max has a gradient there.
      const length = 2 * shape.channels * shape.height * shape.width
      const x = Float64Array.from({ length }, (_, i) => ((i * 7) % 11) + i / length)
      const d_u = Float64Array.from(normal(poolCount(params), 2))
      const d_x = new Float64Array(length)
      poolBackward.reference(params, { x, d_u, d_x }, { POOL })
      const u = new Float64Array(d_u.length)
      const differences = centralDifferences(x, () => {
        poolForward.reference(params, { x, u }, { POOL })
        return dot(u, d_u)
      })
      // Linear near x: what is left is the rounding of sums below 10^4, divided by 2^-9.
      close(d_x, differences, 1e-8, JSON.stringify(shape))
    }
  })

  test(`${POOL}: from one pixel to the pools of a network for MNIST, with ties and without`, async () => {
    for (const shape of poolShapes) {
      for (const rows of [1, 3]) {
        const params = { rows, ...shape }
        const values = normal(rows * shape.channels * shape.height * shape.width, 1)
        const d_u = normal(poolCount(params), 2)
        for (const x of POOL === 'max' ? [values, tied(values)] : [undefined]) {
          const buffers = { ...(x && { x }), d_u, d_x: f32(values.length) }
          const largest = Math.max(...d_u.map(Math.abs)) / shape.size ** 2
          const tolerances = { d_x: POOL === 'max' ? 0 : 6 * rounding * largest }
          await compare(
            machine,
            poolBackward,
            { params, buffers, constants: poolConstants(POOL, shape.size) },
            tolerances,
          )
        }
      }
    }
  })
}

test.run()
