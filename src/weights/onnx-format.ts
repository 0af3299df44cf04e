/**
 * The part of ONNX's schema that feed-forward graphs need. Names and field numbers are those of onnx.proto
 * (github.com/onnx/onnx/blob/main/onnx/onnx.proto); fields that are not named here are passed over unread, subgraphs
 * and training among them.
 */
import { InputError } from '../errors.js'
import { shown } from '../samples/wording.js'
import { bytesOf, damaged, fieldsOf, pushWholes, real, text, whole } from './onnx-protobuf.js'
import type { Allowance, Bytes, Field } from './onnx-protobuf.js'
import type { OnnxTensor } from './onnx-tensor.js'

export interface OnnxNode {
  inputs: string[]
  outputs: string[]
  name: string
  op: string
  domain: string
  attributes: Map<string, OnnxAttribute>
}

/** The one that is there. */
export interface OnnxAttribute {
  real?: number
  whole?: number
  text?: string
  tensor?: OnnxTensor
  wholes?: number[]
}

/** An input or output; sizes are null where the file leaves them open, as a whole where it says none. */
export interface OnnxValue {
  name: string
  type: number
  sizes: (number | null)[] | null
}

export interface OnnxGraph {
  nodes: OnnxNode[]
  initializers: OnnxTensor[]
  inputs: OnnxValue[]
  outputs: OnnxValue[]
}

export interface OnnxFile {
  graph: OnnxGraph
  /** Name and version of what wrote the file, as they stand there. */
  producer: string
  /** Of ONNX's own operators; null where the file says none. */
  opset: number | null
}

/** Of a file: LeNet has some 300, ResNet-152, which is no chain, 10,000. */
const mostFields = 1_000_000
export const mostNodes = 10_000

/** ModelProto. Throws InputError, without the file's name, at anything that the format forbids, and without a graph. */
export function parseOnnx(file: Bytes): OnnxFile {
  const allowance: Allowance = { fields: mostFields }
  const producer = ['', '']
  const opsets: [domain: string, version: number][] = []
  let graph: OnnxGraph | null = null
  for (const field of fieldsOf(file, allowance)) {
    if (field.number === 2 || field.number === 3) producer[field.number - 2] = text(field)
    else if (field.number === 8) opsets.push(opsetOf(field, allowance))
    else if (field.number === 7) {
      if (graph) throw damaged('it holds two graphs')
      graph = graphOf(field, allowance)
    }
  }
  if (!graph) throw damaged('it holds no graph')
  const opset = opsets.find(([domain]) => isOwnDomain(domain))?.[1] ?? null
  return { graph, producer: producer.filter(Boolean).join(' '), opset }
}

/** ONNX's own operators. */
export const isOwnDomain = (domain: string) => domain === '' || domain === 'ai.onnx'

/** OperatorSetIdProto. */
function opsetOf(field: Field, allowance: Allowance): [string, number] {
  const found: [string, number] = ['', 0]
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) found[0] = text(part)
    else if (part.number === 2) found[1] = whole(part)
  }
  return found
}

/** GraphProto. */
function graphOf(field: Field, allowance: Allowance): OnnxGraph {
  const graph: OnnxGraph = { nodes: [], initializers: [], inputs: [], outputs: [] }
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) graph.nodes.push(nodeOf(part, allowance))
    else if (part.number === 5) graph.initializers.push(tensorOf(part, allowance))
    else if (part.number === 11) graph.inputs.push(valueOf(part, allowance))
    else if (part.number === 12) graph.outputs.push(valueOf(part, allowance))
    else if (part.number === 15) throw new InputError('weights are stored as sparse tensors: save them as dense ones')
    if (graph.nodes.length > mostNodes)
      throw new InputError(`more than ${mostNodes} nodes: is it the file that was meant?`)
  }
  return graph
}

/** NodeProto. */
function nodeOf(field: Field, allowance: Allowance): OnnxNode {
  const node: OnnxNode = { inputs: [], outputs: [], name: '', op: '', domain: '', attributes: new Map() }
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) node.inputs.push(text(part))
    else if (part.number === 2) node.outputs.push(text(part))
    else if (part.number === 3) node.name = text(part)
    else if (part.number === 4) node.op = text(part)
    else if (part.number === 5) node.attributes.set(...attributeOf(part, allowance))
    else if (part.number === 7) node.domain = text(part)
  }
  return node
}

/** AttributeProto. */
function attributeOf(field: Field, allowance: Allowance): [name: string, OnnxAttribute] {
  const found: OnnxAttribute = {}
  let name = ''
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) name = text(part)
    else if (part.number === 2) found.real = real(part)
    else if (part.number === 3) found.whole = whole(part)
    else if (part.number === 4) found.text = text(part)
    else if (part.number === 5) found.tensor = tensorOf(part, allowance)
    else if (part.number === 8) pushWholes((found.wholes ??= []), part)
  }
  return [name, found]
}

/** TensorProto. */
function tensorOf(field: Field, allowance: Allowance): OnnxTensor {
  const tensor: OnnxTensor = { name: '', shape: [], type: 0, raw: null, typed: new Map(), external: false }
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    const { number, bytes } = part
    if (number === 1) pushWholes(tensor.shape, part)
    else if (number === 2) tensor.type = whole(part)
    else if (number === 4 || number === 5 || number === 7 || number === 10) chunksOf(tensor, number).push(bytes)
    else if (number === 8) tensor.name = text(part)
    else if (number === 9) tensor.raw = bytesOf(part)
    else if (number === 13 || (number === 14 && whole(part) === 1)) tensor.external = true
  }
  checkShape(tensor)
  return tensor
}

function chunksOf({ typed }: OnnxTensor, field: number): Bytes[] {
  const chunks = typed.get(field) ?? []
  typed.set(field, chunks)
  return chunks
}

function checkShape({ name, shape }: OnnxTensor): void {
  const wrong = shape.find((side) => !(Number.isSafeInteger(side) && side >= 0))
  if (wrong !== undefined || shape.length > 16)
    throw damaged(
      `${shown(name) || 'a tensor'} has ${wrong === undefined ? `${shape.length} sides` : `a side of ${wrong}`}`,
    )
}

/** ValueInfoProto, and in it TypeProto and TypeProto.Tensor. */
function valueOf(field: Field, allowance: Allowance): OnnxValue {
  const value: OnnxValue = { name: '', type: 0, sizes: null }
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) value.name = text(part)
    if (part.number !== 2) continue
    for (const type of fieldsOf(bytesOf(part), allowance)) if (type.number === 1) readTensorType(type, value, allowance)
  }
  return value
}

function readTensorType(field: Field, value: OnnxValue, allowance: Allowance): void {
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number === 1) value.type = whole(part)
    else if (part.number === 2) value.sizes = sizesOf(part, allowance)
  }
}

/** TensorShapeProto. */
function sizesOf(field: Field, allowance: Allowance): (number | null)[] {
  const sizes: (number | null)[] = []
  for (const part of fieldsOf(bytesOf(field), allowance)) {
    if (part.number !== 1) continue
    const dimension = [...fieldsOf(bytesOf(part), allowance)].find(({ number }) => number === 1)
    sizes.push(dimension ? whole(dimension) : null)
  }
  return sizes
}
