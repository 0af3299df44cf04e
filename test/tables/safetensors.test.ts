import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../../src/tables/safetensors.js'
import { scratchFolder } from './sample-run.js'
import { bytesOf, entry, fileOf, rawSafetensors } from './safetensors-file.js'

const folder = scratchFolder(test)
const path = join(folder, 'weights.safetensors')
const tensors = [
  { name: '0.weight', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-40, Infinity) },
  { name: '0.bias', shape: [2], data: new Float32Array([9, 0.1, -0.1]).subarray(1) },
  { name: 'temperature', shape: [], data: Float32Array.of(7) },
]

test('tensors come back with names, shapes, order and bits', () => {
  writeSafetensors(path, tensors, { format: 'pt', epoch: '10' })
  assert.equal(readSafetensors(path), {
    tensors: tensors.map((tensor) => ({ ...tensor, data: tensor.data.slice() })),
    notWeights: [],
    metadata: { format: 'pt', epoch: '10' },
  })
})

test('the bytes are those of the format', () => {
  const one = join(folder, 'one.safetensors')
  writeSafetensors(one, [{ name: 'b', shape: [1], data: Float32Array.of(1) }], { format: 'pt' })
  const header = '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8)
  const length = Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0])
  assert.equal(readFileSync(one), Buffer.concat([length, Buffer.from(padded), Buffer.from([0, 0, 0x80, 0x3f])]))
})

test('tensors that contradict themselves are not written', () => {
  assert.throws(
    () => writeSafetensors(path, [{ ...tensors[0], shape: [3, 3] }], {}),
    /0\.weight: 6 numbers for \[3, 3\]/,
  )
  assert.throws(() => writeSafetensors(path, [tensors[0], tensors[0]], {}), /two tensors are named 0\.weight/)
})

test('the header alone gives the metadata, whatever lies behind it', () => {
  const cut = join(folder, 'numbers')
  writeFileSync(
    cut,
    readFileSync(path).map((byte, i, all) => (i < all.length - 36 ? byte : 0xff)),
  )
  assert.equal(readSafetensorsMetadata(cut), { format: 'pt', epoch: '10' })
})

test('F16, BF16 and F64 come as f32, in the order in which they lie', () => {
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x7c00)
  const brain = Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f7f)
  const header = {
    b: entry('BF16', [4], 12, 20),
    d: entry('F64', [1], 20, 28),
    h: entry('F16', [2, 3], 0, 12),
  }
  const body = Buffer.concat([half, brain, Float64Array.of(0.1)].map(bytesOf))
  const { tensors } = readSafetensors(fileOf(join(folder, 'mixed'), rawSafetensors(header, body)))
  assert.equal(tensors, [
    { name: 'h', shape: [2, 3], data: Float32Array.of(1, -2, 2 ** -24, 65504, -0, Infinity) },
    { name: 'b', shape: [4], data: Float32Array.of(1, -2, 2 ** -133, 3.3895313892515355e38) },
    { name: 'd', shape: [1], data: Float32Array.of(0.1) },
  ])
})

test('a file that is cut or padded is refused', () => {
  const whole = readFileSync(path)
  const read = (bytes: Uint8Array) => () => readSafetensors(fileOf(join(folder, 'broken'), bytes))
  assert.throws(read(whole.subarray(0, -1)), /temperature lies at 32\.\.36 of 35 bytes/)
  assert.throws(read(whole.subarray(0, 20)), /a header of \d+ bytes does not fit/)
  assert.throws(read(whole.subarray(0, 3)), /3 bytes, fewer than/)
  assert.throws(read(Buffer.concat([whole, Buffer.alloc(4)])), /4 bytes belong to no tensor/)
})

test.run()
