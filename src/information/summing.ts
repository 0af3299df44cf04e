/**
 * The kernel sums of a layer as commands: each query against the own replicas of its input, chunk by chunk as they are made,
 * and against the shared replicas of all other inputs whose tile is near enough to matter (METHOD 2.2).
 */
import { boxes } from '../kernels/boxes.js'
import { nearTiles } from '../kernels/near-tiles.js'
import { pairConstants, pairSums } from '../kernels/pair-sums.js'
import { dispatch, type BufferSpec, type Command, type Plan } from '../plan.js'
import {
  buffersOf,
  centersOf,
  lowestNoisyLayer,
  ownCenters,
  queriesPerInput,
  widthOf,
  type SamplingSetup,
} from './sampling.js'

export interface SummingSetup extends SamplingSetup {
  labelBuffer: string
  /** Pairs that one dispatch may take: keeps each short. */
  pairsPerDispatch: number
}

export const listBuffer = 'measure.list'
export const keptBuffer = 'measure.kept'

export const sumsOf = (layer: number) => ({
  own: `measure.own${layer}`,
  others: `measure.others${layer}`,
  skipped: `measure.skipped${layer}`,
})

export const boxesOf = (layer: number) => ({
  tiles: `measure.tile-boxes${layer}`,
  blocks: `measure.block-boxes${layer}`,
  reach: `measure.reach${layer}`,
})

/** Batches of centers: one in the lowest noisy layer, where every input has one sample. */
export function centerBatches({ options }: SummingSetup, layer: number): number {
  return layer === lowestNoisyLayer ? 1 : options.batches
}

export function summingBuffers(setup: SummingSetup): Record<string, BufferSpec> {
  const { inputs, options } = setup
  const queries = inputs * queriesPerInput(setup)
  const blocks = blocksPerDispatch(setup)
  const specs: Record<string, BufferSpec> = {
    [listBuffer]: { type: 'u32', length: blocks * inputs },
    [keptBuffer]: { type: 'u32', length: blocks * 4 },
  }
  for (const layer of options.layers) {
    const { own, others, skipped } = sumsOf(layer)
    const { tiles, blocks: blockBoxes, reach } = boxesOf(layer)
    const columns = centerBatches(setup, layer)
    const f32 = (length: number) => ({ type: 'f32', length }) as const
    if (layer > lowestNoisyLayer) specs[own] = f32(queries * columns)
    specs[others] = f32(queries * columns * 2)
    for (const name of [skipped, reach]) specs[name] = f32(inputs)
    for (const name of [tiles, blockBoxes]) specs[name] = f32(inputs * 2 * widthOf(setup, layer))
  }
  return specs
}

/** Sums over the own replicas of a chunk's inputs, in every layer above the lowest noisy one (where the sum is 1). */
export function ownSums(setup: SummingSetup, first: number, count: number): Command[] {
  const { batches, ownReplicas, layers } = setup.options
  return layers
    .filter((layer) => layer > lowestNoisyLayer)
    .map((layer) => {
      const names = { centers: ownCenters(layer), sums: sumsOf(layer).own }
      const shape = { blocks: count, first_block: first, batches, share: ownReplicas / batches }
      return pairs(setup, layer, shape, names, true)
    })
}

/** The work of one layer's sums over the other inputs' centers: boxes first, then blocks of queries in turn. */
export interface OthersWork {
  boxes: Plan
  chunks: { first: number; count: number; tests: Plan; sums: Plan }[]
}

export function othersWork(setup: SummingSetup, layer: number): OthersWork {
  const { inputs } = setup
  const step = blocksPerDispatch(setup)
  const firsts = Array.from({ length: Math.ceil(inputs / step) }, (_, i) => i * step)
  return {
    boxes: boxCommands(setup, layer),
    chunks: firsts.map((first) => {
      const count = Math.min(step, inputs - first)
      return { first, count, ...listAndSum(setup, layer, first, count) }
    }),
  }
}

/** ln of the bound below which a tile is skipped: tolerance / tiles, in means where the query's own center is 1 / K. */
export function skipThreshold({ options, inputs }: SummingSetup, layer: number): number {
  const ownReplicas = layer === lowestNoisyLayer ? 1 : options.ownReplicas
  return options.tolerance > 0 ? Math.log(options.tolerance / (inputs * ownReplicas)) : -1e30
}

function blocksPerDispatch(setup: SummingSetup): number {
  const pairsOfBlock = queriesPerInput(setup) * setup.inputs * setup.options.replicas
  const listed = Math.floor(2 ** 23 / setup.inputs)
  return Math.max(1, Math.min(setup.inputs, listed, Math.floor(setup.pairsPerDispatch / pairsOfBlock)))
}

function boxCommands(setup: SummingSetup, layer: number): Command[] {
  const { inputs, options } = setup
  const { queryS, queryZ } = buffersOf(layer)
  const { tiles, blocks, reach } = boxesOf(layer)
  const DIMENSION = widthOf(setup, layer)
  const size = layer === lowestNoisyLayer ? 1 : options.replicas
  const queryBuffers = { points: queryS, noise: queryZ, boxes: blocks, reach }
  return [
    dispatch(
      boxes,
      { groups: inputs, size },
      { points: centersOf(setup, layer), boxes: tiles },
      { DIMENSION, NOISE: false },
    ),
    dispatch(boxes, { groups: inputs, size: queriesPerInput(setup) }, queryBuffers, { DIMENSION, NOISE: true }),
  ]
}

function listAndSum(setup: SummingSetup, layer: number, first: number, count: number): { tests: Plan; sums: Plan } {
  const { inputs, labelBuffer, options, network } = setup
  const { tiles, blocks, reach } = boxesOf(layer)
  const { others, skipped } = sumsOf(layer)
  const lists = { list: listBuffer, kept: keptBuffer }
  const tests = { block_boxes: blocks, reach, tile_boxes: tiles, labels: labelBuffer, ...lists, skipped }
  const batches = centerBatches(setup, layer)
  const share = layer === lowestNoisyLayer ? 1 : options.replicas / batches
  const shape = { blocks: count, first_block: first, batches, share }
  const bound = { scale: scaleOf(network.noiseStd), threshold: skipThreshold(setup, layer) }
  const range = { blocks: count, first_block: first, tiles: inputs, ...bound }
  return {
    tests: [dispatch(nearTiles, range, tests, { DIMENSION: widthOf(setup, layer) })],
    sums: [pairs(setup, layer, shape, { centers: centersOf(setup, layer), sums: others, ...lists }, false)],
  }
}

type Shape = Record<'blocks' | 'first_block' | 'batches' | 'share', number>
type Names = { centers: string; sums: string; list?: string; kept?: string }

function pairs(setup: SummingSetup, layer: number, shape: Shape, names: Names, own: boolean): Command {
  const { queryS, queryZ } = buffersOf(layer)
  const queries = queriesPerInput(setup)
  const { batches, ...rest } = shape
  const params = { ...rest, queries, scale: scaleOf(setup.network.noiseStd) }
  const constants = pairConstants({ dimension: widthOf(setup, layer), queries, batches, own })
  return dispatch(pairSums, params, { query_s: queryS, query_z: queryZ, ...names }, constants)
}

/** 1 / 2 beta^2. */
export function scaleOf(noiseStd: number): number {
  return 1 / (2 * noiseStd ** 2)
}
