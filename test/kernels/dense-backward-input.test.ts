// d_x = d_u W, sums of `outputs` products: off by at most (outputs + 1) 2^-24 sum |d_u W|.
import { test } from 'uvu'
import { denseBackwardInput, denseBackwardInputConstants } from '../../src/kernels/dense-backward-input.js'
import { rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import {
  batches,
  large,
  paperLayers,
  parametersOf,
  rowCounts,
  shapeOf,
  smallest,
  type DenseShape,
} from './dense-layer.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/**
 * Both texts of the kernel: as a layer of this size runs, and the general one. The rows are followed by one more, so that what would
 * be written past the end is no NaN, which is what lies there.
 */
async function check(rows: number, { inputs, outputs, weights_at, bias_at }: DenseShape): Promise<void> {
  const params = { rows, inputs, outputs, weights_at }
  const parameters = parametersOf({ inputs, outputs, weights_at, bias_at })
  const buffers = { parameters, d_u: normal((rows + 1) * outputs, rows), d_x: f32(rows * inputs) }
  const sums = new Float64Array(rows * inputs)
  const absolute = { parameters: parameters.map(Math.abs), d_u: buffers.d_u.map(Math.abs), d_x: sums }
  denseBackwardInput.reference(params, absolute, {})
  const tolerances = { d_x: sums.map((sum) => (outputs + 1) * rounding * sum) }
  for (const constants of [denseBackwardInputConstants({ inputs, outputs }), denseBackwardInputConstants(large)]) {
    await compare(machine, denseBackwardInput, { params, buffers, constants }, tolerances)
  }
}

test('one neuron, from one row to a batch', async () => {
  for (const rows of rowCounts) await check(rows, smallest)
})

test('the layers of the paper', async () => {
  for (const shape of paperLayers) for (const rows of [1, 4, 65, 256]) await check(rows, shape)
})

test('the second layer at every number of rows', async () => {
  for (const rows of rowCounts) await check(rows, paperLayers[1])
})

test('layers too large to be unrolled, and layers on the border', async () => {
  for (const shape of [large, shapeOf(20, 8), shapeOf(27, 19)]) for (const rows of [1, 7, 65]) await check(rows, shape)
})

test('layers in many tiles, in partial ones, and in less than one', async () => {
  for (const [rows, shape] of batches) await check(rows, shape)
})

test.run()
