/**
 * Histograms of one look. Where the activation bounds them, activations and distances have a range that is the same at
 * every epoch, so that curves of different epochs can be laid over each other; elsewhere the data's own, for distances
 * from 0 and the same within as between classes. Cosines go from -1 to 1.
 */
import type { Activation } from '../network/network.js'
import { histogramKinds, type HistogramRow } from '../tables/rows.js'
import type { LayerLook } from './look.js'
import type { Pairs } from './pairs.js'
import { rangeOf } from './quantiles.js'

type Range = readonly [low: number, high: number]
type Kind = (typeof histogramKinds)[number]

const bins = 40
const bounds: Partial<Record<Activation, Range>> = { tanh: [-1, 1], sigmoid: [0, 1] }

/** One for each kind that has a value. */
export function histogramRows(look: LayerLook, { within, between }: Pairs): HistogramRow[] {
  const { seed, epoch, layer, activation, s } = look
  const bound = activation === null ? undefined : bounds[activation]
  const distances = distanceRange(look, bound, [within.distances, between.distances])
  const values: Record<Kind, readonly [Float32Array | Float64Array, Range]> = {
    activation: [s, bound ?? ownRange(s)],
    'distance within': [within.distances, distances],
    'distance between': [between.distances, distances],
    'cosine within': [within.cosines, [-1, 1]],
    'cosine between': [between.cosines, [-1, 1]],
  }
  return histogramKinds.flatMap((kind) => {
    const [data, [low, high]] = values[kind]
    return data.length === 0 ? [] : [{ seed, epoch, layer, kind, low, high, counts: countsOf(data, low, high) }]
  })
}

/** Of `bins` equal bins; a value on an inner edge goes to the bin above, one outside to the nearest bin. */
function countsOf(values: Float32Array | Float64Array, low: number, high: number): number[] {
  const counts = new Uint32Array(bins)
  const perUnit = bins / (high - low)
  for (let i = 0; i < values.length; i++) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor((values[i] - low) * perUnit)))]++
  }
  return [...counts]
}

/** Up to the diagonal of the box that holds a bounded layer. */
function distanceRange({ width }: LayerLook, bound: Range | undefined, distances: Float64Array[]): Range {
  if (bound) return [0, (bound[1] - bound[0]) * Math.sqrt(width)]
  const high = Math.max(0, ...distances.map((some) => rangeOf(some)[1]))
  return high > 0 ? [0, high] : [0, 1]
}

/** A constant layer lies in the middle of a range of 1. */
function ownRange(values: Float32Array): Range {
  const [low, high] = rangeOf(values)
  return low < high ? [low, high] : [low - 0.5, low + 0.5]
}
