/**
 * What stands on the edges of a graph: the data on their way through the network, constants, and lists of sizes, which
 * exporters compute in the graph itself (PyTorch's x.view(x.size(0), -1) is Shape, Gather, Unsqueeze, Concat and Reshape).
 * Sizes are followed by value, the number of rows as the word batch; arithmetic on weights is not.
 */
import { shown } from '../samples/wording.js'
import type { OnnxNode } from './onnx-format.js'
import { wholesOf, type OnnxTensor } from './onnx-tensor.js'

export type Size = number | 'batch'

export type Value =
  /** Sides of what one input has become are null behind a node that is not understood. */
  | { kind: 'data'; sample: readonly number[] | null }
  /** Transposed: a matrix that lies in the file the other way round. */
  | { kind: 'tensor'; tensor: OnnxTensor; transposed: boolean }
  | { kind: 'sizes'; sizes: Size[] }
  /** What is computed, by the node of this label, from constants in a way that is not followed. */
  | { kind: 'unknown'; from: string }

/** A node and what comes in; null where an input is left out. */
export interface Call {
  node: OnnxNode
  label: string
  inputs: (Value | null)[]
}

/** A node as errors name it: 'conv1' (Conv). */
export const labelOf = ({ name, outputs, op }: OnnxNode) => `'${shown(name || outputs[0] || '')}' (${shown(op)})`

export const wholeIn = ({ attributes }: OnnxNode, name: string, otherwise: number) =>
  attributes.get(name)?.whole ?? otherwise
export const realIn = ({ attributes }: OnnxNode, name: string, otherwise: number) =>
  attributes.get(name)?.real ?? otherwise
export const listIn = ({ attributes }: OnnxNode, name: string) => attributes.get(name)?.wholes ?? null

const mostSizes = 64

/** The list of sizes that a value is, from constants too; null where it is none. */
export function sizesOf(value: Value | null | undefined): Size[] | null {
  if (value?.kind === 'sizes') return value.sizes
  return value?.kind === 'tensor' && !value.transposed ? wholesOf(value.tensor) : null
}

/** The same without batch. */
export function numbersOf(value: Value | null | undefined): number[] | null {
  const sizes = sizesOf(value)
  return sizes?.every((size) => typeof size === 'number') ? sizes : null
}

/** What a node gives that reads constants and sizes alone, or the shape of data. */
export function constantValue(call: Call): Value {
  const sizes = sizeOperators.get(call.node.op)?.(call)
  if (sizes && sizes.length <= mostSizes) return { kind: 'sizes', sizes }
  return tensorOperators.get(call.node.op)?.(call) ?? { kind: 'unknown', from: call.label }
}

const tensorOperators: ReadonlyMap<string, (call: Call) => Value | null> = new Map([
  ['Constant', ({ node }: Call) => constantOf(node)],
  ['Identity', ({ inputs: [value] }: Call) => value],
  ['Transpose', transposed],
])

function transposed({ node, inputs: [value] }: Call): Value | null {
  if (value?.kind !== 'tensor' || value.tensor.shape.length !== 2) return null
  const swaps = (listIn(node, 'perm') ?? [1, 0])[0] === 1
  return { ...value, transposed: value.transposed !== swaps }
}

function constantOf({ attributes }: OnnxNode): Value | null {
  const tensor = attributes.get('value')?.tensor
  if (tensor) return { kind: 'tensor', tensor, transposed: false }
  const sizes = attributes.get('value_ints')?.wholes ?? attributes.get('value_int')?.whole
  return sizes === undefined ? null : { kind: 'sizes', sizes: [sizes].flat() }
}

/** Null where it is no list of sizes. A number counts as a list of one. */
const sizeOperators: ReadonlyMap<string, (call: Call) => Size[] | null> = new Map([
  ['Shape', shapeOfData],
  ['Gather', gathered],
  ['Concat', concatenated],
  ['Slice', sliced],
  ...['Unsqueeze', 'Squeeze', 'Cast'].map((op) => [op, ({ inputs }: Call) => sizesOf(inputs[0])] as const),
])

function shapeOfData({ node, inputs: [value] }: Call): Size[] | null {
  const isWhole = !node.attributes.has('start') && !node.attributes.has('end')
  return isWhole && value?.kind === 'data' && value.sample ? ['batch', ...value.sample] : null
}

function gathered({ inputs: [from, which] }: Call): Size[] | null {
  const [sizes, places] = [sizesOf(from), numbersOf(which)]
  const found = places?.map((at) => sizes?.at(at))
  return found?.every((size) => size !== undefined) ? found : null
}

function concatenated({ inputs }: Call): Size[] | null {
  const lists = inputs.map(sizesOf)
  return lists.every((list) => list !== null) ? lists.flat() : null
}

function sliced({ inputs: [from, ...rest] }: Call): Size[] | null {
  const [sizes, [start, end, axis = [0], step = [1]]] = [sizesOf(from), rest.map(numbersOf)]
  const isPlain = start?.length === 1 && end?.length === 1 && axis?.[0] === 0 && step?.[0] === 1
  return sizes && isPlain ? sizes.slice(start[0], end[0]) : null
}

/** Shape of a constant, transposed where it is. */
export function shapeOf({ tensor, transposed }: Extract<Value, { kind: 'tensor' }>): number[] {
  return transposed ? tensor.shape.toReversed() : tensor.shape
}

/** Whether every number of a short constant is 0. */
export function isZeros(value: Value | null | undefined): boolean {
  const numbers = numbersOf(value)
  return numbers !== null && numbers.every((number) => number === 0)
}
