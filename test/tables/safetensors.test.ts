import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readSafetensors, writeSafetensors } from '../../src/tables/safetensors.js'
import { scratchFolder } from './sample-run.js'

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

test('a file that is cut, padded or of another type is refused', () => {
  const whole = readFileSync(path)
  const read = (bytes: Uint8Array) => () => {
    writeFileSync(join(folder, 'broken'), bytes)
    return readSafetensors(join(folder, 'broken'))
  }
  assert.throws(read(whole.subarray(0, -1)), /temperature lies at 32\.\.36, expected from 32/)
  assert.throws(read(whole.subarray(0, 20)), /a header of \d+ bytes does not fit/)
  assert.throws(read(whole.subarray(0, 3)), /does not fit the file's 3/)
  assert.throws(read(Buffer.concat([whole, Buffer.alloc(4)])), /4 bytes belong to no tensor/)
  assert.throws(read(Buffer.from(whole.toString('latin1').replace('F32', 'F16'), 'latin1')), /0\.weight is F16/)
  assert.throws(read(Buffer.from(whole.toString('latin1').replace('{', '['), 'latin1')), /the header is no JSON/)
})

test.run()
