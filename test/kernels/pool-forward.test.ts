// max is exact; a mean of size^2 pixels is off by at most (size^2 + 1) 2^-24 mean |x|.
import { test } from 'uvu'
import { poolConstants, poolCount, poolForward } from '../../src/kernels/pool-forward.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { pools, poolShapes } from './pool-shapes.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('the references drop what is left over, by hand', () => {
  const params = { rows: 1, channels: 1, height: 3, width: 5, size: 2 }
  const x = Float64Array.of(1, -2, -3, -4, 99, 3, 6, -5, -6, 99, 99, 99, 99, 99, 99)
  const u = new Float64Array(2)
  poolForward.reference(params, { x, u }, { POOL: 'max' })
  close(u, [6, -3], 0, 'max')
  poolForward.reference(params, { x, u }, { POOL: 'average' })
  close(u, [2, -4.5], 0, 'average')
})

for (const POOL of pools) {
  test(`${POOL}: from one pixel to the pools of a network for MNIST`, async () => {
    for (const shape of poolShapes) {
      for (const rows of [1, 3]) {
        const params = { rows, ...shape }
        // negative throughout: nothing may compare with a zero that is no pixel
        const x = normal(rows * shape.channels * shape.height * shape.width, 1).map((value) => value - 9)
        const means = new Float64Array(poolCount(params))
        poolForward.reference(params, { x: x.map(Math.abs), u: means }, { POOL: 'average' })
        const terms = POOL === 'max' ? 0 : shape.size ** 2 + 1
        const tolerances = { u: means.map((mean) => terms * rounding * mean) }
        const buffers = { x, u: f32(means.length) }
        await compare(machine, poolForward, { params, buffers, constants: poolConstants(POOL, shape.size) }, tolerances)
      }
    }
  })
}

test.run()
