// d_g = d_w . v / |v|: a sum off by inputs + 1 roundings of its absolute values, and |v| and a quotient as in weight-norm-forward.test.ts.
// d_v = (g / |v|) (d_w - d_g v / |v|): g / |v| as there, times d_w and times d_g v / |v| with the errors of d_g and of |v|.
import { test } from 'uvu'
import { weightNormBackward } from '../../src/kernels/weight-norm-backward.js'
import { weightNormForward } from '../../src/kernels/weight-norm-forward.js'
import { close, rounding } from '../close.js'
import { centralDifferences, dot } from './central-differences.js'
import { compare, openMachine } from './compare.js'
import { normalisedLayer, normalisedShapes, placesOf, rawOf, type NormalisedShape } from './normalised-layer.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

function allowed(shape: NormalisedShape, raw: Float32Array, gradients: Float32Array): Float64Array {
  const tolerance = new Float64Array(raw.length)
  const own = shape.inputs / 2 + 16
  for (const { weights, gain } of placesOf(shape)) {
    const norm = Math.hypot(...weights.map((at) => raw[at]))
    const size = weights.reduce((sum, at) => sum + Math.abs(gradients[at] * raw[at]), 0) / norm // of d_g, before cancellation
    tolerance[gain] = rounding * (shape.inputs + 1 + own) * size
    for (const at of weights) {
      const [direct, through] = [Math.abs(gradients[at]), (size * Math.abs(raw[at])) / norm]
      const terms = (own + 3) * direct + (2 * own + shape.inputs + 1 + own + 8) * through
      tolerance[at] = (raw[gain] / norm) * rounding * terms
    }
  }
  return tolerance
}

for (const shape of normalisedShapes) {
  test(`${shape.outputs} neurons of ${shape.inputs} weights`, async () => {
    const raw = rawOf(shape)
    const gradients = normal(shape.bias_at + shape.outputs, 3)
    const raw_gradients = new Float32Array(raw.length).fill(3)
    const one = { params: shape, buffers: { raw, gradients, raw_gradients } }
    await compare(machine, weightNormBackward, one, { raw_gradients: allowed(shape, raw, gradients) })
  })
}

test('the gradients are those of any function of w and b', () => {
  const shape = normalisedLayer(4, 3)
  const raw = Float64Array.from(rawOf(shape, 0))
  const gradients = Float64Array.from(normal(raw.length, 3))
  const parameters = new Float64Array(raw.length)
  const loss = () => {
    weightNormForward.reference(shape, { raw, parameters }, {})
    return dot(parameters, gradients)
  }
  const raw_gradients = new Float64Array(raw.length)
  weightNormBackward.reference(shape, { raw, gradients, raw_gradients }, {})
  // h = 2^-14: h^2 / 6 times a third derivative of some hundreds, and roundings of 2^-53 over 2 h
  close(raw_gradients, centralDifferences(raw, loss, 2 ** -14), 1e-6, 'gradient')
})

test.run()
