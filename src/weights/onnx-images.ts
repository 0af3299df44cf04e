/** Convolutions and pools. */
import type { LayerSpec } from '../network/network.js'
import { constantIn, Lacking, misfit, named, type Chain } from './onnx-chain.js'
import { isZeros, listIn, shapeOf, wholeIn, type Call } from './onnx-values.js'

/** Cross-correlation with a square kernel. */
export function conv(chain: Chain, call: Call): void {
  const { node, inputs } = call
  const group = wholeIn(node, 'group', 1)
  if (group !== 1) throw new Lacking(`group is ${group}, and must be 1`)
  const constant = constantIn(inputs[1], 'weights')
  const [channels, depth, ...kernel] = shapeOf(constant)
  imageOf(chain, kernel.length)
  const stride = same(listIn(node, 'strides'), 1, 'strides')
  same(listIn(node, 'dilations'), 1, 'dilations', 1)
  const padding = padded(call)
  const size = same(kernel, 1, 'kernel')
  if (same(listIn(node, 'kernel_shape'), size, 'kernel_shape') !== size)
    throw misfit(call, `kernel_shape differs from ${named(constant.tensor)}`)
  if (chain.sample && chain.sample[0] !== depth)
    throw misfit(call, `${named(constant.tensor)} for ${chain.sample[0]} channels`)
  const { data } = chain.numbers(inputs[1], 'weights')
  const bias = inputs[2] ? chain.numbers(inputs[2], 'bias') : null
  if (bias && (bias.data.length !== channels || bias.shape.length !== 1))
    throw misfit(call, `${named(bias)} for ${channels} channels`)
  const spec: LayerSpec = {
    ...{ type: 'conv2d', channels, kernel: size },
    ...(stride === 1 ? {} : { stride }),
    ...(padding === 0 ? {} : { padding }),
    activation: 'linear',
  }
  chain.add(call, spec, data, bias?.data)
}

/** Squares side by side. */
export const pool = (type: 'max-pool' | 'average-pool') => (chain: Chain, call: Call) => {
  const kernel = listIn(call.node, 'kernel_shape') ?? []
  imageOf(chain, kernel.length)
  const size = same(kernel, 1, 'kernel_shape')
  const stride = same(listIn(call.node, 'strides'), 1, 'strides')
  if (stride !== size)
    throw new Lacking(`its windows of ${size} overlap or leave gaps: strides are ${stride}, and must be ${size}`)
  same(listIn(call.node, 'dilations'), 1, 'dilations', 1)
  if (padded(call) !== 0) throw new Lacking('it pads, and must not')
  const isCut = chain.sample?.slice(1).some((side) => side % size > 0)
  if (wholeIn(call.node, 'ceil_mode', 0) !== 0 && isCut)
    throw new Lacking('ceil_mode is 1, and must be 0: rows and columns left over are dropped')
  chain.add(call, { type, size })
}

/** Of a square image, a pool of its size. */
export const globalPool = (type: 'max-pool' | 'average-pool') => (chain: Chain, call: Call) => {
  imageOf(chain, 2)
  if (!chain.sample) return chain.lose()
  const [, height, width] = chain.sample
  if (height !== width) throw new Lacking(`the image is ${height} x ${width}, and must be square`)
  chain.add(call, { type, size: height })
}

/** Throws Lacking where it is no image of channels x height x width. */
function imageOf({ sample }: Chain, dimensions: number): void {
  if (dimensions !== 2) throw new Lacking(`it has ${dimensions} dimensions, and must have 2`)
  if (sample && sample.length !== 3)
    throw new Lacking(`inputs are ${sample.join(' x ')}, and must be channels x height x width`)
}

/** The one number of a list; Throws Lacking where they differ, or are another one than they must be. */
function same(list: number[] | null, otherwise: number, what: string, must?: number): number {
  const [first = otherwise] = list ?? []
  if (list?.some((one) => one !== first)) throw new Lacking(`${what} are ${list.join(', ')}, and must be equal`)
  if (must !== undefined && first !== must) throw new Lacking(`${what} are ${first}, and must be ${must}`)
  if (!(Number.isSafeInteger(first) && first >= 0) || (first === 0 && what !== 'pads'))
    throw new Lacking(`${what} are ${first}, and must be positive`)
  return first
}

function padded({ node }: Call): number {
  const automatic = node.attributes.get('auto_pad')?.text ?? 'NOTSET'
  if (automatic !== 'NOTSET' && automatic !== 'VALID')
    throw new Lacking(`auto_pad is ${automatic.slice(0, 20)}, and must be NOTSET: write the pads out`)
  return automatic === 'VALID' ? 0 : same(listIn(node, 'pads'), 0, 'pads')
}

/** By nothing, which PyTorch puts before an AveragePool. */
export function pad(_: Chain, { node, inputs }: Call): void {
  const pads = listIn(node, 'pads')
  if (pads ? pads.some((one) => one !== 0) : !isZeros(inputs[1]))
    throw new Lacking('infoflow pads in convolutions alone: give them the padding')
}
