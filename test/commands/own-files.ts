/** A network and data of one's own, as files: mine/my.yaml, mine/x.npy, mine/y.npy. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from '../../src/tables/safetensors.js'

export const inputs = 96

/** The bytes of an .npy file, version 1.0. */
export function npy(descr: string, shape: number[], data: Float32Array | Int32Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  return Buffer.concat([start, Buffer.from(header), Buffer.from(data.buffer)])
}

const yaml = `
data: {inputs: x.npy, labels: y.npy}
network:
  layers:
    - {width: 3, activation: tanh, noiseStd: 0.02}
    - {width: 2, activation: tanh}
    - {width: 2, activation: linear}
noise: {std: 0.1}
training: {epochs: 3, batchSize: 32}
measurement: {epochs: [0, 1, 3]}
`

/** Writes them into a folder `mine`. */
export function writeOwn(folder: string): void {
  mkdirSync(join(folder, 'mine'))
  const x = Float32Array.from({ length: 4 * inputs }, (_, i) => Math.sin(12.9898 * i * i))
  const y = Int32Array.from({ length: inputs }, (_, i) => (x[4 * i] * x[4 * i + 1] > 0 ? 1 : 0))
  writeFileSync(join(folder, 'mine/x.npy'), npy('<f4', [inputs, 4], x))
  writeFileSync(join(folder, 'mine/y.npy'), npy('<i4', [inputs], y))
  writeFileSync(join(folder, 'mine/my.yaml'), yaml)
}

/** Of my.yaml's network, tensors of these shapes changed or added, some left out, layer 1 filled with a value. */
export function written(shapes: Record<string, number[]>, without: string[] = [], value = 0.5) {
  const all: Record<string, number[]> = {
    ...{ '0.weight': [3, 4], '0.bias': [3], '2.weight': [2, 3], '2.bias': [2], '4.weight': [2, 2], '4.bias': [2] },
    ...shapes,
  }
  const tensors = Object.entries(all).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
    return { name, shape, data: name === '0.weight' ? data.fill(value) : data }
  })
  return (path: string) =>
    writeSafetensors(
      path,
      tensors.filter(({ name }) => !without.includes(name)),
      {},
    )
}

/** The first bytes of a file of weights. */
export function cut(path: string, bytes: number): void {
  written({})(path)
  writeFileSync(path, readFileSync(path).subarray(0, bytes))
}

/** 64 bytes that say their header has 2^40. */
export function lie(path: string): void {
  const bytes = Buffer.alloc(64, ' ')
  bytes.writeBigUInt64LE(2n ** 40n)
  bytes.write('{', 8)
  writeFileSync(path, bytes)
}

/** Layer 2 in whole numbers, as a quantised network has them. */
export function quantised(path: string): void {
  const parts: [string, string, number[], number][] = [
    ['0.weight', 'F32', [3, 4], 48],
    ['0.bias', 'F32', [3], 12],
    ['2.weight', 'I64', [2, 3], 48],
    ['2.bias', 'F32', [2], 8],
    ['4.weight', 'F32', [2, 2], 16],
    ['4.bias', 'F32', [2], 8],
  ]
  let end = 0
  const entries = parts.map(([name, dtype, shape, size]) => {
    end += size
    return [name, { dtype, shape, data_offsets: [end - size, end] }]
  })
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  writeFileSync(path, Buffer.concat([length, header, Buffer.alloc(end)]))
}
