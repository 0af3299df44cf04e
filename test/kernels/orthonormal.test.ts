// A - rate (G A - A): a sum of `short` products, two differences and a product, the rate itself rounded once. What lies around the
// matrix belongs to others, hence a tolerance of 0 there.
import { test } from 'uvu'
import { gram, weightMatrix } from '../../src/kernels/gram.js'
import { orthonormal, orthonormalConstants } from '../../src/kernels/orthonormal.js'
import { dispatch } from '../../src/plan.js'
import { close, rounding } from '../close.js'
import { centralDifferences } from './central-differences.js'
import { compare, openMachine } from './compare.js'
import { matrixIn, matrixShapes, product, transposed } from './weight-matrices.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const rate = 0.1

function gramOf(parameters: Float32Array | Float64Array, matrix: ReturnType<typeof weightMatrix>): Float32Array {
  const products = new Float32Array(matrix.short ** 2)
  gram.reference(matrix, { parameters, gram: products }, {})
  return products
}

for (const [outputs, inputs] of matrixShapes) {
  test(`a step of a matrix of ${outputs} x ${inputs}`, async () => {
    const { layer, parameters } = matrixIn(outputs, inputs, 0)
    const matrix = weightMatrix(layer)
    const products = gramOf(parameters, matrix)
    const size = Float64Array.from(parameters, Math.abs)
    orthonormal.reference({ ...matrix, rate: -1 }, { gram: products.map(Math.abs), parameters: size }, {}) // |G| |A|
    const tolerance = size.map((sum, i) => {
      const own = Math.abs(parameters[i])
      return rounding * (rate * (matrix.short + 5) * (sum + own) + own)
    })
    const one = { params: { ...matrix, rate }, buffers: { gram: products, parameters } }
    await compare(machine, orthonormal, { ...one, constants: orthonormalConstants(matrix) }, { parameters: tolerance })
  })

  test(`what a step of a matrix of ${outputs} x ${inputs} is by plain products`, () => {
    const { layer, parameters, weights } = matrixIn(outputs, inputs)
    const matrix = weightMatrix(layer)
    const moved = Float64Array.from(parameters)
    orthonormal.reference({ ...matrix, rate }, { gram: gramOf(parameters, matrix), parameters: moved }, {})
    const square = product(weights, transposed(weights, [outputs, inputs]), [outputs, inputs, outputs])
    const triple = product(square, weights, [outputs, outputs, inputs])
    const plain = weights.map((value, i) => value - rate * (triple[i] - value))
    close(moved.subarray(5, 5 + weights.length), plain, 4 * rounding, 'A - rate (A A` A - A)')
  })
}

test('the step goes down the gradient of |A A` - 1|^2 / 4', () => {
  const [outputs, inputs] = [3, 5]
  const { layer, parameters, weights } = matrixIn(outputs, inputs)
  const matrix = weightMatrix(layer)
  const moved = Float64Array.from(parameters)
  orthonormal.reference({ ...matrix, rate: 1 }, { gram: gramOf(parameters, matrix), parameters: moved }, {})
  const a = Float64Array.from(weights)
  const distance = () => {
    const square = product(a, transposed(a, [outputs, inputs]), [outputs, inputs, outputs])
    return square.reduce((sum, value, i) => sum + (value - (i % (outputs + 1) === 0 ? 1 : 0)) ** 2, 0) / 4
  }
  const gradient = a.map((value, i) => value - moved[5 + i])
  // a third derivative below 10, times h^2 / 6; the products' own rounding to f32
  close(gradient, centralDifferences(a, distance), 10 * 2 ** -20 + 10 * rounding, 'gradient')
})

test('steps on steps make rows orthonormal, or columns where there are fewer', async () => {
  for (const [outputs, inputs] of [
    [4, 9],
    [9, 4],
  ]) {
    const { layer, parameters } = matrixIn(outputs, inputs, 0)
    const matrix = weightMatrix(layer)
    const [first, second] = [
      { parameters: 'parameters', gram: 'gram' },
      { gram: 'gram', parameters: 'parameters' },
    ]
    const plan = [
      dispatch(gram, matrix, first),
      dispatch(orthonormal, { ...matrix, rate: 0.4 }, second, orthonormalConstants(matrix)),
    ]
    const f32 = (length: number) => ({ type: 'f32', length }) as const
    machine.allocate({ parameters: f32(parameters.length), gram: f32(matrix.short ** 2) })
    machine.write('parameters', parameters)
    await machine.prepare(plan)
    machine.run(plan, 60)
    const found = gramOf((await machine.read('parameters')) as Float32Array, matrix)
    machine.release()
    const identity = found.map((_, i) => (i % (matrix.short + 1) === 0 ? 1 : 0))
    close(found, identity, 1e-6, `products of a matrix of ${outputs} x ${inputs}`) // some tens of roundings
  }
})

test.run()
