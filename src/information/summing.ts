/**
 * The kernel sums of a layer: each query against the own replicas of its input, chunk by chunk as they are made, as commands; and
 * against the shared replicas of all other inputs, through a Summation (METHOD 2.2).
 */
import { ownConstants, ownSums } from '../kernels/own-sums.js'
import { dispatch, type BufferSpec, type Command } from '../plan.js'
import type { SummationSetup } from '../summation/summation.js'
import { buffersOf, lowestNoisyLayer, noiseStdOf, ownCenters, queriesPerInput, widthOf } from './sampling.js'
import type { SamplingSetup } from './sampling.js'

/** Buffer of each query's sums over the batches of its own input's replicas. */
export const ownSumsOf = (layer: number) => `measure.own${layer}`

/** Batches of centers: one in the lowest noisy layer, where every input has one sample. */
export function centerBatches(setup: SamplingSetup, layer: number): number {
  return layer === lowestNoisyLayer(setup) ? 1 : setup.options.batches
}

export function ownSumBuffers(setup: SamplingSetup): Record<string, BufferSpec> {
  const { inputs, options } = setup
  const length = inputs * queriesPerInput(setup) * options.batches
  const layers = options.layers.filter((layer) => layer > lowestNoisyLayer(setup))
  return Object.fromEntries(
    layers.map((layer) => [
      ownSumsOf(layer),
      { type: 'f32', length, lower: 'measurement.batches or measurement.queries' },
    ]),
  )
}

/** Sums over the own replicas of a chunk's inputs, in every layer above the lowest noisy one (where the sum is 1). */
export function ownSumCommands(setup: SamplingSetup, first: number, count: number): Command[] {
  const { batches, ownReplicas, layers } = setup.options
  const queries = queriesPerInput(setup)
  return layers
    .filter((layer) => layer > lowestNoisyLayer(setup))
    .map((layer) => {
      const { queryS: query_s, queryZ: query_z } = buffersOf(layer)
      const names = { query_s, query_z, centers: ownCenters(layer), sums: ownSumsOf(layer) }
      const shape = { blocks: count, first_block: first, queries, batches, share: ownReplicas / batches }
      const alone = setup.software && count >= fewBlocks
      const constants = ownConstants({ dimension: widthOf(setup, layer), queries, alone })
      return dispatch(ownSums, { ...shape, scale: 1 / (2 * noiseStdOf(setup, layer) ** 2) }, names, constants)
    })
}

/** Blocks below which lanes share one. */
const fewBlocks = 16

/** What the sums over other inputs' replicas are made with. */
export function othersSetup(setup: SamplingSetup, layer: number): SummationSetup {
  const { inputs, options } = setup
  return {
    name: `measure.others${layer}`,
    dimension: widthOf(setup, layer),
    columns: centerBatches(setup, layer),
    ...{ split: false, weighted: false, others: true, labelled: true },
    centers: inputs * (layer === lowestNoisyLayer(setup) ? 1 : options.replicas),
    queries: inputs * queriesPerInput(setup),
  }
}
