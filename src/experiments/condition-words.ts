/**
 * What several conditions showed, in tables and in words, from their measured values. Every interval is a 95 % t-interval over seeds; a
 * claim holds where all of it is on its side, fails where all of it is on the other, and cannot be told otherwise.
 */
import { tInterval, type Interval } from '../math/intervals.js'
import { fisherInterval } from '../math/rank-correlation.js'
import { studentTQuantile } from '../math/statistics.js'
import { fixed, percent, ranges, withMargin, wrapped } from '../report/numbers.js'
import {
  binnedCorrelations,
  endSimilarity,
  errorDifference,
  fewestEpochs,
  lastEpoch,
  layersOf,
  sharedWidths,
  testErrors,
  type Seen,
} from './condition-summary.js'

export interface Told {
  /** '' where claims may be made, else why they may not. */
  noClaims: string
  /** Whatever else belongs to the words. */
  notes: string[]
}

/** Points of test error that a proxy may cost, and the cosine similarity that it must keep: ours. */
const bounds = { points: 1, cosine: 0.9 }
/** Two seeds may agree by chance, to the last image. */
const fewestSeeds = 3
/** The width of bins that tables show. */
const shownWidth = 0.1

type Verdict = 'holds' | 'fails' | 'cannot be told'

/** Tables, claims and notes; conditions that did not come to their end are named and left out. '' where none did. */
export function conditionWords(all: readonly Seen[], told: Told): string {
  const seen = all.filter(({ whole }) => whole)
  const missing = all.filter(({ whole }) => !whole).map(({ condition }) => condition.title)
  if (seen.length === 0) return ''
  const [reference, ...others] = seen
  const enough = others.length > 0 && testErrors(reference).size >= fewestSeeds
  const blocks = [
    errorTable(reference, others),
    similarityTable(reference, others),
    correlationTable(reference, others),
    ...(enough && told.noClaims === '' ? [claimLines(reference, others)] : []),
    notes(seen, missing, told),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function errorTable(reference: Seen, others: readonly Seen[]): string {
  const errors = (own: Seen) => [...testErrors(own).values()]
  const epoch = lastEpoch(reference.training)
  const line = (own: Seen) => {
    const { value, half } = tInterval(errors(own).map((error) => 100 * error))
    const paired = own === reference ? '' : margin(errorDifference(own, reference))
    return `  ${own.condition.title.padEnd(16)}${withMargin(value, half, 2).padStart(18)}${paired.padStart(26)}`.trimEnd()
  }
  const heading = `${`Test error, %, epoch ${epoch}`.padEnd(18).padEnd(24)}${'mean'.padStart(12)}`
  const against = others.length > 0 ? `${`- ${reference.condition.title}, paired`.padStart(26)}` : ''
  return [`${heading}${against}`, ...[reference, ...others].map(line)].join('\n')
}

const margin = ({ value, half }: Interval) => (value > 0 ? '+' : '') + withMargin(value, half, 2)

function similarityTable(reference: Seen, others: readonly Seen[]): string {
  const layers = layersOf(others.flatMap(({ similarity }) => similarity))
  if (layers.length === 0) return ''
  const cells = others.map((own) =>
    layers.map((layer) => {
      const { value, half } = tInterval(endSimilarity(own, layer))
      return withMargin(value, half, 3)
    }),
  )
  const heading = `Cosine similarity to ${reference.condition.title} after the last epoch, mean over inputs and seeds`
  return [wrapped(heading), ...grid(layers.map(layerName), others, cells)].join('\n')
}

function correlationTable(reference: Seen, others: readonly Seen[]): string {
  const layers = layersOf(reference.binned)
  const correlated = others.map((own) => layers.map((layer) => binnedCorrelations(own, reference, layer, shownWidth)))
  if (!correlated.flat(2).length) return ''
  const cells = correlated.map((row) =>
    row.map((series) => (series.length > 0 ? withEnds(fisherInterval(series)) : '-')),
  )
  const heading = `Rank correlation over epochs of H(Bin(T)), bins of ${shownWidth}, with that of ${reference.condition.title}`
  return [wrapped(heading), ...grid(layers.map(layerName), others, cells)].join('\n')
}

const layerName = (layer: number) => `layer ${layer}`

function withEnds({ value, low, high }: { value: number; low: number; high: number }): string {
  const ends = Number.isFinite(low) && Number.isFinite(high) ? ` [${fixed(low, 2)}, ${fixed(high, 2)}]` : ''
  return `${fixed(value, 2)}${ends}`
}

/** A line for each condition; as many columns beside each other as 80 characters hold. */
function grid(names: string[], conditions: readonly Seen[], cells: string[][]): string[] {
  const width = 2 + Math.max(...[...names, ...cells.flat()].map(({ length }) => length))
  const head = 2 + Math.max(...conditions.map(({ condition }) => condition.title.length))
  const most = Math.max(1, Math.floor((80 - head) / width))
  const parts = Array.from({ length: Math.ceil(names.length / most) }, (_, i) => [most * i, most * (i + 1)])
  return parts.flatMap(([from, to]) => [
    ' '.repeat(head) + padded(names.slice(from, to), width),
    ...conditions.map(
      ({ condition }, i) => `  ${condition.title}`.padEnd(head) + padded(cells[i].slice(from, to), width),
    ),
  ])
}

const padded = (texts: string[], width: number) => texts.map((text) => text.padStart(width)).join('')

function claimLines(reference: Seen, others: readonly Seen[]): string {
  const heading = `Claims; the bounds of ${bounds.points} point and ${bounds.cosine} are ours`
  const lines = others.map((own) => {
    const said = [costClaim(own, reference), similarClaim(own), alikeClaim(own, reference)].filter(Boolean)
    return wrapped(`  ${own.condition.title}: ${said.join('; ')}.`, 80, 4)
  })
  return [heading, ...lines, ...hurtClaim(reference, others)].join('\n')
}

/** Whether an interval lies below a bound; one seed has none. */
function below({ value, half }: Interval, bound: number): Verdict {
  if (!Number.isFinite(half)) return 'cannot be told'
  return value + half < bound ? 'holds' : value - half >= bound ? 'fails' : 'cannot be told'
}

const above = ({ value, half, dof }: Interval, bound: number) => below({ value: -value, half, dof }, -bound)

function costClaim(own: Seen, reference: Seen): string {
  const cost = errorDifference(own, reference)
  return `less than ${bounds.points} point more test error: ${below(cost, bounds.points)} (${margin(cost)})`
}

/** By the layer that is least similar. */
function similarClaim(own: Seen): string {
  const found = layersOf(own.similarity).map((layer) => ({ layer, interval: tInterval(endSimilarity(own, layer)) }))
  const least = found.filter(({ interval }) => Number.isFinite(interval.value))
  if (least.length === 0) return ''
  const { layer, interval } = least.reduce((a, b) => (b.interval.value < a.interval.value ? b : a))
  const what = `cosine similarity above ${bounds.cosine} in every layer`
  const value = withMargin(interval.value, interval.half, 3)
  return `${what}: ${above(interval, bounds.cosine)} (least in layer ${layer}, ${value})`
}

/** Over layers and widths whose entropies move in both. */
function alikeClaim(own: Seen, reference: Seen): string {
  const found = layersOf(own.binned).flatMap((layer) =>
    sharedWidths(own, reference).flatMap((width) => {
      const series = binnedCorrelations(own, reference, layer, width)
      return series.length === 0 ? [] : [{ layer, width, interval: fisherInterval(series) }]
    }),
  )
  if (found.length === 0) return ''
  const holding = found.filter(({ interval }) => interval.low > 0).length
  const failing = found.filter(({ interval }) => interval.high <= 0).length
  const least = found.reduce((a, b) => (b.interval.value < a.interval.value ? b : a))
  const verdict = holding === found.length ? 'holds' : failing === found.length ? 'fails' : 'cannot be told of all'
  const place = `layer ${least.layer}, bins of ${least.width}: ${withEnds(least.interval)}`
  const count = `${holding} of ${found.length} layers and widths above 0, ${failing} below`
  return `H(Bin(T)) moves alike: ${verdict} (${count}; least in ${place})`
}

/** That enough noise hurts: by the largest of the run. */
function hurtClaim(reference: Seen, others: readonly Seen[]): string[] {
  const noisy = others.filter(({ condition }) => condition.config.noise.std > 0)
  if (noisy.length < 2) return []
  const most = noisy.reduce((a, b) => (b.condition.config.noise.std > a.condition.config.noise.std ? b : a))
  const cost = errorDifference(most, reference)
  const said = `the largest noise, ${most.condition.config.noise.std}, costs test error: ${above(cost, 0)} (${margin(cost)})`
  return [wrapped(`  ${said}.`, 80, 4)]
}

function notes(seen: readonly Seen[], missing: string[], { noClaims, notes: more }: Told): string {
  const [reference, ...others] = seen
  const seeds = testErrors(reference).size
  const epochs = new Set(reference.binned.map(({ epoch }) => epoch)).size
  const texts = [
    ...(others.some(({ similarity }) => similarity.some(({ epoch }) => epoch === 0))
      ? ['Before the first step every cosine similarity is 1 exactly: all conditions start from the same weights.']
      : []),
    intervals(seeds),
    ...(others.length > 0 && epochs < fewestEpochs
      ? [`Measured at ${epochs} epochs, too few for rank correlations over epochs (${fewestEpochs}).`]
      : []),
    ...aloneInBins(seen),
    ...(others.length > 0 ? whyNoClaims(seeds, noClaims) : []),
    ...more,
    ...(missing.length > 0 ? [`Not finished, and left out here: ${missing.join(', ')}.`] : []),
  ]
  return texts.map((text) => wrapped(text)).join('\n')
}

/** Layers whose bins tell nothing: every input has one to itself, at every epoch and seed. */
function aloneInBins(seen: readonly Seen[]): string[] {
  const rows = seen.flatMap(({ binned }) => binned.filter((row) => row.bin_width === shownWidth))
  const alone = layersOf(rows).filter((layer) =>
    rows.every((row) => row.layer !== layer || (row.inputs > 1 && row.bins === row.inputs)),
  )
  if (alone.length === 0) return []
  const where = `${alone.length === 1 ? 'layer' : 'layers'} ${ranges(alone)}`
  return [
    `H(Bin(T)) of ${where} is log ${rows[0].inputs} throughout: bins of ${shownWidth} hold one input each, and tell nothing there.`,
  ]
}

function whyNoClaims(seeds: number, said: string): string[] {
  if (said !== '') return [said]
  return seeds < fewestSeeds ? [`Claims take ${fewestSeeds} seeds or more: --seeds 1..4.`] : []
}

function intervals(seeds: number): string {
  if (seeds < 2) return 'One seed: no intervals, and nothing said of other seeds.'
  const reach = fixed(studentTQuantile(0.975, seeds - 1), 1)
  const wide = seeds <= 3 ? `; ${seeds} seeds make wide ones (${reach} standard errors)` : ''
  return `Intervals: 95 % of Student's t over ${seeds} seeds (${percent(0.95, 0)} each by itself)${wide}; of rank correlations in Fisher's z.`
}
