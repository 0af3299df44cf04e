/** What a graph computes by ONNX's own definitions (onnx.ai/onnx/operators), in f64 and by the plainest loops. */
import type { Graph, GraphNode } from './onnx-file.js'

export interface Numbers {
  shape: number[]
  data: number[]
}

const product = (shape: number[]) => shape.reduce((all, side) => all * side, 1)

/** f(index) for every index of the shape, row-major. */
function filled(shape: number[], f: (...index: number[]) => number): Numbers {
  const data = Array.from({ length: product(shape) }, (_, at) => {
    const index: number[] = []
    for (const side of shape.toReversed()) {
      index.unshift(at % side)
      at = Math.floor(at / side)
    }
    return f(...index)
  })
  return { shape, data }
}

const element = ({ shape, data }: Numbers, ...index: number[]) =>
  data[index.reduce((at, one, axis) => at * shape[axis] + one, 0)]

/** NumPy's rule: sides of 1 are repeated, sides in front are added. */
function broadcast(a: Numbers, b: Numbers, f: (a: number, b: number) => number): Numbers {
  const rank = Math.max(a.shape.length, b.shape.length)
  const [first, second] = [a, b].map(({ shape, data }) => {
    const padded = [...Array.from({ length: rank - shape.length }, () => 1), ...shape]
    return { shape: padded, data }
  })
  const shape = first.shape.map((side, axis) => Math.max(side, second.shape[axis]))
  const place = (one: Numbers, index: number[]) =>
    element(one, ...index.map((at, axis) => (one.shape[axis] === 1 ? 0 : at)))
  return filled(shape, (...index) => f(place(first, index), place(second, index)))
}

const turned = (one: Numbers) => filled(one.shape.toReversed(), (i, j) => element(one, j, i))

function matrixProduct(a: Numbers, b: Numbers): Numbers {
  const [rows, inner, columns] = [...a.shape, b.shape[1]]
  const terms = Array.from({ length: inner }, (_, k) => k)
  return filled([rows, columns], (i, j) => terms.reduce((sum, k) => sum + element(a, i, k) * element(b, k, j), 0))
}

const lists = ({ attributes = {} }: GraphNode, name: string, otherwise: number[]) => {
  const found = attributes[name]
  return found && 'wholes' in found ? found.wholes : otherwise
}
const scalar = ({ attributes = {} }: GraphNode, name: string, otherwise: number) => {
  const found = attributes[name]
  return found && 'whole' in found ? found.whole : found && 'real' in found ? found.real : otherwise
}

function convolution(node: GraphNode, [x, w, b]: Numbers[]): Numbers {
  const [stride, pad] = [lists(node, 'strides', [1, 1])[0], lists(node, 'pads', [0, 0, 0, 0])[0]]
  const [[n, c, height, width], [m, , k]] = [x.shape, w.shape]
  const side = (pixels: number) => Math.floor((pixels + 2 * pad - k) / stride) + 1
  const window = filled([c, k, k], () => 0).data.map((_, i) => [Math.floor(i / k / k), Math.floor(i / k) % k, i % k])
  const pixel = (row: number, channel: number, i: number, j: number) =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : element(x, row, channel, i, j)
  return filled([n, m, side(height), side(width)], (row, filter, i, j) =>
    window.reduce(
      (sum, [channel, u, v]) =>
        sum + element(w, filter, channel, u, v) * pixel(row, channel, i * stride + u - pad, j * stride + v - pad),
      b ? b.data[filter] : 0,
    ),
  )
}

function pooled(x: Numbers, size: number, from: (values: number[]) => number): Numbers {
  const [n, c, height, width] = x.shape
  return filled([n, c, Math.floor(height / size), Math.floor(width / size)], (row, channel, i, j) =>
    from(filled([size, size], (u, v) => element(x, row, channel, i * size + u, j * size + v)).data),
  )
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function normalised(node: GraphNode, [x, scale, shift, average, variance]: Numbers[]): Numbers {
  const epsilon = scalar(node, 'epsilon', 1e-5)
  return filled(x.shape, (...index) => {
    const channel = index[1]
    const deviation = element(x, ...index) - average.data[channel]
    return (deviation / Math.sqrt(variance.data[channel] + epsilon)) * scale.data[channel] + shift.data[channel]
  })
}

function reshaped(x: Numbers, wanted: number[]): Numbers {
  const copied = wanted.map((side, i) => (side === 0 ? x.shape[i] : side))
  const known = product(copied.filter((side) => side !== -1))
  return { shape: copied.map((side) => (side === -1 ? x.data.length / known : side)), data: x.data }
}

const each =
  (f: (value: number) => number) =>
  (_: GraphNode, [{ shape, data }]: Numbers[]) => ({ shape, data: data.map(f) })

const operators: Record<string, (node: GraphNode, inputs: Numbers[]) => Numbers> = {
  Gemm: (node, [a, b, c]) => {
    const found = matrixProduct(a, scalar(node, 'transB', 0) ? turned(b) : b)
    return c ? broadcast(found, c, (x, y) => x + y) : found
  },
  MatMul: (_, [a, b]) => matrixProduct(a, b),
  Add: (_, [a, b]) => broadcast(a, b, (x, y) => x + y),
  Conv: convolution,
  BatchNormalization: normalised,
  MaxPool: (node, [x]) => pooled(x, lists(node, 'kernel_shape', [])[0], (values) => Math.max(...values)),
  AveragePool: (node, [x]) => pooled(x, lists(node, 'kernel_shape', [])[0], mean),
  GlobalAveragePool: (_, [x]) => pooled(x, x.shape[2], mean),
  GlobalMaxPool: (_, [x]) => pooled(x, x.shape[2], (values) => Math.max(...values)),
  Flatten: (_, [x]) => ({ shape: [x.shape[0], product(x.shape.slice(1))], data: x.data }),
  Reshape: (_, [x, shape]) => reshaped(x, shape.data),
  Shape: (_, [{ shape }]) => ({ shape: [shape.length], data: shape }),
  Gather: (_, [from, at]) => ({ shape: at.shape, data: at.data.map((i) => from.data[i]) }),
  Slice: (_, [{ data }, start, end]) => {
    const cut = data.slice(start.data[0], end.data[0])
    return { shape: [cut.length], data: cut }
  },
  Cast: each((x) => x),
  Unsqueeze: (_, [{ data }]) => ({ shape: [data.length], data }),
  Concat: (_, all) => ({ shape: [all.length], data: all.flatMap(({ data }) => data) }),
  Transpose: (_, [x]) => turned(x),
  Identity: each((x) => x),
  Dropout: each((x) => x),
  Pad: each((x) => x),
  Relu: each((x) => Math.max(0, x)),
  LeakyRelu: each((x) => (x < 0 ? 0.01 * x : x)),
  Sin: each(Math.sin),
  Tanh: each(Math.tanh),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  LogSoftmax: (_, [x]) => logSoftmax(x),
  Softmax: (_, [x]) => each(Math.exp)(_, [logSoftmax(x)]),
}

/** Over the last of two axes. */
export function logSoftmax(x: Numbers): Numbers {
  const [rows, width] = x.shape
  const sums = Array.from({ length: rows }, (_, i) => {
    return Math.log(x.data.slice(i * width, (i + 1) * width).reduce((sum, value) => sum + Math.exp(value), 0))
  })
  return filled(x.shape, (i, j) => element(x, i, j) - sums[i])
}

/** The value of that name, of these inputs. */
export function computed(graph: Graph, input: Numbers, name = graph.outputs[0]): Numbers {
  const values = new Map<string, Numbers>(Object.entries(graph.tensors))
  values.set(graph.inputs[0].name, input)
  for (const node of graph.nodes) {
    const constant = node.attributes?.value
    const inputs = node.inputs.map((one) => values.get(one)!)
    const found = constant && 'data' in constant ? constant : operators[node.op](node, inputs)
    values.set(node.outputs[0], found)
  }
  return values.get(name)!
}
