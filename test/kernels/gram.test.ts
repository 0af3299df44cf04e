// G = A A' or A' A: sums of `long` products, off by at most long 2^-24 of the sum of absolute values.
import { test } from 'uvu'
import { gram, weightMatrix } from '../../src/kernels/gram.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { matrixIn, matrixShapes, product, transposed } from './weight-matrices.js'

const machine = await openMachine()
test.after(() => machine.destroy())

for (const [outputs, inputs] of matrixShapes) {
  test(`the products of a matrix of ${outputs} x ${inputs} with itself`, async () => {
    const { layer, parameters, weights } = matrixIn(outputs, inputs)
    const params = weightMatrix(layer)
    const { short, long } = params
    const size = new Float64Array(short * short)
    gram.reference(params, { parameters: parameters.map(Math.abs), gram: size }, {})
    const tolerance = size.map((sum) => long * rounding * sum)
    await compare(machine, gram, { params, buffers: { parameters, gram: f32(short * short) } }, { gram: tolerance })

    const plain = transposed(weights, [outputs, inputs])
    const expected =
      outputs <= inputs
        ? product(weights, plain, [outputs, inputs, outputs])
        : product(plain, weights, [inputs, outputs, inputs])
    const found = new Float64Array(short * short)
    gram.reference(params, { parameters, gram: found }, {})
    close(found, expected, 1e-12, 'the smaller of A A` and A` A, without strides')
  })
}

test.run()
