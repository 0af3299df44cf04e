/**
 * How a chunk's own replicas get from the lowest noisy layer to the highest measured one: small networks in one dispatch
 * (propagate), others a layer at a time. Both draw the same noise and round alike.
 */
import { mostKept, propagate, propagateConstants, type PropagatedLayer } from '../kernels/propagate.js'
import { isDense, layerTable, onlyActivation } from '../network/network.js'
import { parameterLayout } from '../network/parameters.js'
import { layerCommands, noiseCommands, streams, type Pass } from '../network/plans.js'
import { dispatch, type Command } from '../plan.js'

export interface Propagation {
  /** Rows of a chunk, their parameters and noise; the buffers of S begin with its prefix. */
  pass: Pass
  /** The layer below: S of `first` and following inputs in `source`, `repeat` rows on each. */
  layer: number
  source: string
  first: number
  repeat: number
  /** Layers whose S is wanted, ascending, all above `layer`. */
  wanted: readonly number[]
}

/** Parameters, and normals drawn four at a time, up to which a row goes through all layers at once. */
const [mostParameters, mostQuads] = [1024, 16]

/** Which of the two ways is taken. */
export function pathOf({ pass, layer, wanted }: Pick<Propagation, 'pass' | 'layer' | 'wanted'>): 'fused' | 'per-layer' {
  const layers = layersAbove({ pass, layer, wanted })
  const parameters = layers.reduce((sum, { inputs, outputs }) => sum + outputs * (inputs + 1), 0)
  const quads = layers.reduce((sum, { inputs }) => sum + Math.ceil(inputs / 4), 0)
  const small = parameters <= mostParameters && quads <= mostQuads && wanted.length <= mostKept
  return small && isDense(pass.network) && onlyActivation(pass.network) !== null ? 'fused' : 'per-layer'
}

/** S of the wanted layers, in <prefix>.s<l>. */
export function propagationCommands(propagation: Propagation, path = pathOf(propagation)): Command[] {
  return path === 'fused' ? [inOneDispatch(propagation)] : layerByLayer(propagation)
}

function inOneDispatch(propagation: Propagation): Command {
  const { pass, layer, source, first, repeat, wanted } = propagation
  const { network, draw, rows, parameters, prefix } = pass
  const place = { rows, repeat, source_first: first, first_row: first * repeat, first_layer: layer + 1 }
  const noise = { stream: draw?.stream ?? streams.replicaNoise }
  const kept = Object.fromEntries(wanted.map((l, i) => [`kept_${i + 1}`, `${prefix}.s${l}`]))
  const constants = propagateConstants(layersAbove(propagation), onlyActivation(network)!)
  return dispatch(propagate, { ...place, ...noise }, { step: draw!.step, parameters, source, ...kept }, constants)
}

function layersAbove({ pass, layer, wanted }: Pick<Propagation, 'pass' | 'layer' | 'wanted'>): PropagatedLayer[] {
  const table = layerTable(pass.network)
  const layout = parameterLayout(pass.network).layers.slice(layer, Math.max(...wanted))
  return layout.map(({ inputs, outputs, weightsAt, biasAt }, i) => {
    const linear = table[layer + i].activation === 'linear'
    const noise_std = table[layer + i - 1].noiseStd
    const kept = wanted.includes(layer + 1 + i)
    return { inputs, outputs, weights_at: weightsAt, bias_at: biasAt, linear, noise_std, kept }
  })
}

function layerByLayer({ pass, layer, source, first, repeat, wanted }: Propagation): Command[] {
  const highest = Math.max(...wanted)
  const firstRow = first * repeat
  const commands = noiseCommands(pass, layer, { source, sourceFirst: first, repeat, firstRow })
  for (let above = layer + 1; above <= highest; above++) {
    commands.push(...layerCommands(pass, above))
    if (above < highest) commands.push(...noiseCommands(pass, above, { firstRow }))
  }
  return commands
}
