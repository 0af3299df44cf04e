/**
 * Conditions side by side, as the rows of comparison.arrow: every number of every seed, means over seeds with intervals, and
 * differences to the reference, within seeds where both have them and as of two groups of networks.
 */
import { pairedTInterval, tInterval, welchTInterval, type Interval } from '../math/intervals.js'
import { fisherInterval } from '../math/rank-correlation.js'
import { groupedBy } from '../report/grouped.js'
import type { ComparisonRow } from '../tables/comparison.js'
import { isEstimated, type Condition } from './condition.js'
import { crossStatistics, seedStatistics, type SeedStatistic } from './seed-statistics.js'

/** All rows, conditions in order; the first is what differences are taken to. */
export function compareConditions(conditions: readonly Condition[]): ComparisonRow[] {
  const [reference, ...others] = conditions.map((condition) => ({ condition, found: seedStatistics(condition) }))
  const own = [reference, ...others].flatMap(({ condition, found }) => summaries(condition.name, null, found))
  const apart = others.flatMap(({ condition, found }) =>
    differences([condition.name, found], [reference.condition.name, reference.found]),
  )
  return [...own, ...apart, ...crossings(conditions)]
}

/** Binned entropies of each condition without noise against I(X;T) of the reference; where it has none, of all that have. */
function crossings(conditions: readonly Condition[]): ComparisonRow[] {
  const noiseless = conditions.filter((condition) => !isEstimated(condition) && condition.binned !== null)
  const noisy = isEstimated(conditions[0]) ? conditions.slice(0, 1) : conditions.filter(isEstimated)
  return noiseless.flatMap((binned) =>
    noisy.flatMap((other) => summaries(binned.name, other.name, crossStatistics(binned, other))),
  )
}

const kind = ({ statistic, layer, parameter }: SeedStatistic) => `${statistic} ${layer} ${parameter}`

function summaries(condition: string, against: string | null, found: SeedStatistic[]): ComparisonRow[] {
  return [...groupedBy(found, kind).values()].flatMap((seeds) => [
    ...seeds.map((seed) => ofSeed(condition, against, seed)),
    overSeeds(condition, against, seeds),
  ])
}

function ofSeed(condition: string, against: string | null, found: SeedStatistic): ComparisonRow {
  const { seed, value, note } = found
  const place = { condition, against, ...placeOf(found) }
  const seeds = value === null ? 0 : 1
  return { ...place, method: 'seed', seed, seeds, against_seeds: null, value, low: null, high: null, note }
}

function overSeeds(condition: string, against: string | null, all: SeedStatistic[]): ComparisonRow {
  const known = all.filter(hasValue)
  const correlated = all[0].statistic.startsWith('rank_')
  const notes = known.length === 0 ? [...new Set(all.map(({ note }) => note))].join('; ') : null
  return {
    ...{ condition, against, ...placeOf(all[0]), seed: null, seeds: known.length, against_seeds: null },
    method: correlated ? 'fisher-z' : 'mean',
    ...(correlated ? rounded(fisherInterval(known)) : ends(tInterval(known.map(({ value }) => value)))),
    note: notes ?? (known.length === 1 ? 'one seed: no interval' : null),
  }
}

type Named = [name: string, found: SeedStatistic[]]

/** Paired over common seeds and unpaired; correlations are not subtracted. */
function differences([name, found]: Named, [reference, theirs]: Named): ComparisonRow[] {
  const others = groupedBy(theirs.filter(hasValue), kind)
  return [...groupedBy(found.filter(hasValue), kind)].flatMap(([key, own]) => {
    const other = others.get(key)
    if (other === undefined || own[0].statistic.startsWith('rank_')) return []
    const place = { condition: name, against: reference, ...placeOf(own[0]), seed: null }
    return [paired(place, own, other), unpaired(place, own, other)].filter((row) => row !== null)
  })
}

type Known = SeedStatistic & { value: number }
type Place = Pick<ComparisonRow, 'condition' | 'against' | 'statistic' | 'parameter' | 'unit' | 'layer' | 'seed'>

function paired(place: Place, own: Known[], other: Known[]): ComparisonRow | null {
  const common = own.filter(({ seed }) => other.some((each) => each.seed === seed))
  if (common.length === 0) return null
  const same = common.map(({ seed }) => other.find((each) => each.seed === seed)!)
  const interval = pairedTInterval(valuesOf(common), valuesOf(same))
  const note = common.length === 1 ? 'one seed in common: no interval' : null
  return { ...place, method: 'paired', seeds: common.length, against_seeds: common.length, ...ends(interval), note }
}

function unpaired(place: Place, own: Known[], other: Known[]): ComparisonRow {
  const interval = welchTInterval(valuesOf(own), valuesOf(other))
  const note = Number.isFinite(interval.half) ? null : 'a condition of one seed: no interval'
  return { ...place, method: 'welch', seeds: own.length, against_seeds: other.length, ...ends(interval), note }
}

const valuesOf = (known: Known[]) => known.map(({ value }) => value)
const hasValue = (found: SeedStatistic): found is Known => found.value !== null

function placeOf({ layer, statistic, parameter, unit }: SeedStatistic) {
  return { layer, statistic, parameter, unit }
}

function ends({ value, half }: Interval) {
  return rounded({ value, low: value - half, high: value + half })
}

/** NaN, of no value or no interval, is null in a table. */
function rounded({ value, low, high }: { value: number; low: number; high: number }) {
  const number = (each: number) => (Number.isFinite(each) ? each : null)
  return { value: number(value), low: number(low), high: number(high) }
}
