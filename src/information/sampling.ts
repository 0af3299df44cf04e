/**
 * Samples of every measured layer, before its own noise and with noise below, as commands for a chunk of inputs at a time.
 *
 * Up to the lowest noisy layer nothing is random, so each input passes once ("clean"). From there on each input has K own
 * replicas, row x K + k; replica k belongs to batch floor(k / (K/B)). The first R/B of every batch are the centers that all
 * queries share, and queries stand on the first Q of every batch.
 */
import { noise } from '../kernels/noise.js'
import { stepWords } from '../kernels/step.js'
import { takeReplicas } from '../kernels/take-replicas.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import { forwardBuffers, layerCommands, outputOf, streams, type Pass } from '../network/plans.js'
import { dispatch, lowering, type BufferSpec, type Command } from '../plan.js'
import type { MeasurementOptions } from './options.js'
import { pathOf, propagationCommands, type Propagation } from './propagation.js'

export interface SamplingSetup {
  network: NetworkSpec
  options: MeasurementOptions
  /** m. */
  inputs: number
  /** Buffers of the inputs and of the network's parameters. */
  inputBuffer: string
  parameterBuffer: string
  /** No hardware GPU. */
  software: boolean
  /** How replicas get through the layers, if not as propagation.ts chooses. */
  path?: 'fused' | 'per-layer'
}

/** Seed and number of the measurement: the Step that its noise is drawn with. */
export const measurementStep = 'measure.step'

/** Buffer names of a layer. */
export const buffersOf = (layer: number) => ({
  centers: `measure.centers${layer}`,
  queryS: `measure.query-s${layer}`,
  queryZ: `measure.query-z${layer}`,
})

/** The lowest layer with noise; 0 where there is none. */
export function lowestNoisyLayer({ network }: Pick<SamplingSetup, 'network'>): number {
  return layerTable(network).findIndex(({ noiseStd }) => noiseStd > 0) + 1
}

export function widthOf({ network }: SamplingSetup, layer: number): number {
  return layerTable(network)[layer - 1].width
}

/** beta of a layer. */
export function noiseStdOf({ network }: SamplingSetup, layer: number): number {
  return layerTable(network)[layer - 1].noiseStd
}

/** B Q. */
export function queriesPerInput({ options }: SamplingSetup): number {
  return options.batches * options.queries
}

/** Inputs a chunk holds: about 2^15 rows. */
export function chunkInputs({ options, inputs }: SamplingSetup): number {
  return Math.min(inputs, Math.max(1, Math.floor(2 ** 15 / options.ownReplicas)))
}

export function samplingBuffers(setup: SamplingSetup): Record<string, BufferSpec> {
  const { inputs, options } = setup
  const lowest = lowestNoisyLayer(setup)
  const specs: Record<string, BufferSpec> = {
    [measurementStep]: { type: 'u32', length: stepWords },
    ...lowering('the number of inputs', forwardBuffers(cleanPass(setup), 1, lowest)),
  }
  const [replicas, points] = ['measurement.replicas', 'measurement.batches or measurement.queries']
  for (const layer of options.layers) {
    const width = widthOf(setup, layer)
    const { centers, queryS, queryZ } = buffersOf(layer)
    if (layer > lowest) specs[centers] = { type: 'f32', length: inputs * options.replicas * width, lower: replicas }
    const length = inputs * queriesPerInput(setup) * width
    for (const name of [queryS, queryZ]) specs[name] = { type: 'f32', length, lower: points }
  }
  return { ...specs, ...lowering('measurement.ownReplicas', replicaBuffers(setup)) }
}

/** S of a chunk, and what leads there. */
function replicaBuffers(setup: SamplingSetup): Record<string, BufferSpec> {
  const propagation = propagationOf(setup, 0, chunkInputs(setup))
  const { pass, wanted } = propagation
  const f32 = (layer: number) => ({ type: 'f32' as const, length: pass.rows * widthOf(setup, layer) })
  if (wanted.length === 0) return {}
  if ((setup.path ?? pathOf(propagation)) === 'fused')
    return Object.fromEntries(wanted.map((layer) => [ownCenters(layer), f32(layer)]))
  const lowest = lowestNoisyLayer(setup)
  return {
    [outputOf(pass, lowest)]: f32(lowest),
    ...forwardBuffers(pass, lowest + 1, Math.max(...wanted)),
  }
}

/** The noiseless layers, and the noise of all queries. */
export function cleanCommands(setup: SamplingSetup): Command[] {
  const clean = cleanPass(setup)
  const lowest = lowestNoisyLayer(setup)
  const commands: Command[] = []
  for (let layer = 1; layer <= lowest; layer++) commands.push(...layerCommands(clean, layer))
  for (const layer of setup.options.layers) commands.push(queryNoise(setup, layer))
  if (setup.options.layers.includes(lowest)) commands.push(cleanQueries(setup))
  return commands
}

/** Own replicas of inputs first .. first + count - 1 in every layer, and what is kept of them. */
export function chunkCommands(setup: SamplingSetup, first: number, count: number): Command[] {
  const propagation = propagationOf(setup, first, count)
  const kept = propagation.wanted.flatMap((layer) => keptOf(setup, layer, first, count))
  return [...propagationCommands(propagation, setup.path), ...kept]
}

function propagationOf(setup: SamplingSetup, first: number, count: number): Propagation {
  const lowest = lowestNoisyLayer(setup)
  const source = outputOf(cleanPass(setup), lowest)
  const wanted = setup.options.layers.filter((layer) => layer > lowest)
  const pass = replicaPass(setup, count)
  return { pass, layer: lowest, source, first, repeat: setup.options.ownReplicas, wanted }
}

/** The buffer of the centers that all queries share: inputs x R x width, one an input in the lowest noisy layer. */
export function centersOf(setup: SamplingSetup, layer: number): string {
  return layer > lowestNoisyLayer(setup) ? buffersOf(layer).centers : outputOf(cleanPass(setup), layer)
}

/** The buffer of a chunk's own replicas of a layer: count x K x width. */
export function ownCenters(layer: number): string {
  return `measure.s${layer}`
}

function keptOf(setup: SamplingSetup, layer: number, first: number, count: number): Command[] {
  const { batches, replicas, ownReplicas, queries } = setup.options
  const { centers, queryS } = buffersOf(layer)
  const shape = {
    inputs: count,
    first_input: first,
    batches,
    own_share: ownReplicas / batches,
    width: widthOf(setup, layer),
  }
  const own = ownCenters(layer)
  return [
    dispatch(takeReplicas, { ...shape, share: replicas / batches }, { own, centers }),
    dispatch(takeReplicas, { ...shape, share: queries }, { own, centers: queryS }),
  ]
}

/** In the lowest noisy layer every query of an input stands on its one sample. */
function cleanQueries(setup: SamplingSetup): Command {
  const shape = { inputs: setup.inputs, first_input: 0, batches: 1, own_share: 1, share: queriesPerInput(setup) }
  const lowest = lowestNoisyLayer(setup)
  const buffers = { own: centersOf(setup, lowest), centers: buffersOf(lowest).queryS }
  return dispatch(takeReplicas, { ...shape, width: widthOf(setup, lowest) }, buffers)
}

function queryNoise(setup: SamplingSetup, layer: number): Command {
  const shape = {
    rows: setup.inputs * queriesPerInput(setup),
    width: widthOf(setup, layer),
    repeat: 1,
    source_first: 0,
  }
  const draw = {
    noise_std: noiseStdOf(setup, layer),
    stream: streams.queryNoise,
    layer,
    first_row: 0,
  }
  return dispatch(
    noise,
    { ...shape, ...draw },
    { step: measurementStep, noisy: buffersOf(layer).queryZ },
    { SOURCE: false },
  )
}

function cleanPass({ network, inputs, inputBuffer, parameterBuffer }: SamplingSetup): Pass {
  return { network, prefix: 'clean', rows: inputs, input: inputBuffer, parameters: parameterBuffer, draw: null }
}

function replicaPass(setup: SamplingSetup, count: number): Pass {
  const { network, options, inputBuffer: input, parameterBuffer: parameters } = setup
  const draw = { stream: streams.replicaNoise, step: measurementStep, dropout: false }
  return { network, prefix: 'measure', rows: count * options.ownReplicas, input, parameters, draw }
}
