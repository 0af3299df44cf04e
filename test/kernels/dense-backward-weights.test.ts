// d_W += d_u' x and d_b += sum of d_u, sums over rows on top of what was there: off by at most (rows + 2) 2^-24 of the sum of
// absolute values.
import { test } from 'uvu'
import { denseBackwardWeights, denseBackwardWeightsConstants } from '../../src/kernels/dense-backward-weights.js'
import { rounding } from '../close.js'
import { compare, openMachine } from './compare.js'
import { batches, large, paperLayers, rowCounts, shapeOf, smallest, type DenseShape } from './dense-layer.js'
import { normal, uniform } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** Both texts of the kernel. Gradients around the layer's own belong to others: no rounding may touch them, hence a tolerance of 0 there. */
async function check(rows: number, shape: DenseShape): Promise<void> {
  const { inputs, outputs, bias_at } = shape
  const params = { rows, ...shape }
  const gradients = uniform(bias_at + outputs + 2, 3)
  const buffers = { x: normal(rows * inputs, 1), d_u: normal(rows * outputs, 2), gradients }
  const sums = Float64Array.from(gradients, Math.abs)
  const absolute = { x: buffers.x.map(Math.abs), d_u: buffers.d_u.map(Math.abs), gradients: sums }
  denseBackwardWeights.reference(params, absolute, {})
  const tolerance = sums.map((sum, i) => (sum === Math.abs(gradients[i]) ? 0 : (rows + 2) * rounding * sum))
  for (const constants of [denseBackwardWeightsConstants(shape), denseBackwardWeightsConstants(large)]) {
    await compare(machine, denseBackwardWeights, { params, buffers, constants }, { gradients: tolerance })
  }
}

test('one neuron, from one row to a batch', async () => {
  for (const rows of rowCounts) await check(rows, smallest)
})

test('the layers of the paper', async () => {
  for (const shape of paperLayers) for (const rows of [1, 4, 65, 256]) await check(rows, shape)
})

test('the first layer at every number of rows', async () => {
  for (const rows of rowCounts) await check(rows, paperLayers[0])
})

test('layers too large to be unrolled, and layers on the border', async () => {
  for (const shape of [large, shapeOf(20, 8), shapeOf(27, 19)]) for (const rows of [1, 7, 65]) await check(rows, shape)
})

test('layers in many tiles, in partial ones, and in less than one', async () => {
  for (const [rows, shape] of batches) await check(rows, shape)
})

test.run()
