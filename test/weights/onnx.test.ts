// ONNX graphs become networks that compute the same: by the f64 references against ONNX's definitions, in plain loops.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readOnnx, type OnnxModel } from '../../src/weights/onnx.js'
import { close } from '../close.js'
import { root } from '../example.js'
import { scratchFolder } from '../tables/sample-run.js'
import { logitsOf } from './forward.js'
import { node, onnxBytes, type Graph, type GraphNode, type GraphTensor } from './onnx-file.js'
import { bias, convolutions, mlp, some } from './onnx-graphs.js'
import { computed, logSoftmax } from './onnx-semantics.js'

const folder = scratchFolder(test)

function read(graph: Graph): OnnxModel {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, onnxBytes(graph))
  return readOnnx(path)
}

/** Outputs are of the size of 1, and every layer rounds to f32: 1e-5 is 168 roundings. */
const acceptance = 1e-5

/** The network computes `name` of the graph, which is the output if not another one. */
async function agrees(graph: Graph, name?: string): Promise<OnnxModel> {
  const model = read(graph)
  const sample = graph.inputs[0].sizes.slice(1) as number[]
  const input = some([3, ...sample], 1, 0.7)
  const expected = computed(graph, input, name)
  assert.ok(Math.max(...expected.data.map(Math.abs)) > 0.1, 'outputs of some size')
  close(await logitsOf(model, input.data), expected.data, acceptance, 'logits')
  return model
}

const layers = ({ layers }: OnnxModel) =>
  layers.map((one) => [one.type, ...('activation' in one ? [one.activation] : [])].join(' '))

test('an MLP: Gemm with weights out x in and in x out, every activation', async () => {
  const model = await agrees(mlp())
  assert.equal(layers(model), ['dense tanh', 'dense relu', 'dense leaky-relu', 'dense sigmoid', 'dense linear'])
  assert.is(model.inputShape, undefined)
  assert.is(model.inputWidth, 5)
  assert.is(model.producer, 'a test 1.0')
  assert.equal(model.notes, [])
})

test('parameters lie in the order of parameterLayout: weights out x in, then the bias', () => {
  const { parameters } = read({
    nodes: [node('Gemm', 'x w b', 'y')],
    tensors: { w: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }, b: { shape: [3], data: [7, 8, 9] } },
    inputs: [{ name: 'x', sizes: ['n', 2] }],
    outputs: ['y'],
  })
  assert.equal([...parameters], [1, 4, 2, 5, 3, 6, 7, 8, 9])
})

test('MatMul and Add, either way round, one number for all, a transposed constant; no Add is no bias', async () => {
  const nodes = [
    ...[node('MatMul', 'x w1', 'a'), node('Add', 'b1 a', 'b'), node('Tanh', 'b', 'c')],
    ...[node('Transpose', 'w2', 'turned', { perm: { wholes: [1, 0] } }), node('MatMul', 'c turned', 'd')],
    ...[node('Add', 'd b2', 'e'), node('Relu', 'e', 'f'), node('MatMul', 'f w3', 'y')],
  ]
  const tensors = { w1: some([5, 4], 2), b1: bias(4), w2: some([3, 4], 3), b2: some([], 4), w3: some([3, 2], 5) }
  const model = await agrees({ nodes, tensors, inputs: [{ name: 'x', sizes: [1, 5] }], outputs: ['y'] })
  assert.equal(model.notes, ["'y' (MatMul) has no bias: zeros"])
})

test('LeNet: strides, paddings, both pools, Flatten', async () => {
  const model = await agrees(convolutions())
  assert.equal(model.inputShape, [2, 14, 14])
  assert.equal(model.layers.slice(0, 2), [
    { type: 'conv2d', channels: 3, kernel: 3, padding: 1, activation: 'relu' },
    { type: 'max-pool', size: 2 },
  ])
  const expected = ['conv2d relu', 'max-pool', 'conv2d tanh', 'average-pool', 'flatten', 'dense tanh', 'dense linear']
  assert.equal(layers(model), expected)
})

test('a stride, a convolution without bias, an Add for it, global pools of square images', async () => {
  for (const pool of ['GlobalAveragePool', 'GlobalMaxPool']) {
    const nodes = [
      ...[node('Conv', 'x w1', 'a', { strides: { wholes: [2, 2] }, auto_pad: { text: 'VALID' } })],
      ...[node('Add', 'a b1', 'b'), node('Sigmoid', 'b', 'c'), node(pool, 'c', 'd'), node('Flatten', 'd', 'e')],
      node('Gemm', 'e w2 b2', 'y'),
    ]
    const tensors = { w1: some([4, 1, 3, 3], 2), b1: some([4, 1, 1], 3), w2: some([4, 3], 4), b2: bias(3) }
    const model = await agrees({ nodes, tensors, inputs: [{ name: 'x', sizes: ['n', 1, 9, 9] }], outputs: ['y'] })
    assert.equal(model.layers[0], { type: 'conv2d', channels: 4, kernel: 3, stride: 2, activation: 'sigmoid' })
    assert.equal(model.notes, [])
  }
})

const moments = (width: number) => ({
  scale: some([width], 11),
  shift: some([width], 12),
  mean: some([width], 13),
  variance: { shape: [width], data: some([width], 14).data.map((value) => 0.2 + value ** 2) },
})

test('BatchNormalization behind Gemm, MatMul and Conv is folded', async () => {
  const normalised = (from: string, to: string) =>
    node('BatchNormalization', `${from} scale shift mean variance`, to, { epsilon: { real: 0.125 } })
  const behind = (first: GraphNode, weights: GraphTensor, sizes: number[], rest: GraphNode[] = []): Graph => ({
    nodes: [first, normalised('a', 'b'), ...rest, node('Tanh', rest.at(-1)?.outputs[0] ?? 'b', 'y')],
    tensors: { w: weights, c: bias(4), ...moments(4) },
    inputs: [{ name: 'x', sizes: ['n', ...sizes] }],
    outputs: ['y'],
  })
  const twice = behind(node('MatMul', 'x w', 'a'), some([5, 4], 2), [5], [normalised('b', 'c2')])
  const cases = [
    behind(node('Gemm', 'x w c', 'a'), some([5, 4], 2), [5]),
    behind(node('Conv', 'x w c', 'a'), some([4, 2, 3, 3], 2), [2, 5, 5]),
    twice,
  ]
  for (const graph of cases) {
    const { notes } = await agrees(graph)
    assert.match(notes[0], /^'b' \(BatchNormalization\) is folded into the layer before it$/)
    assert.is(notes.length, graph === twice ? 2 : 1)
  }
})

test('an activation behind a max-pool or a flatten goes into the layer before them', async () => {
  for (const op of ['Relu', 'Tanh', 'Sigmoid', 'LeakyRelu']) {
    const graph = convolutions()
    // Conv, MaxPool, Relu in place of Conv, Relu, MaxPool.
    graph.nodes[1] = node('MaxPool', 'c1', 'p0', { kernel_shape: { wholes: [2, 2] }, strides: { wholes: [2, 2] } })
    graph.nodes[2] = node(op, 'p0', 'p1')
    const model = await agrees(graph)
    assert.match(model.notes[0], /is taken before the max-pool that it is behind: the same outputs/)
  }
})

test('what changes nothing is left out, and said', async () => {
  const nodes = [
    ...[
      node('Identity', 'w1', 'w'),
      node('Flatten', 'x', 'f'),
      node('Gemm', 'f w b1', 'a'),
      node('Identity', 'a', 'b'),
    ],
    ...[
      node('Dropout', 'b', 'c'),
      node('Relu', 'c', 'd'),
      node('Flatten', 'd', 'e'),
      node('Gemm', 'e w2 b2', 'logits'),
    ],
    ...[node('Softmax', 'logits', 'y', { axis: { whole: -1 } }), node('Sin', 'x', 'nowhere')],
  ]
  const tensors = { w1: some([12, 4], 2), b1: bias(4), w2: some([4, 3], 4), b2: bias(3) }
  const model = await agrees({ nodes, tensors, inputs: [{ name: 'x', sizes: ['n', 3, 4] }], outputs: ['y'] }, 'logits')
  assert.equal(layers(model), ['dense relu', 'dense linear'])
  assert.is(model.inputShape, undefined)
  assert.is(model.notes.length, 4)
  for (const [i, words] of [
    /3 x 4 are taken as vectors/,
    /'c' \(Dropout\)/,
    /'y' \(Softmax\).*logits/,
    /1 of 10 nodes/,
  ].entries())
    assert.match(model.notes[i], words)
})

const toRows: Record<string, { nodes: GraphNode[]; tensors?: Record<string, GraphTensor>; batch?: number }> = {
  'an initializer': { nodes: [], tensors: { shape: { shape: [2], data: [-1, 48], type: 'int64' } } },
  'zero, which copies': {
    nodes: [],
    tensors: { shape: { shape: [2], data: [0, -1], type: 'int64', stored: 'typed' } },
  },
  'the batch of the file': { nodes: [], batch: 3, tensors: { shape: { shape: [2], data: [3, -1], type: 'int64' } } },
  'a Constant': {
    nodes: [{ ...node('Constant', '', 'shape', { value: { shape: [2], data: [-1, 48], type: 'int64' } }), inputs: [] }],
  },
  'sizes cut out in the graph': {
    nodes: [
      ...[node('Shape', 'p', 's'), node('Slice', 's zero one zero', 'c'), node('Cast', 'c', 'd')],
      node('Concat', 'd minus', 'shape', { axis: { whole: 0 } }),
    ],
    tensors: {
      zero: { shape: [1], data: [0], type: 'int64' },
      one: { shape: [1], data: [1], type: 'int64' },
      minus: { shape: [1], data: [-1], type: 'int64' },
    },
  },
  'sizes computed in the graph': {
    nodes: [
      ...[node('Shape', 'p', 's'), node('Gather', 's zero', 'g'), node('Unsqueeze', 'g zero', 'u')],
      node('Concat', 'u minus', 'shape', { axis: { whole: 0 } }),
    ],
    tensors: { zero: { shape: [], data: [0], type: 'int64' }, minus: { shape: [1], data: [-1], type: 'int64' } },
  },
}

for (const [what, { nodes, tensors = {}, batch }] of Object.entries(toRows)) {
  test(`Reshape to (batch, -1) is Flatten: ${what}`, async () => {
    const graph: Graph = {
      nodes: [node('Conv', 'x w1', 'p'), ...nodes, node('Reshape', 'p shape', 'r'), node('Gemm', 'r w2 b2', 'y')],
      tensors: { w1: some([3, 1, 3, 3], 2), w2: some([48, 2], 3), b2: bias(2), ...tensors },
      inputs: [{ name: 'x', sizes: [batch ?? 'n', 1, 6, 6] }],
      outputs: ['y'],
    }
    assert.equal(layers(await agrees(graph)), ['conv2d linear', 'flatten', 'dense linear'])
  })
}

test('vectors that the graph makes images of are images', async () => {
  const graph = convolutions()
  graph.inputs = [{ name: 'rows', sizes: ['n', 2 * 14 * 14] }]
  graph.nodes.unshift(node('Reshape', 'rows shape', 'x'))
  graph.tensors.shape = { shape: [4], data: [-1, 2, 14, 14], type: 'int64' }
  assert.equal((await agrees(graph)).inputShape, [2, 14, 14])
})

test('weights of every real type, in raw_data, in their own fields, packed or not', () => {
  // 1, -2, 0.5, 2 ** -24 and their bits.
  const bits = { float16: [0x3c00, 0xc000, 0x3800, 1], bfloat16: [0x3f80, 0xc000, 0x3f00, 0x3380] }
  for (const type of ['float', 'double', 'float16', 'bfloat16'] as const)
    for (const stored of ['raw', 'typed', 'unpacked'] as const) {
      if (type === 'double' && stored === 'unpacked') continue
      const data = type === 'float' || type === 'double' ? [1, -2, 0.5, 2 ** -24] : bits[type]
      const { parameters } = read({
        nodes: [node('MatMul', 'x w', 'y')],
        tensors: { w: { shape: [4, 1], data, type, stored } },
        inputs: [{ name: 'x', sizes: ['n', 4] }],
        outputs: ['y'],
      })
      assert.equal([...parameters], [1, -2, 0.5, 2 ** -24, 0], `${type}, ${stored}`)
    }
})

test('initializers that old files list as inputs too', async () => {
  const graph = mlp()
  for (const [name, { shape }] of Object.entries(graph.tensors)) graph.inputs.push({ name, sizes: shape })
  await agrees(graph)
})

test('one tensor in two layers, folded into one of them alone', async () => {
  const nodes = [
    ...[node('MatMul', 'x w', 'a'), node('BatchNormalization', 'a scale shift mean variance', 'b')],
    ...[node('Tanh', 'b', 'c'), node('MatMul', 'c w', 'y')],
  ]
  const tensors = { w: some([4, 4], 2), ...moments(4) }
  await agrees({ nodes, tensors, inputs: [{ name: 'x', sizes: ['n', 4] }], outputs: ['y'] })
})

test("PyTorch's own bytes: functions, BatchNorm and x.view(x.size(0), -1), kept from torch.onnx.export", async () => {
  const kept = join(root, 'test/weights/torch')
  const { inputs, outputs } = JSON.parse(readFileSync(`${kept}.json`, 'utf8')) as Record<string, number[]>
  const model = readOnnx(`${kept}.onnx`)
  assert.is(model.producer, 'pytorch 1.13.0')
  assert.equal(model.inputShape, [1, 12, 12])
  const logits = await logitsOf(model, inputs)
  close(logSoftmax({ shape: [3, 3], data: [...logits] }).data, outputs, acceptance, 'log-probabilities')
})

test.run()
