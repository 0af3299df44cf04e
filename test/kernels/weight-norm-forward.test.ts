// w = g v / |v|. |v|^2 is off by inputs + 1 roundings of itself at most, its root (WGSL: 1 / inversesqrt) by half of that and 9 more, the
// quotient g / |v| by 5, the product by 1.
import { test } from 'uvu'
import { weightNormForward } from '../../src/kernels/weight-norm-forward.js'
import { close, rounding } from '../close.js'
import { compare, openMachine } from './compare.js'
import { normalisedShapes, placesOf, rawOf } from './normalised-layer.js'

const machine = await openMachine()
test.after(() => machine.destroy())

for (const shape of normalisedShapes) {
  const { inputs, outputs, bias_at } = shape

  test(`${outputs} neurons of ${inputs} weights`, async () => {
    const parameters = new Float32Array(bias_at + outputs + 2).fill(3)
    const raw = rawOf(shape)
    const expected = Float64Array.from(parameters)
    weightNormForward.reference(shape, { raw, parameters: expected }, {})
    const tolerance = new Float64Array(parameters.length)
    for (const { weights } of placesOf(shape)) {
      for (const at of weights) tolerance[at] = (inputs / 2 + 16) * rounding * Math.abs(expected[at])
    }
    await compare(
      machine,
      weightNormForward,
      { params: shape, buffers: { raw, parameters } },
      { parameters: tolerance },
    )
  })
}

test('every neuron has weights of length g in the direction of v', () => {
  for (const shape of normalisedShapes) {
    const raw = rawOf(shape)
    const parameters = new Float64Array(raw.length)
    weightNormForward.reference(shape, { raw, parameters }, {})
    for (const { weights, gain } of placesOf(shape)) {
      const w = weights.map((at) => parameters[at])
      close(Math.hypot(...w), raw[gain], 1e-12, 'length')
      const ratios = w.map((value, i) => value / raw[weights[i]])
      close(ratios, ratios.fill(raw[gain] / Math.hypot(...weights.map((at) => raw[at]))), 1e-12, 'direction')
    }
  }
})

test.run()
