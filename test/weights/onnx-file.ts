/**
 * Graphs as plain values, and the ONNX files that they are: a writer of the fields of onnx.proto that the tests need, by pbf, and
 * apart from the reader.
 */
import { PbfWriter } from 'pbf'

export type NumberType = 'float' | 'double' | 'float16' | 'bfloat16' | 'int64' | 'int8'

export interface GraphTensor {
  shape: number[]
  data: number[]
  /** Default float; of float16 and bfloat16 `data` holds the bits. */
  type?: NumberType
  /** In raw_data (the default), or packed in the field of its type, or there one by one. */
  stored?: 'raw' | 'typed' | 'unpacked'
}

export type GraphAttribute =
  { real: number } | { whole: number } | { text: string } | { wholes: number[] } | GraphTensor

export interface GraphNode {
  op: string
  inputs: string[]
  outputs: string[]
  name?: string
  domain?: string
  attributes?: Record<string, GraphAttribute>
}

export interface GraphValue {
  name: string
  /** A word is a size that the file leaves open. */
  sizes: (number | string)[]
  /** Of TensorProto.DataType; 1 is float. */
  type?: number
}

export interface Graph {
  nodes: GraphNode[]
  tensors: Record<string, GraphTensor>
  inputs: GraphValue[]
  outputs: string[]
  opset?: number
}

/** `output = op(...inputs)`, under the name of its output. */
export const node = (
  op: string,
  inputs: string,
  output: string,
  attributes: Record<string, GraphAttribute> = {},
): GraphNode => ({ op, inputs: inputs.split(' '), outputs: [output], name: output, attributes })

const codes: Record<NumberType, number> = { float: 1, int8: 3, int64: 7, float16: 10, double: 11, bfloat16: 16 }

/** ModelProto; the opset behind the graph, where PyTorch puts it. */
export function onnxBytes({ nodes, tensors, inputs, outputs, opset = 17 }: Graph): Uint8Array {
  const model = new PbfWriter()
  model.writeVarintField(1, 8)
  model.writeStringField(2, 'a test')
  model.writeStringField(3, '1.0')
  const write = (_: null, pbf: PbfWriter) => {
    for (const one of nodes) pbf.writeMessage(1, writeNode, one)
    for (const [name, tensor] of Object.entries(tensors)) pbf.writeMessage(5, writeTensor, { name, ...tensor })
    for (const one of inputs) pbf.writeMessage(11, writeValue, one)
    for (const name of outputs) pbf.writeMessage(12, writeValue, { name, sizes: [] })
  }
  model.writeMessage(7, write, null)
  model.writeMessage(8, (version: number, pbf) => pbf.writeVarintField(2, version), opset)
  return model.finish().slice()
}

function writeNode({ inputs, outputs, name, op, domain, attributes = {} }: GraphNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input)
  for (const output of outputs) pbf.writeStringField(2, output)
  if (name) pbf.writeStringField(3, name)
  pbf.writeStringField(4, op)
  for (const one of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, one)
  if (domain) pbf.writeStringField(7, domain)
}

function writeAttribute([name, value]: [string, GraphAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  if ('real' in value) pbf.writeFloatField(2, value.real)
  else if ('whole' in value) pbf.writeVarintField(3, value.whole)
  else if ('text' in value) pbf.writeStringField(4, value.text)
  else if ('wholes' in value) for (const one of value.wholes) pbf.writeVarintField(8, one)
  else pbf.writeMessage(5, writeTensor, { name: '', ...value })
}

function writeTensor(tensor: GraphTensor & { name: string }, pbf: PbfWriter): void {
  const { name, shape, type = 'float', stored = 'raw' } = tensor
  for (const side of shape) pbf.writeVarintField(1, side)
  pbf.writeVarintField(2, codes[type])
  if (stored !== 'raw') writeTyped(tensor, pbf)
  if (name) pbf.writeStringField(8, name)
  if (stored === 'raw') pbf.writeBytesField(9, rawOf(tensor))
}

function writeTyped({ data, type = 'float', stored }: GraphTensor, pbf: PbfWriter): void {
  const lists = stored === 'typed' ? [data] : data.map((one) => [one])
  for (const list of lists) {
    if (type === 'float' && stored === 'unpacked') pbf.writeFloatField(4, list[0])
    else if (type === 'float') pbf.writePackedFloat(4, list)
    else if (type === 'double') pbf.writePackedDouble(10, list)
    else if (type === 'int64') pbf.writePackedVarint(7, list)
    else pbf.writePackedVarint(5, list)
  }
}

function rawOf({ data, type = 'float' }: GraphTensor): Uint8Array {
  const arrays = {
    float: () => Float32Array.from(data),
    double: () => Float64Array.from(data),
    float16: () => Uint16Array.from(data),
    bfloat16: () => Uint16Array.from(data),
    int64: () => BigInt64Array.from(data.map(BigInt)),
    int8: () => Int8Array.from(data),
  }
  return new Uint8Array(arrays[type]().buffer)
}

function writeValue({ name, sizes, type = 1 }: GraphValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  const dimension = (size: number | string, into: PbfWriter) =>
    typeof size === 'number' ? into.writeVarintField(1, size) : into.writeStringField(2, size)
  const shape = (_: null, into: PbfWriter) => sizes.forEach((size) => into.writeMessage(1, dimension, size))
  const tensor = (_: null, into: PbfWriter) => {
    into.writeVarintField(1, type)
    into.writeMessage(2, shape, null)
  }
  pbf.writeMessage(2, (_: null, into) => into.writeMessage(1, tensor, null), null)
}
