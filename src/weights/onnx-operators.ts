/** ONNX's operators that act on data, by name: what they do to the chain of layers. */
import type { Chain } from './onnx-chain.js'
import { add, arithmetic, batchNormalization, gemm, matMul } from './onnx-dense.js'
import { conv, globalPool, pad, pool } from './onnx-images.js'
import { activate, dropout, flatten, identity, leakyRelu, reshape, softmax } from './onnx-shapes.js'
import type { Call } from './onnx-values.js'

/** Throws Lacking where infoflow has no such layer, InputError where the graph contradicts itself. */
type Operator = (chain: Chain, call: Call) => void

export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    Gemm: gemm,
    MatMul: matMul,
    Add: add,
    Sub: arithmetic,
    Mul: arithmetic,
    Div: arithmetic,
    BatchNormalization: batchNormalization,
    Conv: conv,
    Pad: pad,
    MaxPool: pool('max-pool'),
    AveragePool: pool('average-pool'),
    GlobalMaxPool: globalPool('max-pool'),
    GlobalAveragePool: globalPool('average-pool'),
    Relu: activate('relu'),
    LeakyRelu: leakyRelu,
    Tanh: activate('tanh'),
    Sigmoid: activate('sigmoid'),
    Flatten: flatten,
    Reshape: reshape,
    Dropout: dropout,
    Identity: identity,
    Softmax: softmax,
    LogSoftmax: softmax,
  } satisfies Record<string, Operator>),
)

export const taken =
  'infoflow takes one chain of Gemm, MatMul, Conv and BatchNormalization behind them, Relu, LeakyRelu (0.01), Tanh, ' +
  'Sigmoid, MaxPool, AveragePool, Flatten and Dropout'
