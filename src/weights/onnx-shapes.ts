/** Nodes that change no number (Flatten, Reshape, Dropout, Identity), softmax, and activations, which a layer takes in. */
import type { Activation } from '../network/network.js'
import { sides } from './layers.js'
import { isWeighted, Lacking, misfit, type Chain } from './onnx-chain.js'
import { countOf } from './onnx-tensor.js'
import { numbersOf, realIn, sizesOf, wholeIn, type Call, type Size } from './onnx-values.js'

/** A vector of every input. */
export function flatten(chain: Chain, call: Call): void {
  const axis = wholeIn(call.node, 'axis', 1)
  if (!chain.sample) return
  if (axis !== 1 && axis !== -chain.sample.length) throw new Lacking(`axis is ${axis}, and must be 1`)
  flattened(chain, call)
}

/** Before the first layer it needs none. */
function flattened(chain: Chain, call: Call): void {
  if (chain.sample?.length === 1) return
  if (chain.built.length > 0) return chain.add(call, { type: 'flatten' })
  chain.notes.add(`inputs of ${chain.sample!.join(' x ')} are taken as vectors`)
  chain.takeInputAs([countOf(chain.sample!)])
}

/** To (batch, everything); before the first layer, to any image. */
export function reshape(chain: Chain, call: Call): void {
  const wanted = sizesOf(call.inputs[1])
  if (!wanted) throw new Lacking('its shape is computed in a way that infoflow does not follow: use Flatten')
  if (!chain.sample) return
  const sample = reshaped(chain.sample, wanted, chain.batch, call)
  if (sides(sample) === sides(chain.sample)) return
  if (sample.length === 1) return flattened(chain, call)
  if (chain.built.length > 0 || sample.length > 3)
    throw new Lacking(`it makes ${sample.join(' x ')} of ${chain.sample.join(' x ')}: infoflow flattens, and no more`)
  chain.takeInputAs(sample)
}

/** Sides of one input. 0 copies a size, -1 is what is left; throws Lacking where rows are joined or cut. */
function reshaped(sample: readonly number[], wanted: Size[], batch: number | null, call: Call): number[] {
  const copied = wanted.map((size, i) =>
    size === 0 && wholeIn(call.node, 'allowzero', 0) === 0 ? copyOf(sample, i) : size,
  )
  const [rows, ...rest] = copied
  const known = rest.filter((size) => size !== -1 && size !== 'batch') as number[]
  const [product, all] = [countOf(known), countOf(sample)]
  const open = rest.length - known.length
  const keepsRows = rows === 'batch' || rows === batch || (rows === -1 && product === all)
  if (!keepsRows || open > (rows === -1 ? 0 : 1) || rest.includes('batch'))
    throw new Lacking(`it makes ${sides(wanted as number[])}, and must keep the rows: (batch, -1)`)
  if (open === 0 ? product !== all : all % product !== 0)
    throw misfit(call, `${all} numbers for ${sides(wanted as number[])}`)
  return rest.map((size) => (size === -1 ? all / product : (size as number)))
}

const copyOf = (sample: readonly number[], i: number): Size => (i === 0 ? 'batch' : (sample[i - 1] ?? 0))

export function identity(): void {}

/** Identity, but in training. */
export function dropout(chain: Chain, { label, inputs }: Call): void {
  const training = numbersOf(inputs[2])
  if (training === null ? Boolean(inputs[2]) : training[0] !== 0)
    throw new Lacking('it drops at inference: export the model after model.eval()')
  chain.notes.add(`${label} is left out: it drops in training alone`)
}

/** At the very end, over the logits. */
export function softmax(chain: Chain, { node, label }: Call): void {
  const { sample } = chain
  const axis = wholeIn(node, 'axis', 1)
  const isLast = axis === 1 || axis === -1
  if (sample && (sample.length !== 1 || !isLast))
    throw new Lacking(`it is over axis ${axis} of inputs of ${sample.join(' x ')}, and must be over logits`)
  chain.ended = label
  chain.notes.add(`${label} at the end is left out: infoflow takes logits`)
}

export const leakyRelu = (chain: Chain, call: Call) => {
  const alpha = realIn(call.node, 'alpha', 0.01)
  if (Math.abs(alpha - 0.01) > 1e-8) throw new Lacking(`alpha is ${Number(alpha.toPrecision(7))}, and must be 0.01`)
  activate('leaky-relu')(chain, call)
}

/**
 * Into the weighted layer before; a flatten between them makes no difference, a max-pool none either, as all these
 * functions ascend: the largest of f(x) is f of the largest x.
 */
export const activate = (activation: Activation) => (chain: Chain, call: Call) => {
  const { built } = chain
  const at = built.findLastIndex((one) => one?.spec.type !== 'flatten' && one?.spec.type !== 'max-pool')
  const found = built[at]
  if (found === null) return
  if (!found) throw new Lacking('infoflow has activations behind Gemm, MatMul and Conv alone, not of the inputs')
  const { spec } = found
  if (!isWeighted(spec)) throw new Lacking('infoflow has no activation behind an average: put it before the pool')
  if (spec.activation !== 'linear') throw new Lacking(`it is behind an activation, ${spec.activation}, already`)
  found.spec = { ...spec, activation }
  if (built.slice(at).some((one) => one?.spec.type === 'max-pool'))
    chain.notes.add(`${call.label} is taken before the max-pool that it is behind: the same outputs`)
}
