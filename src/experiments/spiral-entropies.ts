/** The estimates of `infoflow run spiral`: all estimators on the same samples S of a trained network's layer, for inputs drawn anew. */
import { entropy } from '../information/estimate.js'
import { layerTable } from '../network/network.js'
import type { Machine } from '../plan.js'
import { noisyPoints } from '../rivals/draws.js'
import { heldOutEntropy } from '../rivals/held-out.js'
import { kernelDensity } from '../rivals/kde.js'
import { kozachenkoLeonenko } from '../rivals/kozachenko-leonenko.js'
import type { EntropyRow } from '../tables/rows.js'
import { freshSamples, freshSpiral, type Trained } from './fresh-samples.js'
import { concerning } from './study-warnings.js'

/** A trained network, the layer looked at, and where its rows belong. */
export interface Asked extends Trained {
  layer: number
  seed: number
  epoch: number
}

/** How many samples, which time, and the seed of inputs and noise. */
export interface Draw {
  samples: number
  repetition: number
  seed: number
}

/** Points at which a mixture is held against samples that it does not know. */
const heldOutPoints = 8192

/** sp, kde and kozachenko-leonenko; the two that see noisy points alone are given as many, of the same S. */
export async function estimates(machine: Machine, asked: Asked, draw: Draw, queries: number): Promise<EntropyRow[]> {
  const place = { ...placeOf(asked, draw), part: 'samples' as const }
  const samples = await samplesOf(machine, asked, draw)
  const propagated = await propagation(machine, place, samples, queries, draw.seed)
  const { count } = samples
  const rows = Uint32Array.from({ length: count }, (_, i) => i)
  const points = noisyPoints(samples, rows, place.noise_std, { seed: draw.seed, step: 0 })
  const rival = (estimator: string, estimate: typeof kernelDensity | typeof kozachenkoLeonenko): EntropyRow => {
    const [{ value, se }, seconds] = timed(() => estimate(points))
    return { ...place, ...unknown, estimator, value: finite(value), se, seconds }
  }
  return [propagated, rival('kde', kernelDensity), rival('kozachenko-leonenko', kozachenkoLeonenko)]
}

/** Sample propagation, and its mixture held against samples of its own: below and above h(T), on average. */
export async function references(
  machine: Machine,
  asked: Asked,
  draw: Draw,
  nextSeed: () => number,
): Promise<EntropyRow[]> {
  const place = { ...placeOf(asked, draw), part: 'reference' as const }
  const samples = await samplesOf(machine, asked, draw)
  const propagated = await propagation(machine, place, samples, draw.samples, draw.seed)
  const seed = nextSeed()
  const others = await samplesOf(machine, asked, { ...draw, samples: heldOutPoints, seed })
  const [{ value, se }, seconds] = timed(() => heldOutEntropy(samples, others, place.noise_std, seed))
  const heldOut = { ...place, ...unknown, estimator: 'held-out', queries: heldOutPoints, value, se, seconds }
  return [propagated, heldOut]
}

/** What only sample propagation has. */
const unknown = { queries: null, corrected: null, low: null, high: null, minimal_samples: null, warnings: [] }

function placeOf({ network, layer, seed, epoch }: Asked, { samples, repetition }: Draw) {
  const { width, noiseStd } = layerTable(network)[layer - 1]
  return { seed, epoch, layer, dimension: width, noise_std: noiseStd, samples, repetition }
}

async function samplesOf(machine: Machine, asked: Asked, { samples: count, seed }: Draw) {
  const s = await freshSamples(machine, asked, asked.layer, freshSpiral(count, seed), seed)
  return { count, width: s.length / count, s, x: null, y: null, weights: null }
}

async function propagation(
  machine: Machine,
  place: ReturnType<typeof placeOf> & Pick<EntropyRow, 'part'>,
  samples: { count: number; width: number; s: Float32Array },
  queries: number,
  seed: number,
): Promise<EntropyRow> {
  const { answer } = await entropy(machine, samples, { noiseStd: place.noise_std, queries, seed })
  const { h_t, h_t_corrected, h_t_se, h_t_low, h_t_high, minimal_samples, seconds } = answer
  return {
    ...{ ...place, estimator: 'sp', queries: answer.queries, value: h_t, corrected: h_t_corrected },
    ...{ se: h_t_se, low: h_t_low, high: h_t_high, minimal_samples, seconds, warnings: concerning(answer.warnings) },
  }
}

function timed<T>(work: () => T): [result: T, seconds: number] {
  const start = performance.now()
  return [work(), (performance.now() - start) / 1000]
}

function finite(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value
}
