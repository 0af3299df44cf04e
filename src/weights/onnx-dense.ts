/** Gemm and MatMul, the bias that an Add gives, and BatchNormalization, which is folded into the layer before it. */
import { InputError } from '../errors.js'
import type { Tensor } from '../tables/rows.js'
import { constantIn, isWeighted, Lacking, misfit, named, type Built, type Chain } from './onnx-chain.js'
import { countOf } from './onnx-tensor.js'
import { realIn, shapeOf, wholeIn, type Call, type Value } from './onnx-values.js'

const normalisation = 'a normalisation of the inputs: leave it out of the graph and use data.normalise'

/** Y = alpha A' B' + beta C, with A the data. */
export function gemm(chain: Chain, call: Call): void {
  const { node, inputs } = call
  const [alpha, beta] = [realIn(node, 'alpha', 1), realIn(node, 'beta', 1)]
  if (alpha !== 1) throw new Lacking(`alpha is ${alpha}, and must be 1`)
  if (beta !== 1 && inputs[2]) throw new Lacking(`beta is ${beta}, and must be 1`)
  if (wholeIn(node, 'transA', 0) !== 0) throw new Lacking('transA is 1, and must be 0: it joins rows')
  dense(chain, call, wholeIn(node, 'transB', 0) !== 0)
}

/** Y = A B, with A the data. */
export const matMul = (chain: Chain, call: Call) => dense(chain, call, false)

function dense(chain: Chain, call: Call, isOutByIn: boolean): void {
  const [, matrix, bias] = call.inputs
  const constant = constantIn(matrix, 'weights')
  const shape = shapeOf(constant)
  if (shape.length !== 2) throw new Lacking(`its weights are ${named(constant.tensor)}, and must be a matrix`)
  const [inputs, outputs] = isOutByIn ? shape.toReversed() : shape
  if (chain.sample && chain.sample.length !== 1)
    throw new Lacking(
      `it is applied to inputs of ${chain.sample.join(' x ')}, and must be to vectors: put a Flatten before it`,
    )
  if (chain.sample && chain.sample[0] !== inputs)
    throw misfit(call, `${named(constant.tensor)} for an input of ${chain.sample[0]}`)
  const weights = matrixOf(chain.numbers(matrix, 'weights'), isOutByIn === constant.transposed)
  const spec = { type: 'dense', width: outputs, activation: 'linear' } as const
  chain.add(call, spec, weights, bias ? spread(chain.numbers(bias, 'bias'), outputs, 0) : null)
}

/** Out x in, the other way round where it `flips`. */
function matrixOf({ data, shape: [rows, columns] }: Tensor, flips: boolean): Float32Array {
  if (!flips) return data
  const turned = new Float32Array(data.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]
  return turned
}

/** One number for all outputs, or one for each, with `behind` sides of 1 after it. Throws Lacking at anything else. */
function spread(tensor: Tensor, outputs: number, behind: number): Float32Array {
  const { data, shape } = tensor
  const place = shape.length - 1 - behind
  const isEach = data.length === outputs && shape[place] === data.length && shape.length <= behind + 2
  if (data.length !== 1 && !isEach)
    throw new Lacking(`its constant is ${named(tensor)}, and must be one number an output`)
  return Float32Array.from({ length: outputs }, (_, i) => data[data.length === 1 ? 0 : i])
}

/** A constant behind a layer is, or adds to, its bias. */
export function add(chain: Chain, call: Call): void {
  const constant = call.inputs[call.inputs[0]?.kind === 'data' ? 1 : 0]
  const last = changeable(chain, 'Gemm, MatMul or Conv')
  if (!last) return chain.lose()
  const addend = spread(chain.numbers(constant, 'addend'), last.bias.length, trailing(last))
  last.bias = last.bias.map((bias, i) => bias + addend[i])
  last.unbiased = null
}

const trailing = ({ spec }: Built) => (spec.type === 'conv2d' ? 2 : 0)

/** Throws Lacking where nothing directly before a node can take it in; null where what is before is not known. */
function changeable(chain: Chain, after: string): Built | null {
  const { last } = chain
  if (last === 'lost') return null
  if (last) return last
  if (chain.built.length === 0) throw new Lacking(normalisation, true)
  throw new Lacking(`it must be directly behind ${after}`)
}

/** Y = (X - mean) / sqrt(variance + epsilon) * scale + shift, per output: another weight matrix and another bias. */
export function batchNormalization(chain: Chain, call: Call): void {
  const { node, inputs, label } = call
  if (wholeIn(node, 'training_mode', 0) !== 0)
    throw new Lacking('it normalises by batches: export the model after model.eval()')
  const last = changeable(chain, 'Gemm, MatMul or Conv, before the activation')
  if (!last) return chain.lose()
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => numbersFor(chain, call, inputs[i], last))
  const epsilon = realIn(node, 'epsilon', 1e-5)
  const factor = scale.map((one, i) => one / Math.sqrt(variance[i] + epsilon))
  const wrong = variance.findIndex((one) => !(one + epsilon > 0))
  if (wrong >= 0 && chain.notFinite.size === 0)
    throw new InputError(`${label}: variance ${variance[wrong]} of output ${wrong}: expected one that is not negative`)
  chain.spend(last.weights.length)
  const size = last.weights.length / last.bias.length
  last.weights = last.weights.map((weight, i) => weight * factor[Math.floor(i / size)])
  last.unbiased = null
  last.bias = last.bias.map((bias, i) => (bias - mean[i]) * factor[i] + shift[i])
  chain.notes.add(`${label} is folded into the layer before it`)
}

function numbersFor(chain: Chain, call: Call, value: Value | null | undefined, { bias, spec }: Built): Float64Array {
  const tensor = chain.numbers(value, 'numbers')
  if (tensor.data.length !== bias.length || countOf(tensor.shape) !== tensor.shape[0])
    throw misfit(
      call,
      `${named(tensor)} behind ${bias.length} ${isWeighted(spec) && spec.type === 'conv2d' ? 'channels' : 'outputs'}`,
    )
  return Float64Array.from(tensor.data)
}

/** What has no place in a chain but at its very beginning, where data.normalise does it. */
export function arithmetic(chain: Chain): never {
  if (chain.built.length === 0) throw new Lacking(normalisation, true)
  throw new Lacking('infoflow has none')
}
