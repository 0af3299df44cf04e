/**
 * What the rows of a comparison say in words, claim by claim: it holds where the whole interval over seeds is on its side,
 * fails where the whole interval is on the other, and otherwise cannot be told. So one seed tells nothing of others.
 */
import { fixed, withMargin } from '../report/numbers.js'
import { seedSummaries } from '../report/seed-summary.js'
import type { ComparisonRow, Statistic } from '../tables/comparison.js'
import { isEstimated, type Condition } from './condition.js'

export type Verdict = 'holds' | 'holds for some widths' | 'fails' | 'cannot be told'

export interface Claim {
  claim: string
  condition: string
  against: string | null
  layer: number
  verdict: Verdict
  /** Numbers behind the verdict, as the end of a sentence. */
  because: string
}

/** How much less a condition must compress to be called so for sure: the nat of the claim about orthonormal weights. */
const clearly = 1

/** All claims of all layers, in the order in which a person reads them. */
export function claimsOf(conditions: readonly Condition[], rows: readonly ComparisonRow[]): Claim[] {
  const own = conditions.filter(isEstimated)
  const told = rows.filter((row) => row.against !== null || knownLayers(row.condition, rows).has(row.layer))
  const lossy = (condition: Condition) => (claim: Claim) => compressedLayers(condition).includes(claim.layer)
  return [
    ...own.flatMap(compresses),
    ...own.flatMap((condition) => withinLabels(condition.name, rows).filter(lossy(condition))),
    ...conditions.slice(1).flatMap(({ name }) => compressesLess(name, rows).filter(lossy(conditions[0]))),
    ...own.flatMap(({ name, clustering }) => (clustering === null ? [] : followsDistance(name, told))),
    ...own.flatMap(({ name }) => followsBins(name, null, told)),
    ...conditions.flatMap(({ name }) => own.flatMap((other) => followsBins(name, other.name, told))),
  ]
}

export function rowsOf(
  rows: readonly ComparisonRow[],
  statistic: Statistic,
  method: ComparisonRow['method'],
  condition: string,
): ComparisonRow[] {
  return rows.filter((row) => row.statistic === statistic && row.method === method && row.condition === condition)
}

/** '0.91 [0.80, 0.96]'; '-' without a value, no brackets without an interval. */
export function withEnds({ value, low, high }: ComparisonRow, digits = 2): string {
  const text = fixed(value, digits)
  return low === null || high === null || value === null
    ? text
    : `${text} [${fixed(low, digits)}, ${fixed(high, digits)}]`
}

/** '2.29 ± 0.31' in so many units. */
export function margin({ value, low, high }: ComparisonRow, digits = 2, scale = 1): string {
  const half = low === null || high === null ? null : (scale * (high - low)) / 2
  return withMargin(value === null ? null : scale * value, half, digits)
}

/** Of a difference or a mean against a bound: whether all of it is below. */
function below(row: ComparisonRow, bound: number): Verdict {
  if (row.low === null || row.high === null) return 'cannot be told'
  return row.high < bound ? 'holds' : row.low >= bound ? 'fails' : 'cannot be told'
}

function above(row: ComparisonRow, bound: number): Verdict {
  if (row.low === null || row.high === null) return 'cannot be told'
  return row.low > bound ? 'holds' : row.high <= bound ? 'fails' : 'cannot be told'
}

function compresses({ name, information }: Condition): Claim[] {
  return seedSummaries(information)
    .filter(({ curves }) => curves.some((curve) => curve.length > 1))
    .map(({ layer, falls, paired, compressed }): Claim => {
      const all = compressed === falls.length && paired.half < paired.value
      const verdict =
        compressed === 0 ? (falls.length > 1 ? 'fails' : 'cannot be told') : all ? 'holds' : 'cannot be told'
      const amount = withMargin(paired.value, paired.half, 2)
      const because = `I(X;T) ended ${amount} nats below its highest value, compression in ${compressed} of ${seeds(falls.length)}`
      return { ...{ claim: 'it compresses', condition: name, against: null, layer, verdict }, because }
    })
}

/** Layers with a curve of I(X;T). */
function knownLayers(condition: string, rows: readonly ComparisonRow[]): Set<number | null> {
  const found = rowsOf(rows, 'compression', 'mean', condition).filter(({ value }) => value !== null)
  return new Set(found.map(({ layer }) => layer))
}

/** Layers that compressed in a seed at least: elsewhere there is nothing to explain. */
function compressedLayers({ information }: Condition): number[] {
  return seedSummaries(information).flatMap(({ layer, compressed }) => (compressed > 0 ? [layer] : []))
}

/** Compression by clusters of one label takes away what T knows beyond the label. */
function withinLabels(condition: string, rows: readonly ComparisonRow[]): Claim[] {
  const labels = rowsOf(rows, 'label_change', 'mean', condition)
  return rowsOf(rows, 'conditional_compression', 'mean', condition)
    .filter((row) => row.value !== null)
    .map((row): Claim => {
      const change = labels.find(({ layer }) => layer === row.layer)
      const beside = change === undefined ? '' : `, while I(Y;T) changed by ${margin(change)}`
      const because = `I(X;T|Y) ended ${margin(row)} nats below its highest value${beside}`
      const claim = 'what is lost is information within labels'
      const verdict = row.value === 0 ? (row.seeds > 1 ? 'fails' : 'cannot be told') : above(row, 0)
      return { claim, condition, against: null, layer: row.layer!, verdict, because }
    })
}

function compressesLess(condition: string, rows: readonly ComparisonRow[]): Claim[] {
  const unpaired = rowsOf(rows, 'compression', 'welch', condition)
  return unpaired.flatMap((welch): Claim[] => {
    const paired = rowsOf(rows, 'compression', 'paired', condition).find(({ layer }) => layer === welch.layer)
    const row = paired !== undefined && (paired.low !== null || welch.low === null) ? paired : welch
    const how =
      row === paired ? `paired, ${seeds(row.seeds)}` : `unpaired, ${row.seeds} and ${seeds(row.against_seeds!)}`
    const other = paired === row && welch.low !== null ? `; unpaired ${margin(welch)}` : ''
    const because = `its compression minus that of ${row.against} is ${margin(row)} nats (${how}${other})`
    const place = { condition, against: row.against, layer: row.layer! }
    return [
      { ...place, claim: `it compresses less than ${row.against}`, verdict: below(row, 0), because },
      {
        ...place,
        claim: `it compresses at least ${clearly} nat less than ${row.against}`,
        verdict: below(row, -clearly),
        because,
      },
    ]
  })
}

function followsDistance(condition: string, rows: readonly ComparisonRow[]): Claim[] {
  return rowsOf(rows, 'rank_within', 'fisher-z', condition).map((row): Claim => {
    const change = rowsOf(rows, 'within_change', 'mean', condition).find(({ layer }) => layer === row.layer)
    const factor =
      change === undefined || change.value === null
        ? ''
        : `; from the highest I to the last it changed by a factor of ${times(change)}`
    const because =
      row.value === null
        ? row.note!
        : `their rank correlation over epochs is ${withEnds(row)} (${seeds(row.seeds)})${factor}`
    const claim = 'I(X;T) follows the distance within classes'
    return { claim, condition, against: null, layer: row.layer!, verdict: above(row, 0), because }
  })
}

/** '0.31 [0.20, 0.48]' of a logarithm. */
function times(row: ComparisonRow): string {
  const [value, low, high] = [row.value, row.low, row.high].map((each) => (each === null ? null : Math.exp(each)))
  return withEnds({ ...row, value, low, high })
}

/** Of the own I(X;T), or (of a network without noise) of another condition's. It holds where it does for all widths. */
function followsBins(condition: string, against: string | null, rows: readonly ComparisonRow[]): Claim[] {
  const statistic = against === null ? 'rank_binned' : 'rank_binned_against'
  const found = rowsOf(rows, statistic, 'fisher-z', condition).filter((row) => row.against === against)
  return [...new Set(found.map(({ layer }) => layer!))].map((layer): Claim => {
    const widths = found.filter((row) => row.layer === layer)
    const claim = against === null ? 'I(X;T) follows H(Bin(T))' : `H(Bin(T)) follows the I(X;T) of ${against}`
    return { claim, condition, against, layer, ...overWidths(widths) }
  })
}

function overWidths(widths: ComparisonRow[]): Pick<Claim, 'verdict' | 'because'> {
  const known = widths.filter((row) => row.value !== null)
  if (known.length === 0)
    return { verdict: 'cannot be told', because: [...new Set(widths.map(({ note }) => note))].join('; ') }
  const verdicts = known.map((row) => above(row, 0))
  const holding = verdicts.filter((verdict) => verdict === 'holds').length
  const failing = verdicts.filter((verdict) => verdict === 'fails').length
  const some = holding > 0 ? 'holds for some widths' : 'cannot be told'
  const verdict = holding === known.length ? 'holds' : failing === known.length ? 'fails' : some
  const [least, most] = extremes(known)
  const range =
    least === most
      ? `their rank correlation over epochs is ${withEnds(least)} for ${least.parameter}`
      : `their rank correlation over epochs goes from ${withEnds(least)} for ${least.parameter} to ${withEnds(most)} for ${most.parameter}`
  const of = `${holding} of ${known.length}`
  const count = known.length > 1 ? `; its interval is above 0 for ${of} widths, below for ${failing}` : ''
  return { verdict, because: `${range}${count}` }
}

/** Least and greatest value. */
export function extremes(rows: readonly ComparisonRow[]): [ComparisonRow, ComparisonRow] {
  const sorted = rows.toSorted((a, b) => a.value! - b.value!)
  return [sorted[0], sorted[sorted.length - 1]]
}

const seeds = (count: number) => `${count} seed${count === 1 ? '' : 's'}`
