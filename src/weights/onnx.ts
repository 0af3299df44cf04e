/**
 * Networks with their weights from ONNX files (onnx.ai): feed-forward graphs of the nodes that infoflow has layers for.
 * Nothing in a file is executed, no path in it is followed, and what it claims costs no memory.
 */
import { readFileSync, statSync } from 'node:fs'
import { InputError } from '../errors.js'
import type { LayerSpec, Shape } from '../network/network.js'
import { parameterLayout } from '../network/parameters.js'
import { shown, size } from '../samples/wording.js'
import { knownFormat } from './not-onnx.js'
import type { Built, Chain } from './onnx-chain.js'
import { parseOnnx, type OnnxFile } from './onnx-format.js'
import { chainOf } from './onnx-graph.js'
import type { Bytes } from './onnx-protobuf.js'
import { elsewhere } from './onnx-tensor.js'

export interface OnnxModel {
  /** Undefined where an input is a vector, also where the graph begins with making one of an image. */
  inputShape: Shape | undefined
  inputWidth: number
  layers: LayerSpec[]
  /** In the order of parameterLayout. */
  parameters: Float32Array
  /** What wrote the file, as it says: pytorch 1.13.0; empty where it does not say. */
  producer: string
  /** What a person should know, in words: what was folded, moved or left out. */
  notes: string[]
}

/** Bytes. Protocol buffers end at twice as many. */
const largest = 2 ** 30
/** Numbers that layers may share: a tensor of a few bytes in thousands of them would fill memory. */
const shared = 2 ** 24
/** Of the operators; before 7, broadcasting and inference were said in other ways. */
const oldestOpset = 7

/**
 * Weights are rounded to f32. Dropout and a softmax at the end are left out, BatchNormalization is folded.
 * @throws InputError one line, the path in front: all nodes that infoflow does not have and why, weights in another file,
 *   another format, lengths that lie, cycles, missing initializers, shapes that contradict each other, several inputs or
 *   outputs, NaN or infinity
 */
export function readOnnx(path: string): OnnxModel {
  try {
    return modelOf(bytesOf(path))
  } catch (error) {
    throw told(error, shown(path, 400))
  }
}

/** A pipe would keep whoever opens it waiting, so what is no plain file is refused before. */
function bytesOf(path: string): Bytes {
  const status = statSync(path)
  if (!status.isFile()) throw new InputError('no plain file: expected ONNX; name a file')
  if (status.size === 0) throw new InputError('an empty file: expected ONNX; export or copy it again')
  if (status.size > largest) throw new InputError(`${size(status.size)}: ${size(largest)} at most are read`)
  const bytes = readFileSync(path)
  // Node puts small files into a buffer of many; errors count bytes from the beginning of the buffer.
  return bytes.byteOffset === 0 ? bytes : new Uint8Array(bytes)
}

const reasons: Record<string, string> = { ENOENT: 'no such file', EACCES: 'no permission to read it' }

function told(error: unknown, path: string): unknown {
  if (error instanceof InputError) return new InputError(`${path}: ${error.message}`)
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof RangeError && /allocation/i.test(message))
    return new InputError(`${path}: does not fit into memory (${message}): is it the file that was meant?`)
  if (!code?.startsWith('E') || code.startsWith('ERR_')) return error
  return new InputError(`${path}: cannot be read: ${reasons[code] ?? code}: expected ONNX; check the path`)
}

function modelOf(bytes: Bytes): OnnxModel {
  const other = knownFormat(Buffer.from(bytes.subarray(0, 4096)).toString('latin1'))
  if (other) throw new InputError(`no ONNX but ${other}`)
  const file = parseOnnx(bytes)
  checkFile(file)
  const chain = chainOf(file.graph, shared + 4 * bytes.length)
  checkFinite(chain)
  return { ...networkOf(chain), producer: shown(file.producer), notes: [...chain.notes, ...unbiased(chain)] }
}

const unbiased = ({ built }: Chain) =>
  built.flatMap((one) => (one?.unbiased ? `${one.unbiased} has no bias: zeros` : []))

function checkFinite({ notFinite }: Chain): void {
  if (notFinite.size === 0) return
  const found = [...notFinite].slice(0, 20).join('; ')
  throw new InputError(`${found}: expected finite weights; export a checkpoint from before training diverged`)
}

function checkFile({ graph, opset }: OnnxFile): void {
  const external = graph.initializers.filter((tensor) => tensor.external)
  if (external.length > 0) throw elsewhere(external.map(({ name }) => name))
  if (opset === null || opset < oldestOpset)
    throw new InputError(
      `opset ${opset ?? 'unknown'}: expected ${oldestOpset} or newer; export it again with opset_version=17`,
    )
}

function networkOf(chain: Chain): Omit<OnnxModel, 'producer' | 'notes'> {
  const built = chain.built as Built[]
  const layers = built.map(({ spec }) => spec)
  if (!built.some(({ weights }) => weights.length > 0))
    throw new InputError('no Gemm, MatMul or Conv: expected a network with weights')
  const { inputShape, inputWidth } = chain
  const { layers: places, count } = parameterLayout({ inputWidth, inputShape, layers, noiseStd: 0 })
  const parameters = new Float32Array(count)
  built.forEach(({ weights, bias }, i) => {
    parameters.set(weights, places[i].weightsAt)
    parameters.set(bias, places[i].biasAt)
  })
  const wrong = parameters.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0)
    throw new InputError('weights with what is folded into them exceed f32: expected weights up to 3.4e38')
  return { inputShape, inputWidth, layers, parameters }
}
