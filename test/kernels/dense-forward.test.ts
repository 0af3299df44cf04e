// u = x W' + b, a sum of `inputs` products and the bias: off by at most (inputs + 2) 2^-24 (sum |x W| + |b|).
import { test } from 'uvu'
import { denseConstants, denseForward } from '../../src/kernels/dense-forward.js'
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
async function check(rows: number, shape: DenseShape): Promise<void> {
  const { inputs, outputs } = shape
  const buffers = { parameters: parametersOf(shape), x: normal((rows + 1) * inputs, rows), u: f32(rows * outputs) }
  const tolerances = { u: allowed(rows, shape, buffers.parameters, buffers.x) }
  for (const constants of [denseConstants(shape), denseConstants(large)]) {
    await compare(machine, denseForward, { params: { rows, ...shape }, buffers, constants }, tolerances)
  }
}

/** The same sum of absolute values, by the reference itself. */
function allowed(rows: number, shape: DenseShape, parameters: Float32Array, x: Float32Array): Float64Array {
  const u = new Float64Array(rows * shape.outputs)
  denseForward.reference({ rows, ...shape }, { parameters: parameters.map(Math.abs), x: x.map(Math.abs), u }, {})
  return u.map((sum) => (shape.inputs + 2) * rounding * sum)
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

test('all inputs at once', async () => {
  await check(4096, paperLayers[0])
})

test('layers in many tiles, in partial ones, and in less than one', async () => {
  for (const [rows, shape] of batches) await check(rows, shape)
})

test.run()
