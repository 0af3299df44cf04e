/**
 * What a comparison is made of: of each seed and layer of a condition how far I(X;T) fell, what clusters did meanwhile, and
 * how closely the two moved together. What cannot be told is null and says why.
 */
import { rankCorrelation } from '../math/rank-correlation.js'
import { groupedBy } from '../report/grouped.js'
import { compression, estimated, threshold, type Compression, type EstimatedRow } from '../report/turning-points.js'
import type { ComparisonRow, Statistic } from '../tables/comparison.js'
import type { BinnedEntropyRow, ClusteringRow } from '../tables/rows.js'
import { isEstimated, type Condition } from './condition.js'

export interface SeedStatistic {
  statistic: Statistic
  parameter: string
  unit: ComparisonRow['unit']
  layer: number | null
  seed: number
  value: number | null
  /** Epochs behind a correlation. */
  pairs: number
  note: string | null
}

type Told = Pick<SeedStatistic, 'value' | 'note'> & { pairs?: number }
const untold = (note: string): Told => ({ value: null, note })
const told = (value: number): Told => ({ value, note: null })

/** One layer of one seed, in whatever tables the run has. */
interface Layer {
  layer: number
  seed: number
  curve: EstimatedRow[]
  fall: Compression | null
  /** Within-class median distance by epoch; null without a table. */
  within: Map<number, number | null> | null
  /** H(Bin) by epoch, by width of the bins. */
  bins: Map<number, Map<number, number>>
}

/** Of every seed and layer of a condition by itself. */
export function seedStatistics(condition: Condition): SeedStatistic[] {
  const measured = new Set(condition.information.map(({ layer }) => layer))
  const own = isEstimated(condition) ? layersOf(condition).filter(({ layer }) => measured.has(layer)) : []
  const layers = own.flatMap(ofLayer)
  return [...layers, ...condition.seeds.map((seed) => accuracy(condition, seed))]
}

/**
 * Rank correlation, for each layer, seed and bin width that both have, of H(Bin(T)) of the one with I(X;T) of the other at
 * the same epochs.
 */
export function crossStatistics(binned: Condition, informed: Condition): SeedStatistic[] {
  const others = new Map(layersOf(informed).map((layer) => [`${layer.layer} ${layer.seed}`, layer]))
  return layersOf(binned).flatMap(({ layer, seed, bins }) => {
    const other = others.get(`${layer} ${seed}`)
    if (other === undefined || other.curve.length === 0) return []
    return [...bins].map(([width, entropies]) =>
      statistic('rank_binned_against', { layer, seed }, together(other.curve, entropies), widthText(width)),
    )
  })
}

export const widthText = (width: number) => `width=${Number(width.toPrecision(12))}`

function ofLayer(layer: Layer): SeedStatistic[] {
  const { curve, fall, within, bins } = layer
  const own = (name: Statistic, value: Told, width?: number) =>
    statistic(name, layer, value, width === undefined ? '' : widthText(width))
  const missing = 'the run has no clustering.arrow'
  return [
    own(
      'compression',
      moved(fall, () => told(fall!.value)),
    ),
    own('conditional_compression', conditional(curve)),
    own('label_change', moved(fall, labelChange)),
    own('within_change', within === null ? untold(missing) : moved(fall, (ends) => ratioOf(within, ends))),
    own('rank_within', within === null ? untold(missing) : together(curve, within)),
    ...[...bins].flatMap(([width, entropies]) => [
      own(
        'binned_change',
        moved(fall, (ends) => changeOf(entropies, ends)),
        width,
      ),
      own('rank_binned', together(curve, entropies), width),
    ]),
  ]
}

function statistic(
  name: Statistic,
  { layer, seed }: { layer: number | null; seed: number },
  { value, note, pairs = 0 }: Told,
  parameter = '',
): SeedStatistic {
  return { statistic: name, parameter, unit: unitOf(name), layer, seed, value, pairs, note }
}

function unitOf(name: Statistic): ComparisonRow['unit'] {
  if (name === 'test_accuracy') return 'fraction'
  return name.startsWith('rank_') || name === 'within_change' ? '1' : 'nats'
}

/** What needs a highest and a last measurement. */
function moved(fall: Compression | null, value: (ends: Compression) => Told): Told {
  return fall === null ? untold('fewer than two estimates of I(X;T)') : value(fall)
}

/** I(X;T|Y) = I(X;T) - I(Y;T): its highest minus its last. */
function conditional(curve: EstimatedRow[]): Told {
  const values = curve.flatMap(({ mi_corrected, label_mi_corrected }) =>
    isNumber(label_mi_corrected) ? [mi_corrected - label_mi_corrected] : [],
  )
  return values.length < 2 ? untold('fewer than two estimates of I(Y;T)') : told(Math.max(...values) - values.at(-1)!)
}

function labelChange({ highest, last }: Compression): Told {
  const [from, to] = [highest.label_mi_corrected, last.label_mi_corrected]
  return isNumber(from) && isNumber(to) ? told(to - from) : untold('no estimate of I(Y;T)')
}

function ratioOf(within: Map<number, number | null>, { highest, last }: Compression): Told {
  const [from, to] = [within.get(highest.epoch), within.get(last.epoch)]
  if (!isNumber(from) || !isNumber(to)) return untold('no distances at the epoch of the highest I(X;T) or the last')
  if (!(from > 0 && to > 0)) return untold('more than half of the pairs of a class lie at one place: distance 0')
  return told(Math.log(to / from))
}

function changeOf(entropies: Map<number, number>, { highest, last }: Compression): Told {
  const [from, to] = [entropies.get(highest.epoch), entropies.get(last.epoch)]
  return isNumber(from) && isNumber(to)
    ? told(to - from)
    : untold('no H(Bin(T)) at the epoch of the highest I(X;T) or the last')
}

/**
 * Rank correlation of I(X;T) with another quantity over the epochs that have both. I(X;T) that never moves beyond its error
 * (as at the ceiling) is constant: the ranks of its last digits would mean nothing.
 */
function together(curve: EstimatedRow[], other: Map<number, number | null>): Told {
  const rows = curve.filter(({ epoch }) => isNumber(other.get(epoch)))
  if (rows.length < 3) return untold(`${rows.length} epochs in common: fewer than three`)
  const byHeight = rows.toSorted((a, b) => a.mi_corrected - b.mi_corrected)
  const [lowest, highest] = [byHeight[0], byHeight[byHeight.length - 1]]
  if (!(highest.mi_corrected - lowest.mi_corrected > threshold(lowest, highest))) {
    return untold('I(X;T) does not move beyond 0.1 nats and its error')
  }
  const value = rankCorrelation(
    rows.map((row) => row.mi_corrected),
    rows.map((row) => other.get(row.epoch)!),
  )
  if (value === null) return untold('the other quantity is constant')
  return { value, note: null, pairs: rows.length }
}

function accuracy({ training }: Condition, seed: number): SeedStatistic {
  const rows = training.filter((row) => row.seed === seed && isNumber(row.test_accuracy))
  const last = rows.reduce<(typeof rows)[number] | null>(
    (late, row) => (late && late.epoch > row.epoch ? late : row),
    null,
  )
  const value = last === null ? untold('no accuracy on a test set') : told(last.test_accuracy!)
  return statistic('test_accuracy', { layer: null, seed }, value)
}

function layersOf({ information, clustering, binned }: Condition): Layer[] {
  const place = ({ layer, seed }: { layer: number; seed: number }) => `${layer} ${seed}`
  const [curves, clusters, bins] = [
    groupedBy(information, place),
    groupedBy(clustering ?? [], place),
    groupedBy(binned ?? [], place),
  ]
  const keys = [...new Set([...curves.keys(), ...clusters.keys(), ...bins.keys()])]
  const layers = keys.map((key) => {
    const [layer, seed] = key.split(' ').map(Number)
    const curve = estimated(curves.get(key) ?? [])
    const within = clusters.has(key) ? distances(clusters.get(key)!) : null
    const fall = curve.length < 2 ? null : compression(curve)
    return { layer, seed, curve, fall, within, bins: entropies(bins.get(key) ?? []) }
  })
  return layers.sort((a, b) => a.layer - b.layer || a.seed - b.seed)
}

const distances = (rows: ClusteringRow[]) => new Map(rows.map((row) => [row.epoch, row.within_median]))

function entropies(rows: BinnedEntropyRow[]): Map<number, Map<number, number>> {
  const widths = [...groupedBy(rows, (row) => row.bin_width)].sort(([a], [b]) => a - b)
  return new Map(widths.map(([width, own]) => [width, new Map(own.map((row) => [row.epoch, row.h_bin]))]))
}

const isNumber = (value: number | null | undefined): value is number => Number.isFinite(value)
