/**
 * What others say of a run's own samples, as rows of rivals.arrow. With `compare` every rival, at each measurement, on
 * the samples that the estimate was made of; without noise, where no estimate exists, at least the binned entropy.
 */
import { setImmediate } from 'node:timers/promises'
import type { DataSet } from '../data/dataset.js'
import { binnedInformation } from '../rivals/binned.js'
import { compareRivals } from '../rivals/compare.js'
import type { Samples } from '../samples/samples.js'
import type { Look } from '../scheduler.js'
import type { Recorder, Rival } from '../tables/rows.js'
import type { SettledConfig } from './settle.js'

interface LayerSamples {
  layer: number
  samples: Samples
}

/** Records them layer by layer; an aborted signal ends it after the layer it is at. */
export async function comparison(
  look: Look,
  config: Pick<SettledConfig, 'compare' | 'binWidths' | 'measurement'>,
  data: DataSet,
  recorder: Recorder,
  signal?: AbortSignal,
): Promise<void> {
  const { seed } = look
  const { compare, binWidths = [], measurement } = config
  const noises = new Map(look.monitored.clustering.map((row) => [row.layer, row.noise_std]))
  const isNoisy = [...noises.values()].some((noise) => noise > 0)
  // wide layers of a sample of inputs: binned-entropies.arrow has what there is to say
  if (!compare && (isNoisy || !data.enumerated)) return
  const layers = isNoisy ? await noisy(look, measurement.replicas) : await noiseless(look, data)
  // the experiment `binning` has these rows already
  const known = new Set(binWidths.map((width) => `width=${width}`))
  for (const { layer, samples } of layers) {
    await setImmediate()
    if (signal?.aborted) return
    const said = compare ? compareRivals(samples, noises.get(layer)!, seed) : [binnedEntropy(samples)]
    const rows = said.filter(
      (row) => !(row.estimator === 'binned' && row.quantity === 'mi' && known.has(row.parameter)),
    )
    recorder.rival(...rows.map((row) => ({ seed, epoch: look.epoch, layer, ...row })))
  }
}

async function noisy(look: Look, replicas: number): Promise<LayerSamples[]> {
  const tables = await look.samples(replicas)
  return tables.map(({ layer, count, width, s, x, y }) => ({
    layer,
    samples: { count, width, s, x, y, weights: null },
  }))
}

/** Every input once. */
async function noiseless(look: Look, { count, labels }: DataSet): Promise<LayerSamples[]> {
  const found: LayerSamples[] = []
  for (const { layer, dimension } of look.rows) {
    const s = await look.activations(layer)
    found.push({ layer, samples: { count, width: dimension, s, x: null, y: labels, weights: null } })
  }
  return found
}

/** The row that compareRivals has under the same name: 30 bins over each neuron's range, all neurons together. */
function binnedEntropy(samples: Samples): Rival {
  const start = performance.now()
  const { mi } = binnedInformation(samples, { count: 30 })
  const seconds = (performance.now() - start) / 1000
  const what = { estimator: 'binned', parameter: 'bins=30, range=data', quantity: 'mi' } as const
  const measures = 'H(Bin(S)) of a layer without noise: clustering on the scale of the bins, not I(X;T)'
  return { dimension: samples.width, ...what, value: mi, se: null, points: samples.count, measures, seconds }
}
