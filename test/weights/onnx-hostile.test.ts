// Bytes that are no ONNX, or lie: one line in no time, whatever they claim.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PbfWriter } from 'pbf'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../src/errors.js'
import { philox4x32, seedKey } from '../../src/math/philox.js'
import { readOnnx } from '../../src/weights/onnx.js'
import { mistaken } from '../data/input-error.js'
import { root } from '../example.js'
import { scratchFolder } from '../tables/sample-run.js'
import { node, onnxBytes, type Graph } from './onnx-file.js'
import { mlp, some } from './onnx-graphs.js'

const folder = scratchFolder(test)

function fileOf(bytes: Uint8Array | string): string {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, bytes)
  return path
}

const refuses = (bytes: Uint8Array | string, ...patterns: RegExp[]) =>
  mistaken(() => readOnnx(fileOf(bytes)), /model\.onnx: /, ...patterns)

/** Seconds that a call may take; a file of a megabyte takes some hundredth. */
const patience = 5

function quickly(run: () => void): void {
  const [start, memory] = [performance.now(), process.memoryUsage().arrayBuffers]
  run()
  assert.ok(performance.now() - start < 1000 * patience, 'in time')
  assert.ok(process.memoryUsage().arrayBuffers - memory < 2 ** 28, 'in memory')
}

/** The MLP, whose first weights are of `write`'s making. */
function withTensor(write: (pbf: PbfWriter) => void): Uint8Array {
  const graph = mlp()
  delete graph.tensors.w0
  const pbf = new PbfWriter()
  pbf.writeMessage(
    7,
    (_: null, into) =>
      into.writeMessage(
        5,
        (_: null, tensor) => {
          tensor.writeStringField(8, 'w0')
          write(tensor)
        },
        null,
      ),
    null,
  )
  return merged(pbf.finish(), onnxBytes(graph))
}

/** Both graphs' contents in one: protocol buffers may be joined, but ONNX has one graph, so the field's bytes are. */
function merged(extra: Uint8Array, model: Uint8Array): Uint8Array {
  const { start, from, to } = graphIn(model)
  const inner = extra.subarray(graphIn(extra).from, graphIn(extra).to)
  const pbf = new PbfWriter()
  pbf.writeBytesField(7, Buffer.concat([inner, model.subarray(from, to)]))
  return Buffer.concat([model.subarray(0, start), pbf.finish(), model.subarray(to)])
}

/** Where the graph's field, and what is in it, begins and ends. */
function graphIn(bytes: Uint8Array): { start: number; from: number; to: number } {
  for (let at = 0; ;) {
    const start = at
    const [tag, behindTag] = varint(bytes, at)
    const [value, behind] = varint(bytes, behindTag)
    at = tag % 8 === 2 ? behind + value : behind
    if (tag >> 3 === 7) return { start, from: behind, to: at }
  }
}

function varint(bytes: Uint8Array, at: number): [value: number, behind: number] {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    value += (bytes[at] & 127) * 2 ** shift
    if (bytes[at++] < 128) return [value, at]
  }
}

test('a file that is cut anywhere', () => {
  const bytes = readFileSync(join(root, 'test/weights/torch.onnx'))
  for (let length = 0; length < bytes.length; length += length < 200 ? 1 : 37) refuses(bytes.subarray(0, length))
})

test('a file with any byte changed is read or refused, and nothing else happens', () => {
  const bytes = readFileSync(join(root, 'test/weights/torch.onnx'))
  let refused = 0
  for (let i = 0; i < 600; i++) {
    const [place, value] = philox4x32([i, 0, 0, 0], seedKey(1))
    const copy = Uint8Array.from(bytes)
    copy[place % bytes.length] = value
    try {
      readOnnx(fileOf(copy))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      assert.match(error.message, /^[^\n]+$/)
      refused++
    }
  }
  assert.ok(refused > 100 && refused < 600, `${refused} refused`)
})

test('lengths beyond the file, numbers without an end, field 0, groups', () => {
  const cases: [number[], RegExp][] = [
    [[0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], /4294967295 bytes are to follow byte 6, and 0 do: the file is cut, damaged/],
    [[0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], /\d+ bytes are to follow/],
    [[0x08, ...Array<number>(12).fill(0xff)], /a number that does not end at byte 1/],
    [[0x08, 0x80], /a number that does not end at byte 1/],
    [[0x12, 0x05, 0x61], /5 bytes are to follow byte 2, and 1 do/],
    [[0x00, 0x00], /no field begins at byte 1/],
    [[0x0b, 0x0c], /a field of the unknown type 3 at byte 1/],
    [[0x38, 0x01], /field 7 at byte 1 is of the type 0, not 2/],
    [[0x08, 0x08], /it holds no graph/],
    [[0x3a, 0x00, 0x3a, 0x00], /it holds two graphs/],
    [[0x3a, 0x00, 0x42, 0x02, 0x10, 0x11], /: 0 inputs: expected one/],
    // A length inside the graph that leads behind the graph, though not behind the file.
    [[0x3a, 0x02, 0x0a, 0x04, 0x42, 0x02, 0x10, 0x11], /4 bytes are to follow byte 4, and 0 do/],
  ]
  for (const [bytes, pattern] of cases) quickly(() => refuses(Uint8Array.from(bytes), pattern))
})

test('a tensor that claims more than it holds, or holds more than it claims', () => {
  const sides = (pbf: PbfWriter, ...shape: number[]) => {
    for (const side of shape) pbf.writeVarintField(1, side)
    pbf.writeVarintField(2, 1)
  }
  const cases: [(pbf: PbfWriter) => void, RegExp][] = [
    [(pbf) => sides(pbf, 2 ** 40, 5), /more weights than the size of the file explains/],
    [(pbf) => sides(pbf, 2 ** 14, 5), /w0 \[16384, 5\] has 0 bytes, expected 327680/],
    [(pbf) => sides(pbf, -4, 5), /w0 has a side of -4/],
    [(pbf) => sides(pbf, ...Array<number>(40).fill(1)), /w0 has 40 sides/],
    [(pbf) => pbf.writePackedVarint(1, Array<number>(50_000).fill(1)), /a list of more than 1000 sizes/],
    [
      (pbf) => {
        sides(pbf, 4, 5)
        pbf.writeBytesField(9, new Uint8Array(81))
      },
      /w0 \[4, 5\] has 81 bytes, expected 80/,
    ],
  ]
  for (const [write, pattern] of cases) quickly(() => refuses(withTensor(write), pattern))
})

test('weights in another file are not looked for', () => {
  const external = (pbf: PbfWriter) => {
    pbf.writeVarintField(1, 4)
    pbf.writeVarintField(1, 5)
    pbf.writeVarintField(2, 1)
    pbf.writeMessage(
      13,
      (_: null, entry) => {
        entry.writeStringField(1, 'location')
        entry.writeStringField(2, '../../etc/passwd')
      },
      null,
    )
    pbf.writeVarintField(14, 1)
  }
  refuses(
    withTensor(external),
    /1 tensors \(w0\) lie in another file, which is not read: save all in one: onnx\.save\(onnx\.load/,
  )
  refuses(
    withTensor((pbf) => pbf.writeVarintField(14, 1)),
    /in another file/,
  )
})

test('more parts, nodes or weights than a network has', () => {
  const parts = new PbfWriter()
  parts.writeBytesField(
    7,
    Uint8Array.from({ length: 2_400_000 }, (_, i) => (i % 2 ? 0 : 0x6a)),
  )
  quickly(() => refuses(parts.finish(), /more parts than a network has/))
  const nodes = new PbfWriter()
  nodes.writeBytesField(
    7,
    Uint8Array.from({ length: 40_000 }, (_, i) => (i % 2 ? 0 : 0x0a)),
  )
  quickly(() => refuses(nodes.finish(), /more than 10000 nodes/))
  quickly(() => refuses(onnxBytes(oneTensorManyTimes()), /more weights than the size of the file explains/))
})

/** A tensor of 256 kB in 9000 layers is 2.4 GB. */
function oneTensorManyTimes(): Graph {
  const nodes = Array.from({ length: 9000 }, (_, i) => node('MatMul', `${i ? `v${i - 1}` : 'x'} w`, `v${i}`))
  return { nodes, tensors: { w: some([256, 256], 1) }, inputs: [{ name: 'x', sizes: ['n', 256] }], outputs: ['v8999'] }
}

test('sizes that are doubled in every node', () => {
  const graph = mlp()
  const doubled = Array.from({ length: 60 }, (_, i) => node('Concat', i ? `s${i - 1} s${i - 1}` : 'two two', `s${i}`))
  graph.nodes.splice(0, 0, ...doubled, node('Reshape', 'x s59', 'r'))
  graph.nodes.find(({ outputs }) => outputs[0] === 'u0')!.inputs[0] = 'r'
  graph.tensors.two = { shape: [2], data: [-1, 5], type: 'int64' }
  quickly(() =>
    refuses(onnxBytes(graph), /'r' \(Reshape\): its shape is computed in a way that infoflow does not follow/),
  )
})

const others: [what: string, bytes: Uint8Array | string, pattern: RegExp][] = [
  ['a pickle', '\x80\x02}q\0.', /no ONNX but a Python pickle .* can run code .* torch\.onnx\.export.*torch_export\.py/],
  ['torch.save', Buffer.from('PK\x03\x04........archive/data.pkl....', 'latin1'), /no ONNX but a Python pickle/],
  ['Keras', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /no ONNX but HDF5, a Keras model: convert it with tf2onnx/],
  ['safetensors', Buffer.from('\x10\0\0\0\0\0\0\0{"a": 1}        '), /no ONNX but safetensors: rename it/],
  ['Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', /git lfs pull/],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /compressed with gzip/],
  ['JSON', '{"layers": []}', /text, such as JSON or XML/],
  ['nothing', '', /an empty file: expected ONNX/],
  ["TensorFlow's .pb", Buffer.from([0x08, 0x01, 0x12, 0x02, 0x0a, 0x00]), /it holds no graph/],
]

for (const [what, bytes, pattern] of others)
  test(`another format: ${what}`, () =>
    refuses(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, pattern))

test('no file, a folder', () => {
  mistaken(() => readOnnx(join(folder, 'none.onnx')), /none\.onnx: cannot be read: no such file: expected ONNX/)
  mkdirSync(join(folder, 'folder.onnx'))
  mistaken(() => readOnnx(join(folder, 'folder.onnx')), /folder\.onnx: no plain file: expected ONNX; name a file/)
})

test.run()
