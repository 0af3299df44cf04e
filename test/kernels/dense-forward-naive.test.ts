// u = x W' + b, a sum of `inputs` products and the bias: off by at most (inputs + 2) 2^-24 (sum |x W| + |b|).
import { test } from 'uvu'
import { denseForwardNaive } from '../../src/kernels/dense-forward-naive.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { large, paperLayers, parametersOf, rowCounts, smallest } from './dense-layer.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

test('small layers and a large one, from one row to a batch', async () => {
  for (const shape of [smallest, paperLayers[0], large]) {
    for (const rows of rowCounts) {
      const [parameters, x] = [parametersOf(shape), normal(rows * shape.inputs, rows)]
      const u = new Float64Array(rows * shape.outputs)
      const absolute = { parameters: parameters.map(Math.abs), x: x.map(Math.abs), u }
      denseForwardNaive.reference({ rows, ...shape }, absolute, {})
      const tolerances = { u: u.map((sum) => (shape.inputs + 2) * rounding * sum) }
      const buffers = { parameters, x, u: f32(u.length) }
      await compare(machine, denseForwardNaive, { params: { rows, ...shape }, buffers }, tolerances)
    }
  }
})

test.run()
