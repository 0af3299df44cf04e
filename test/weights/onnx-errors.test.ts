// ONNX that infoflow cannot take: one line says everything that is in the way, and what to do.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readOnnx } from '../../src/weights/onnx.js'
import { mistaken } from '../data/input-error.js'
import { scratchFolder } from '../tables/sample-run.js'
import { node, onnxBytes, type Graph, type GraphAttribute, type GraphNode } from './onnx-file.js'
import { bias, convolutions, mlp, some } from './onnx-graphs.js'

const folder = scratchFolder(test)

function refuses(graph: Graph, ...patterns: RegExp[]): void {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, onnxBytes(graph))
  mistaken(() => readOnnx(path), /model\.onnx: /, ...patterns)
}

/** The graph with another node in the place of the one that gives `output`. */
function replaced(graph: Graph, output: string, ...nodes: GraphNode[]): Graph {
  const at = graph.nodes.findIndex(({ outputs }) => outputs[0] === output)
  assert.ok(at >= 0)
  graph.nodes.splice(at, 1, ...nodes)
  return graph
}

/** The node that gives `output`, with other attributes too. */
function changed(graph: Graph, output: string, attributes: Record<string, GraphAttribute>): Graph {
  const found = graph.nodes.find(({ outputs }) => outputs[0] === output)!
  found.attributes = { ...found.attributes, ...attributes }
  return graph
}

const wholes = (...numbers: number[]) => ({ wholes: numbers })

test('all that infoflow does not have stands in one line, with its name and why, and what to do', () => {
  const graph = convolutions()
  changed(graph, 'c1', { group: { whole: 2 } })
  replaced(graph, 't1', node('Gelu', 'c1', 't1'))
  changed(graph, 'p2', { strides: wholes(1, 1) })
  changed(graph, 'u3', { alpha: { real: 0.5 } })
  replaced(graph, 't3', { ...node('FusedGelu', 'u3', 't3'), domain: 'com.microsoft' })
  refuses(
    graph,
    /: 5 nodes that infoflow does not have: /,
    /'c1' \(Conv\): group is 2, and must be 1; 't1' \(Gelu\): infoflow has none; 'p2' \(AveragePool\): its windows of 2/,
    /'u3' \(Gemm\): alpha is 0\.5, and must be 1; 't3' \(FusedGelu\): it is of com\.microsoft, not of ONNX itself: /,
    /infoflow takes one chain of Gemm, MatMul.* change the model and export it again$/,
  )
})

const single: [what: string, graph: () => Graph, pattern: RegExp][] = [
  ['transA', () => changed(mlp(), 'u0', { transA: { whole: 1 } }), /'u0' \(Gemm\): transA is 1/],
  ['beta', () => changed(mlp(), 'u0', { beta: { real: 2 } }), /beta is 2, and must be 1/],
  ['another slope', () => changed(mlp(), 't2', { alpha: { real: 0.2 } }), /'t2' \(LeakyRelu\): alpha is 0\.2, /],
  ['dilation', () => changed(convolutions(), 'c2', { dilations: wholes(2, 2) }), /dilations are 2, and must be 1/],
  [
    'two strides',
    () => changed(convolutions(), 'c2', { strides: wholes(1, 2) }),
    /strides are 1, 2, and must be equal/,
  ],
  ['one-sided pads', () => changed(convolutions(), 'c1', { pads: wholes(0, 0, 1, 1) }), /pads are 0, 0, 1, 1, and/],
  ['no stride', () => changed(convolutions(), 'c1', { strides: wholes(0, 0) }), /strides are 0, and must be positive/],
  ['SAME_UPPER', () => changed(convolutions(), 'c1', { auto_pad: { text: 'SAME_UPPER' } }), /write the pads out/],
  ['padded pool', () => changed(convolutions(), 'p1', { pads: wholes(1, 1, 1, 1) }), /it pads, and must not/],
  ['ceil_mode', () => changed(convolutions(), 'p2', { ceil_mode: { whole: 1 } }), /ceil_mode is 1, and must be 0/],
  ['an oblong pool', () => changed(convolutions(), 'p1', { kernel_shape: wholes(2, 3) }), /2, 3, and must be equal/],
  ['axis', () => changed(convolutions(), 'f', { axis: { whole: 2 } }), /'f' \(Flatten\): axis is 2, and must be 1/],
  [
    'an activation behind a mean',
    () => replaced(convolutions(), 'f', node('Relu', 'p2', 'r'), node('Flatten', 'r', 'f')),
    /'r' \(Relu\): infoflow has no activation behind an average: put it before the pool/,
  ],
  [
    'an activation of an activation',
    () => replaced(mlp(), 'u1', node('Relu', 't0', 'r'), node('Gemm', 'r w1 b1', 'u1')),
    /'r' \(Relu\): it is behind an activation, tanh, already/,
  ],
  ['an activation of inputs', () => begun(node('Tanh', 'x', 'x1')), /'x1' \(Tanh\): infoflow has activations behind/],
  [
    'softmax before the end',
    () => replaced(mlp(), 't3', node('Softmax', 'u3', 't3')),
    /'y' \(Gemm\): it is behind 't3' \(Softmax\), which must be the last/,
  ],
  [
    'softmax of channels',
    () => ({ ...convolutions(), nodes: [...convolutions().nodes.slice(0, 1), node('Softmax', 'c1', 'y')] }),
    /'y' \(Softmax\): it is over axis 1 of inputs of 3 x 14 x 14, and must be over logits/,
  ],
  [
    'BatchNormalization behind the activation',
    () => withMoments(replaced(mlp(), 'u1', normal('t0', 'n'), node('Gemm', 'n w1 b1', 'u1')), 4),
    /'n' \(BatchNormalization\): it must be directly behind Gemm, MatMul or Conv, before the activation/,
  ],
  [
    'BatchNormalization in training',
    () =>
      withMoments(
        replaced(mlp(), 't0', normal('u0', 'n', { training_mode: { whole: 1 } }), node('Tanh', 'n', 't0')),
        4,
      ),
    /'n' \(BatchNormalization\): it normalises by batches: export the model after model\.eval\(\)/,
  ],
  [
    'Dropout in training',
    () => {
      const graph = replaced(mlp(), 't0', node('Dropout', 'u0 ratio mode', 'd'), node('Tanh', 'd', 't0'))
      Object.assign(graph.tensors, { ratio: some([], 1), mode: { shape: [], data: [1], type: 'int64' } })
      return graph
    },
    /'d' \(Dropout\): it drops at inference: export the model after model\.eval\(\)/,
  ],
  [
    'a residual connection',
    () => replaced(mlp(), 'u2', node('Add', 't1 t0', 's'), node('Gemm', 's w2 b2', 'u2')),
    /a node that infoflow does not have: 's' \(Add\): it joins two branches, and infoflow takes one chain/,
  ],
  [
    'two branches',
    () => replaced(mlp(), 'u2', node('Gemm', 't0 w1 b1', 'o'), node('Mul', 't1 o', 's'), node('Gemm', 's w2 b2', 'u2')),
    /'o' \(Gemm\): it begins a second branch.*'s' \(Mul\): it joins two branches/,
  ],
  [
    'computed weights',
    () => replaced(mlp(), 'u0', node('Mul', 'w0 w0', 'w'), node('Gemm', 'x w b0', 'u0', { transB: { whole: 1 } })),
    /'u0' \(Gemm\): its weights come from 'w' \(Mul\), and must be constants/,
  ],
  ['data as weights', () => replaced(mlp(), 'u0', node('MatMul', 'w0 x', 'u0')), /the data are not its first input/],
  [
    'a matrix of every image',
    () => ({ ...mlp(), inputs: [{ name: 'x', sizes: ['n', 3, 5] }] }),
    /it is applied to inputs of 3 x 5, and must be to vectors: put a Flatten before it/,
  ],
  ['one dimension', () => withWeights([3, 2, 3], [2, 14]), /'c1' \(Conv\): it has 1 dimensions, and must have 2/],
  ['padding', () => begun(node('Pad', 'x pads', 'x1')), /'x1' \(Pad\): infoflow pads in convolutions alone/],
  [
    'a shape of no rows',
    () => reshapedTo([48, -1]),
    /'r' \(Reshape\): it makes \[48, -1\], and must keep the rows: \(batch, -1\)/,
  ],
  ['a shape of images', () => reshapedTo([-1, 2, 8]), /it makes 2 x 8 of 4 x 2 x 2: infoflow flattens, and no more/],
]

const normal = (from: string, to: string, attributes = {}) =>
  node('BatchNormalization', `${from} scale shift mean variance`, to, attributes)

function withMoments(graph: Graph, width: number): Graph {
  for (const name of ['scale', 'shift', 'mean', 'variance'])
    graph.tensors[name] = { shape: [width], data: Array.from({ length: width }, () => 0.5) }
  return graph
}

/** The MLP with a node before it. */
function begun(first: GraphNode): Graph {
  const graph = mlp()
  graph.nodes[0].inputs[0] = first.outputs[0]
  graph.nodes.unshift(first)
  graph.tensors.pads = { shape: [4], data: [0, 1, 0, 1], type: 'int64' }
  return graph
}

function withWeights(shape: number[], sample: number[]): Graph {
  const nodes = [node('Conv', 'x w1', 'c1')]
  return { nodes, tensors: { w1: some(shape, 1) }, inputs: [{ name: 'x', sizes: ['n', ...sample] }], outputs: ['c1'] }
}

function reshapedTo(data: number[]): Graph {
  const graph = replaced(convolutions(), 'f', node('Reshape', 'p2 shape', 'r'), node('Flatten', 'r', 'f'))
  graph.tensors.shape = { shape: [data.length], data, type: 'int64' }
  return graph
}

for (const [what, graph, pattern] of single)
  test(`listed: ${what}`, () => refuses(graph(), /that infoflow does not have: /, pattern))

test('a normalisation of the inputs is for data.normalise', () => {
  const graph = begun(node('Sub', 'x mean', 'x1'))
  graph.nodes.splice(1, 0, node('Div', 'x1 std', 'x2'))
  graph.nodes[2].inputs[0] = 'x2'
  Object.assign(graph.tensors, { mean: some([1], 1), std: some([1], 2) })
  const why = 'a normalisation of the inputs: leave it out of the graph and use data\\.normalise'
  refuses(graph, RegExp(`2 nodes that.*: 'x1' \\(Sub\\): ${why}; 'x2' \\(Div\\): ${why}: infoflow takes`))
  refuses(withMoments(begun(normal('x', 'x1')), 5), RegExp(`'x1' \\(BatchNormalization\\): ${why}`))
})

const broken: [what: string, change: (graph: Graph) => void, pattern: RegExp][] = [
  ['two inputs', ({ inputs }) => inputs.push({ name: 'mask', sizes: [1, 5] }), /2 inputs \(x, mask\): expected one/],
  ['no input', ({ inputs }) => inputs.pop(), /: 0 inputs: expected one/],
  ['two outputs', ({ outputs }) => outputs.push('t0'), /2 outputs \(y, t0\): expected one/],
  ['no rows', ({ inputs }) => (inputs[0].sizes = [5]), /the input 'x' has \(5\): expected \(batch, width\) or/],
  ['video', ({ inputs }) => (inputs[0].sizes = [1, 3, 8, 8, 8]), /has \(1, 3, 8, 8, 8\): expected \(batch, width\)/],
  ['an open width', ({ inputs }) => (inputs[0].sizes = ['n', 'm']), /has \(\?, \?\): .* export it with fixed sizes/],
  ['a width of 0', ({ inputs }) => (inputs[0].sizes = ['n', 0]), /has \(\?, 0\): /],
  ['a vast input', ({ inputs }) => (inputs[0].sizes = ['n', 2 ** 40]), /has \(\?, 1099511627776\): /],
  ['words as inputs', ({ inputs }) => (inputs[0].type = 7), /the input 'x' is INT64: expected FLOAT/],
  ['a missing initializer', ({ tensors }) => delete tensors.w2, /'u2' \(Gemm\) reads 'w2', which no initializer, node/],
  ['no value for the output', ({ outputs }) => (outputs[0] = 'z'), /the output 'z' does not come of the input/],
  ['a constant output', ({ outputs }) => (outputs[0] = 'w1'), /the output 'w1' does not come of the input/],
  ['one name twice', ({ nodes }) => (nodes[2].outputs[0] = 't0'), /two nodes give 't0': expected one/],
  ['a cycle', ({ nodes }) => (nodes[0].inputs[0] = 't3'), /'u0' \(Gemm\) reads 't3', which comes of it, or .* a cycle/],
  ['disorder', ({ nodes }) => nodes.reverse(), /'y' \(Gemm\) reads 't3', .*: a cycle, or nodes in disorder/],
  ['old operators', (graph) => (graph.opset = 6), /opset 6: expected 7 or newer; export it again/],
  [
    'another width',
    ({ inputs }) => (inputs[0].sizes = [1, 6]),
    /'u0' \(Gemm\): w0 \[4, 5\] for an input of 6: the graph/,
  ],
  ['weights of words', ({ tensors }) => (tensors.w1.type = 'int8'), /: w1 is INT8: expected FLOAT, DOUBLE, FLOAT16 or/],
  ['fewer weights', ({ tensors }) => tensors.w1.data.pop(), /w1 \[4, 4\] has 60 bytes, expected 64: the file is cut/],
  ['another bias', ({ tensors }) => (tensors.b1 = bias(3)), /'u1' \(Gemm\): its constant is b1 \[3\], and must be one/],
  ['NaN', ({ tensors }) => (tensors.w1.data[6] = NaN), /: w1\[1, 2\] is NaN: expected finite weights; export a check/],
  ['beyond f32', ({ tensors }) => toDouble(tensors.w1, 1e300), /w1 holds 1e\+300 \(number 6\), which f32 cannot/],
  ['weights of nothing', ({ tensors }) => (tensors.w0 = some([0, 5], 1)), /'u0' \(Gemm\)/],
  [
    'no weights',
    (graph) => (graph.nodes = [node('Identity', 'x', 'y')]),
    /no Gemm, MatMul or Conv: expected a network/,
  ],
  [
    'hostile names',
    ({ nodes }) => Object.assign(nodes[0], { op: 'Ge\n\u001b[31mmm', name: 'x'.repeat(500) }),
    /'x{60}…' \(Ge\\u\{a\}\\u\{1b\}\[31mmm\): infoflow has none/,
  ],
  ['names of Object', ({ nodes }) => (nodes[0].op = 'constructor'), /'u0' \(constructor\): infoflow has none/],
]

function toDouble(tensor: Graph['tensors'][string], value: number): void {
  tensor.type = 'double'
  tensor.data[6] = value
}

for (const [what, change, pattern] of broken)
  test(`refused: ${what}`, () => {
    const graph = mlp()
    change(graph)
    refuses(graph, pattern)
  })

test('all tensors with NaN or infinity are told of', () => {
  const graph = mlp()
  graph.tensors.w0.data.fill(Infinity)
  graph.tensors.b3.data[1] = NaN
  refuses(graph, /: w0\[0, 0\] is Infinity \(and 19 more\); b3\[1\] is NaN: expected finite weights/)
})

test('convolutions that contradict themselves', () => {
  const cases: [(graph: Graph) => void, RegExp][] = [
    [({ inputs }) => (inputs[0].sizes[1] = 3), /'c1' \(Conv\): w1 \[3, 2, 3, 3\] for 3 channels/],
    [({ tensors }) => (tensors.b1 = bias(4)), /'c1' \(Conv\): b100 |'c1' \(Conv\): b1 \[4\] for 3 channels/],
    [
      ({ inputs }) => inputs[0].sizes.splice(2, 2, 3, 3),
      /'c2' \(Conv\): a kernel of 3 x 3 does not fit: 3 x 1 x 1 came/,
    ],
    [(graph) => changed(graph, 'c1', { kernel_shape: wholes(5, 5) }), /kernel_shape differs from w1 \[3, 2, 3, 3\]/],
    [(graph) => changed(graph, 'c1', { pads: wholes(...Array(4).fill(2 ** 40)) }), /'c1' \(Conv\): .* outputs/],
  ]
  for (const [change, pattern] of cases) {
    const graph = convolutions()
    change(graph)
    refuses(graph, pattern)
  }
})

test('a variance below zero', () => {
  const graph = withMoments(replaced(mlp(), 't0', normal('u0', 'n'), node('Tanh', 'n', 't0')), 4)
  graph.tensors.variance.data[2] = -1
  refuses(graph, /'n' \(BatchNormalization\): variance -1 of output 2: expected one that is not negative/)
})

test.run()
