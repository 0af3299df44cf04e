/**
 * Follows a graph from its input to its output. Nodes are taken in the file's order, in which ONNX wants each behind what
 * it reads; those that the output does not need are left aside. What infoflow does not have is gathered, so that a person
 * reads all of it at once.
 */
import { InputError } from '../errors.js'
import { listed, shown } from '../samples/wording.js'
import { Chain, Lacking } from './onnx-chain.js'
import { isOwnDomain, type OnnxGraph, type OnnxNode, type OnnxValue } from './onnx-format.js'
import { operators, taken } from './onnx-operators.js'
import { isReal, typeName } from './onnx-tensor.js'
import { constantValue, labelOf, type Call, type Value } from './onnx-values.js'

const remedy = 'change the model and export it again'

/** Of nodes in a line. */
const mostShown = 100

/**
 * The chain of layers that a graph is. `mostNumbers`: of all weights, a tensor counted each time it is used.
 * @throws InputError without the file's name: several inputs or outputs, cycles, names without a value, contradicting
 *   shapes, and in one line all nodes that infoflow does not have
 */
export function chainOf(graph: OnnxGraph, mostNumbers: number): Chain {
  const constants = initializersOf(graph)
  const input = onlyOne(
    graph.inputs.filter(({ name }) => !constants.has(name)),
    'inputs',
  )
  const output = onlyOne(graph.outputs, 'outputs')
  const chain = started(input, mostNumbers)
  const nodes = neededFor(output.name, graph.nodes)
  const walk = new Walk(chain, constants, nodes)
  walk.values.set(input.name, { kind: 'data', sample: chain.sample })
  for (const node of nodes) walk.take(node)
  walk.end(output.name)
  const aside = graph.nodes.length - nodes.length
  if (aside > 0) chain.notes.add(`the output does not need ${aside} of ${graph.nodes.length} nodes`)
  return chain
}

function initializersOf({ initializers }: OnnxGraph): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const tensor of initializers) {
    if (found.has(tensor.name)) throw new InputError(`two initializers are named '${shown(tensor.name)}': expected one`)
    found.set(tensor.name, { kind: 'tensor', tensor, transposed: false })
  }
  return found
}

function onlyOne(values: OnnxValue[], what: string): OnnxValue {
  if (values.length === 1) return values[0]
  const names = values.length === 0 ? '' : ` (${listed(values.map(({ name }) => name))})`
  throw new InputError(`${values.length} ${what}${names}: expected one; ${remedy}`)
}

/** The first size is the number of rows. */
function started({ name, type, sizes }: OnnxValue, mostNumbers: number): Chain {
  const place = `the input '${shown(name)}'`
  const expected = 'expected (batch, width) or (batch, channels, height, width)'
  if (!isReal(type)) throw new InputError(`${place} is ${typeName(type)}: expected FLOAT; ${remedy}`)
  const shape =
    sizes === null
      ? 'no shape'
      : `(${sizes
          .slice(0, 8)
          .map((size) => size ?? '?')
          .join(', ')})`
  const [rows, ...sample] = sizes ?? []
  if (sample.length < 1 || sample.length > 3) throw new InputError(`${place} has ${shape}: ${expected}; ${remedy}`)
  const whole = sample.filter((size) => size !== null && Number.isSafeInteger(size) && size > 0) as number[]
  if (whole.length < sample.length || !(whole.reduce((all, side) => all * side, 1) < 2 ** 31))
    throw new InputError(`${place} has ${shape}: ${expected}, with all but the batch known; export it with fixed sizes`)
  return new Chain(whole, rows, mostNumbers)
}

/** Those that `output` is computed from, in their order; a cycle is no hindrance here. */
function neededFor(output: string, nodes: OnnxNode[]): OnnxNode[] {
  const sources = new Map<string, OnnxNode>()
  for (const node of nodes)
    for (const name of node.outputs) {
      if (name && sources.has(name)) throw new InputError(`two nodes give '${shown(name)}': expected one`)
      sources.set(name, node)
    }
  const needed = new Set<OnnxNode>()
  const open = [output]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = name ? sources.get(name) : undefined
    if (!node || needed.has(node)) continue
    needed.add(node)
    for (const input of node.inputs) open.push(input)
  }
  return nodes.filter((node) => needed.has(node))
}

class Walk {
  readonly values: Map<string, Value>
  readonly #chain: Chain
  readonly #nodes: OnnxNode[]
  readonly #lacking: string[] = []
  /** Data that a node of the chain has read. */
  readonly #read = new Set<Value>()

  constructor(chain: Chain, constants: Map<string, Value>, nodes: OnnxNode[]) {
    this.#chain = chain
    this.values = new Map(constants)
    this.#nodes = nodes
  }

  take(node: OnnxNode): void {
    const call: Call = { node, label: labelOf(node), inputs: node.inputs.map((name) => this.#valueOf(name, node)) }
    for (const name of node.outputs)
      if (this.values.has(name)) throw new InputError(`two values are named '${shown(name)}'`)
    const found = this.#isConstant(call) ? constantValue(call) : this.#moved(call)
    node.outputs.forEach((name, i) => {
      if (name) this.values.set(name, i === 0 ? found : { kind: 'unknown', from: call.label })
    })
  }

  /** Throws InputError where the output is no data, or something is lacking. */
  end(output: string): void {
    if (this.#lacking.length > 0) throw lackingError(this.#lacking)
    const value = this.values.get(output)
    if (value?.kind === 'data') return
    throw new InputError(`the output '${shown(output)}' does not come of the input: expected logits; ${remedy}`)
  }

  #valueOf(name: string, node: OnnxNode): Value | null {
    if (name === '') return null
    const value = this.values.get(name)
    if (value) return value
    const comesLater = this.#nodes.some(({ outputs }) => outputs.includes(name))
    const why = comesLater
      ? 'which comes of it, or of a node behind it: a cycle, or nodes in disorder'
      : 'which no initializer, node or input gives'
    throw new InputError(`${labelOf(node)} reads '${shown(name)}', ${why}; export it again`)
  }

  #isConstant({ node, inputs }: Call): boolean {
    return node.op === 'Shape' || !inputs.some((value) => value?.kind === 'data')
  }

  /** The data, a node further on. */
  #moved(call: Call): Value {
    try {
      this.#checkChain(call)
      operators.get(call.node.op)!(this.#chain, call)
    } catch (error) {
      if (!(error instanceof Lacking)) throw error
      this.#lacking.push(`${call.label}: ${error.message}`)
      if (!error.keepsShape) this.#chain.lose()
    }
    return { kind: 'data', sample: this.#chain.sample }
  }

  #checkChain({ node, inputs }: Call): void {
    const { op, domain } = node
    const data = inputs.filter((value) => value?.kind === 'data')
    const isTaken = data.some((value) => this.#read.has(value))
    for (const value of data) this.#read.add(value)
    if (!isOwnDomain(domain)) throw new Lacking(`it is of ${shown(domain)}, not of ONNX itself`)
    if (!operators.has(op)) throw new Lacking('infoflow has none')
    if (data.length > 1) throw new Lacking('it joins two branches, and infoflow takes one chain')
    if (isTaken) throw new Lacking('it begins a second branch, and infoflow takes one chain')
    if (inputs[0]?.kind !== 'data' && op !== 'Add') throw new Lacking('the data are not its first input')
    const { ended } = this.#chain
    if (ended && op !== 'Identity') throw new Lacking(`it is behind ${ended}, which must be the last`)
  }
}

function lackingError(lacking: string[]): InputError {
  const more = lacking.length > mostShown ? `; and ${lacking.length - mostShown} more` : ''
  const nodes = lacking.length === 1 ? 'a node' : `${lacking.length} nodes`
  const list = lacking.slice(0, mostShown).join('; ')
  return new InputError(`${nodes} that infoflow does not have: ${list}${more}: ${taken}; ${remedy}`)
}
