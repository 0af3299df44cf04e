/** Graphs for tests of ONNX, with weights that look arbitrary and are the same every time. */
import { node, type Graph } from './onnx-file.js'

/** Numbers up to `size`, as f32. */
export function some(shape: number[], seed: number, size = 0.6): { shape: number[]; data: number[] } {
  const count = shape.reduce((all, side) => all * side, 1)
  const value = (i: number) => Math.fround(size * Math.sin(1 + 12.9898 * i + 78.233 * seed))
  return { shape, data: Array.from({ length: count }, (_, i) => value(i)) }
}

export const bias = (width: number) => some([width], 100 + width)

const outByIn = { transB: { whole: 1 }, alpha: { real: 1 }, beta: { real: 1 } }

/** 5 inputs, four hidden layers of 4 with an activation each, 3 outputs. */
export function mlp(): Graph {
  const activations = ['Tanh', 'Relu', 'LeakyRelu', 'Sigmoid']
  const graph: Graph = { nodes: [], tensors: {}, inputs: [{ name: 'x', sizes: ['batch', 5] }], outputs: ['y'] }
  activations.forEach((activation, i) => {
    const inputs = i === 0 ? 5 : 4
    graph.nodes.push(node('Gemm', `${i === 0 ? 'x' : `t${i - 1}`} w${i} b${i}`, `u${i}`, i % 2 ? {} : outByIn))
    graph.nodes.push(node(activation, `u${i}`, `t${i}`))
    graph.tensors[`w${i}`] = some(i % 2 ? [inputs, 4] : [4, inputs], i + 1)
    graph.tensors[`b${i}`] = some(i === 1 ? [1, 4] : [4], i + 20)
  })
  graph.nodes.push(node('Gemm', 't3 w4 b4', 'y', outByIn))
  Object.assign(graph.tensors, { w4: some([3, 4], 9), b4: bias(3) })
  return graph
}

/** Of 2 x 14 x 14: conv, relu, max-pool, conv, tanh, average-pool, flatten, dense, tanh, dense. */
export function convolutions(): Graph {
  const square = (size: number) => ({ kernel_shape: { wholes: [size, size] } })
  const pool = { ...square(2), strides: { wholes: [2, 2] }, pads: { wholes: [0, 0, 0, 0] } }
  return {
    nodes: [
      node('Conv', 'x w1 b1', 'c1', { ...square(3), pads: { wholes: [1, 1, 1, 1] }, group: { whole: 1 } }),
      ...[node('Relu', 'c1', 't1'), node('MaxPool', 't1', 'p1', pool)],
      node('Conv', 'p1 w2 b2', 'c2', { dilations: { wholes: [1, 1] } }),
      // 5 x 5 pixels: one row and one column are left over.
      ...[node('Tanh', 'c2', 't2'), node('AveragePool', 't2', 'p2', pool), node('Flatten', 'p2', 'f')],
      ...[node('Gemm', 'f w3 b3', 'u3'), node('Tanh', 'u3', 't3'), node('Gemm', 't3 w4 b4', 'y')],
    ],
    tensors: {
      ...{ w1: some([3, 2, 3, 3], 1), b1: bias(3), w2: some([4, 3, 3, 3], 2), b2: bias(4) },
      ...{ w3: some([16, 6], 3), b3: bias(6), w4: some([6, 3], 4), b4: bias(3) },
    },
    inputs: [{ name: 'x', sizes: ['batch', 2, 14, 14] }],
    outputs: ['y'],
  }
}
