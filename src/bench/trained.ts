/** Samples of a trained network's layers, and the sums that its measurement forms of them. */
import { amplification, boundsFor } from '../information/certificate.js'
import { drawNoise } from '../information/host-samples.js'
import { Measurer } from '../information/measurer.js'
import { layerTable } from '../network/network.js'
import type { Machine } from '../plan.js'
import { Summation, type Bounds, type Centers, type Queries } from '../summation/summation.js'
import type { ActivationRows } from '../tables/rows.js'
import { shared, type TrainingSetup } from '../training/setup.js'
import { Trainer } from '../training/trainer.js'

/** Shares of the samples that sums are kept apart by. */
export const columns = 8
/** Nats that skipping may change. */
export const certificate = 1e-6

/** A layer's samples before its noise, ready to be summed. */
export interface LayerScene {
  layer: number
  dimension: number
  noiseStd: number
  inputs: number
  samples: ActivationRows
}

/** Of every hidden layer after so many epochs of training, `replicas` (a multiple of 8) of each input; frees all buffers. */
export async function trainedLayers(
  machine: Machine,
  setup: TrainingSetup,
  epochs: number,
  replicas: number,
  signal?: AbortSignal,
): Promise<LayerScene[]> {
  const { data, network } = setup
  const trainer = await Trainer.create(machine, setup)
  await trainer.advance(epochs, { signal })
  trainer.select(0)
  const layers = network.layers.slice(0, -1).map((_, l) => l + 1)
  const options = { layers, replicas, ownReplicas: replicas, batches: columns, queries: 1, tolerance: certificate }
  const measurer = await Measurer.create(machine, { seed: setup.seeds[0], data, network, options, buffers: shared })
  await measurer.measure(epochs)
  const samples = await measurer.activations(epochs, replicas)
  machine.release()
  const table = layerTable(network)
  return samples.map((rows) => {
    const { noiseStd } = table[rows.layer - 1]
    return {
      layer: rows.layer,
      dimension: rows.width,
      noiseStd,
      inputs: data.count,
      samples: repeated(rows, data.count * replicas),
    }
  })
}

/** The layer that has no noise below it has one sample an input: as often as the others have replicas. */
function repeated(rows: ActivationRows, count: number): ActivationRows {
  if (rows.count === count) return rows
  const times = count / rows.count
  const [replica, x, y, s] = [
    new Uint32Array(count),
    new Uint32Array(count),
    new Uint32Array(count),
    new Float32Array(count * rows.width),
  ]
  for (let i = 0; i < count; i++) {
    const from = Math.floor(i / times)
    replica[i] = i % times
    x[i] = rows.x[from]
    y[i] = rows.y![from]
    s.set(rows.s.subarray(from * rows.width, (from + 1) * rows.width), i * rows.width)
  }
  return { ...rows, count, replica, x, y, s }
}

/** The first `replicas` of each input. */
export function centersOf({ samples, inputs, dimension }: LayerScene, replicas: number): Centers {
  const each = samples.count / inputs
  return {
    ...picked(samples, dimension, inputs * replicas, (i) => Math.floor(i / replicas) * each + (i % replicas)),
    column: Uint8Array.from({ length: inputs * replicas }, (_, i) => i % columns),
    weight: null,
  }
}

/** `count` queries that stand on samples, evenly spread over inputs. */
export function queriesOf({ samples, dimension, noiseStd, layer }: LayerScene, count: number): Queries {
  const points = picked(samples, dimension, count, (i) => Math.floor((i * samples.count) / count))
  return { ...points, noise: drawNoise(count, dimension, noiseStd, layer, 0) }
}

function picked({ x, y, s }: ActivationRows, dimension: number, count: number, place: (i: number) => number) {
  const [input, label, coordinates] = [
    new Uint32Array(count),
    new Uint32Array(count),
    new Float32Array(count * dimension),
  ]
  for (let i = 0; i < count; i++) {
    const from = place(i)
    input[i] = x[from]
    label[i] = y![from]
    coordinates.set(s.subarray(from * dimension, (from + 1) * dimension), i * dimension)
  }
  return { count, coordinates, input, label }
}

/** A summation over other inputs, kept apart by column and by whether the label is the query's, as a measurement wants it. */
export function summationOf(machine: Machine, scene: LayerScene, centers: number, queries: number): Promise<Summation> {
  const { dimension, noiseStd, layer } = scene
  const kinds = { others: true, labelled: true, split: false, weighted: false }
  return Summation.create(machine, { dimension, columns, ...kinds, name: `layer${layer}`, centers, queries }, noiseStd)
}

/** What may be left out: nothing, or what the certificate allows. */
export function boundsOf({ noiseStd }: LayerScene, centers: number): Record<'full' | 'pruned', Bounds> {
  const weights = { ownWeight: 1, total: centers }
  return {
    full: { noiseStd, threshold: -Infinity, relative: 0 },
    pruned: boundsFor(noiseStd, certificate, amplification(columns, 1), weights),
  }
}
