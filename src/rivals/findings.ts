/** What each rival finds in samples, by parameter and quantity. */
import type { Samples } from '../samples/samples.js'
import type { Quantity } from '../tables/rows.js'
import { binnedInformation, binnedNeurons, type Binning } from './binned.js'
import { inputCodes } from './codes.js'
import { entropyDifferences, type Differences } from './differences.js'
import { drawRows, drawable, noisyPoints, restrictedTo } from './draws.js'
import type { Estimate } from './estimate.js'
import { kernelDensity } from './kde.js'
import { kolchinskyTracey, type Bounds } from './kolchinsky-tracey.js'
import { kozachenkoLeonenko } from './kozachenko-leonenko.js'
import { ksgDiscrete } from './ksg.js'

/** Samples, the noise of the layer (0: none), and the seed of the points drawn. */
export interface Setting {
  samples: Samples
  noiseStd: number
  seed: number
}

export interface Finding extends Estimate {
  /** In words, as `width=0.07`. */
  parameter: string
  quantity: Quantity
  /** Rows or noisy points that went in. */
  points: number
}

type Found = Partial<Record<Quantity, Estimate | null>>

const binnings: [parameter: string, binning: Binning][] = [
  ['width=0.5', { width: 0.5 }],
  ['width=0.07', { width: 0.07 }],
  ['width=0.01', { width: 0.01 }],
  ['bins=30, range=[-1,1]', { count: 30, low: -1, high: 1 }],
  ['bins=30, range=data', { count: 30 }],
]

/** Variances of the noise that Saxe et al. imagine in layers without any. */
const saxeVariances = [1e-3, 1e-1]

/** k of both estimators by nearest neighbours. */
const neighbours = 3

/** Bins of all neurons together. */
export const binnedJointly = (setting: Setting) =>
  binned(setting, (samples, binning) => {
    const { mi, label_mi } = binnedInformation(samples, binning)
    return [mi, label_mi]
  })

/** Each neuron's bins by themselves: the mean over neurons. */
export const binnedMean = (setting: Setting) =>
  binned(setting, (samples, binning) => overNeurons(samples, binning, samples.width))

/** Each neuron's bins by themselves: the sum over neurons. */
export const binnedSum = (setting: Setting) => binned(setting, (samples, binning) => overNeurons(samples, binning, 1))

/** The bounds with the layer's own noise; none without. */
export function pairwise({ samples, noiseStd, seed }: Setting): Finding[] {
  if (noiseStd === 0) return []
  const { rows, h_t, h_t_given_x, mi, label_mi } = kolchinskyTracey(samples, noiseStd, { seed })
  return sides(`std=${noiseStd}`, rows, { h_t, h_t_given_x, mi, label_mi })
}

/** The same kernels with noise that is only imagined, and differences of like terms. */
export function saxe({ samples, seed }: Setting): Finding[] {
  return saxeVariances.flatMap((variance) => {
    const { rows, h_t, h_t_given_x, same } = kolchinskyTracey(samples, Math.sqrt(variance), { seed })
    return sides(`variance=${variance}`, rows, { h_t, h_t_given_x, ...same })
  })
}

export function kernels({ samples, noiseStd, seed }: Setting): Finding[] {
  const points = drawable(samples, noiseStd, 2048)
  const widths: (number | null)[] = []
  const entropy = (of: Parameters<typeof kernelDensity>[0]) => {
    const found = kernelDensity(of)
    widths.push(found.width)
    return found
  }
  const found = entropyDifferences(samples, { noiseStd, points, seed, entropy })
  return listed(`width=${widths[0]?.toPrecision(3) ?? 'none'}`, points, found)
}

export function nearestEntropy({ samples, noiseStd, seed }: Setting): Finding[] {
  const points = pointsFor(samples, noiseStd)
  const entropy = (of: Parameters<typeof kozachenkoLeonenko>[0]) => kozachenkoLeonenko(of, neighbours)
  return listed(`k=${neighbours}`, points, entropyDifferences(samples, { noiseStd, points, seed, entropy }))
}

/** Input and label are both discrete here; an input of one point is left out. */
export function nearestInformation({ samples, noiseStd, seed }: Setting): Finding[] {
  const count = pointsFor(samples, noiseStd)
  const rows = drawRows(samples, count, { seed, step: 0 })
  const points = noisyPoints(samples, rows, noiseStd, { seed, step: 0 })
  const given = (codes: Uint32Array | null) => (codes ? rows.map((row) => codes[row]) : rows)
  const label_mi = samples.y && ksgDiscrete(points, given(samples.y), neighbours)
  return listed(`k=${neighbours}`, count, { mi: ksgDiscrete(points, given(samples.x), neighbours), label_mi })
}

/** Four of each input, as far as affordable: distances cost d, and beyond 16 dimensions a tree saves little. */
function pointsFor(samples: Samples, noiseStd: number): number {
  const affordable = Math.max(256, Math.floor(16_384 * Math.min(1, 16 / samples.width)))
  return drawable(samples, noiseStd, Math.min(affordable, Math.max(4096, 4 * inputCodes(samples).count)))
}

/** Of at most four million numbers: where there are more, rows are drawn. */
function binned(
  { samples, seed }: Setting,
  information: (samples: Samples, binning: Binning) => [mi: number, label_mi: number | null],
): Finding[] {
  const most = Math.max(1, Math.floor(4e6 / samples.width))
  const used = samples.count <= most ? samples : restrictedTo(samples, drawRows(samples, most, { seed, step: 0 }))
  const exact = (value: number | null) => (value === null ? null : { value, se: null })
  return binnings.flatMap(([parameter, binning]) => {
    const [mi, label_mi] = information(used, binning)
    return listed(parameter, used.count, { mi: exact(mi), label_mi: exact(label_mi) })
  })
}

/** Sums over neurons, over `divisor`. */
function overNeurons(samples: Samples, binning: Binning, divisor: number): [number, number | null] {
  const neurons = binnedNeurons(samples, binning)
  const total = (values: number[]) => values.reduce((a, b) => a + b, 0) / divisor
  const ofLabels = samples.y && total(neurons.map(({ label_mi }) => label_mi!))
  return [total(neurons.map(({ mi }) => mi)), ofLabels]
}

function sides(parameter: string, points: number, found: Partial<Record<Quantity, Bounds | null>>): Finding[] {
  const side = (name: keyof Bounds) =>
    Object.fromEntries(Object.entries(found).map(([quantity, bounds]) => [quantity, bounds && bounds[name]]))
  return (['lower', 'upper'] as const).flatMap((name) => listed(`${parameter}, ${name}`, points, side(name)))
}

/** One finding for each quantity that there is; one that cannot be told has value null. */
function listed(parameter: string, points: number, found: Found | Differences): Finding[] {
  return (Object.entries(found) as [Quantity, Estimate | null][]).flatMap(([quantity, estimate]) =>
    estimate ? [{ parameter, quantity, ...estimate, points }] : [],
  )
}
