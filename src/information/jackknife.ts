/**
 * From sums of Gaussian kernels to estimates with bias and error: the delete-one jackknife of METHOD 2.1.
 *
 * What is left out in turn is a column: a batch of every input's centers and queries (regime `all`), a batch of queries (regime
 * `exact`), or a group of inputs with their centers and queries (regime `sample`). theta uses everything, theta_(-b) the queries
 * outside column b against the centers outside it.
 * corrected = B theta - (B-1) mean theta_(-b), SE^2 = (B-1)/B sum (theta_(-b) - mean)^2.
 * theta on halves and quarters of the batches shows whether the excess falls as 1/R: step_ratio .5 is that law.
 */
import { mean, studentTQuantile } from '../math/statistics.js'
import { quantities, type Quantity } from '../tables/rows.js'
import { rounding } from './amplification.js'
import { controlOf, gain, type Control } from './control-variate.js'
import type { KernelSums } from './kernel-sums.js'

export type { KernelSums } from './kernel-sums.js'

export interface Estimate {
  raw: number
  corrected: number
  se: number
  low: number
  high: number
}

export interface Estimates extends Record<Quantity, Estimate> {
  stepRatio: number | null
  /** Bound on the effect of f32 rounding on the corrected mi, nats. */
  numericalError: number
}

/** A choice of columns; the sums accumulate over its queries. */
interface Subset {
  has: boolean[]
  size: number
  weight: number
  /** Sums over queries of the logarithms below, plain and with the control variate. */
  logs: Float64Array
  controlled: Float64Array
  control: Control
  /** ln p(x) of the subset less that of all, and ln P(label) by class. */
  priorShift: number
  labelLogs: Float64Array
}

/** Logarithms kept per query: of own, of all, of the same label, of the ratios behind mi and label_mi, and two priors. */
const [OWN, ALL, SAME, MI, LABEL, PRIOR, LABEL_PRIOR] = [0, 1, 2, 3, 4, 5, 6]
const kept = 7

/** All quantities of a layer with bias, error and interval. Nats; label_mi and h_t_given_y are NaN without labels. */
export function jackknife(sums: KernelSums): Estimates {
  const { columns } = sums
  const all = subset(sums, () => true)
  const without = Array.from({ length: columns }, (_, b) => subset(sums, (c) => c !== b))
  const quarterable = sums.columnsAre === 'batches' && columns % 4 === 0
  const halves = quarterable ? parts(sums, 2) : []
  const quarters = quarterable ? parts(sums, 4) : []
  accumulate(sums, [all, ...without, ...halves, ...quarters])
  const whole = value(sums, all)
  const partial = without.map((s) => value(sums, s))
  const estimateOf = (q: Quantity) =>
    combine(
      sums,
      whole[q],
      partial.map((v) => v[q]),
    )
  const estimates = Object.fromEntries(quantities.map((q) => [q, estimateOf(q)])) as Record<Quantity, Estimate>
  const theta = (subsets: Subset[]) => mean(subsets.map((s) => value(sums, s).mi))
  const stepRatio = quarterable ? ratio(estimates.mi, theta(halves), theta(quarters)) : null
  return { ...estimates, stepRatio, numericalError: rounding(sums) }
}

/** corrected -+ t SE, the interval of 95 % with B - 1 degrees of freedom. */
export function withInterval(raw: number, corrected: number, se: number, columns: number): Estimate {
  const reach = studentTQuantile(0.975, columns - 1) * se
  return { raw, corrected, se, low: corrected - reach, high: corrected + reach }
}

function subset(sums: KernelSums, chosen: (column: number) => boolean): Subset {
  const has = Array.from({ length: sums.columns }, (_, b) => chosen(b))
  const held = <T>(rows: ArrayLike<T>) => Array.from(rows).filter((_, g) => rows.length === 1 || has[g])
  const mass = sums.groupMass === null ? 1 : held(sums.groupMass).reduce((sum, p) => sum + p, 0)
  const classes = sums.labelMass[0]?.length ?? 0
  const labelLogs = Float64Array.from({ length: classes }, (_, y) =>
    Math.log(held(sums.labelMass).reduce((sum, row) => sum + row[y], 0) / mass),
  )
  const control = controlOf(sums, chosen)
  const empty = { logs: new Float64Array(kept), controlled: new Float64Array(kept), control, weight: 0 }
  return { has, size: has.filter(Boolean).length, ...empty, priorShift: -Math.log(mass), labelLogs }
}

function parts(sums: KernelSums, count: number): Subset[] {
  return Array.from({ length: count }, (_, k) => subset(sums, (b) => Math.floor((b * count) / sums.columns) === k))
}

function accumulate(sums: KernelSums, subsets: Subset[]): void {
  const logs = new Float64Array(kept)
  const containing = Array.from({ length: sums.columns }, (_, b) => subsets.filter((s) => s.has[b]))
  for (let query = 0; query < sums.count; query++) {
    const u = sums.noiseEnergy[query] - sums.dimension / 2
    const weight = sums.weight[query]
    for (const s of containing[sums.column[query]]) {
      queryLogs(sums, query, s, logs)
      s.weight += weight
      const controlled = weight * gain(s.control, u)
      for (let k = 0; k < kept; k++) {
        s.logs[k] += weight * logs[k]
        s.controlled[k] += controlled * logs[k]
      }
    }
  }
}

/** The logarithms of one query against the centers of a subset; ratios through log1p, exact where clusters are apart. */
function queryLogs(sums: KernelSums, query: number, s: Subset, out: Float64Array): void {
  const { columns, columnsAre, fixed, label } = sums
  const batches = columnsAre === 'batches'
  const rows = columnsAre === 'queries' ? 1 : columns
  let own = batches ? 0 : sums.own[query]
  let [same, other] = [0, 0]
  for (let b = 0; b < rows; b++) {
    if (rows > 1 && !s.has[b]) continue
    const at = query * rows + b
    if (batches) own += sums.own[at]
    same += sums.others[2 * at]
    other += sums.others[2 * at + 1]
  }
  if (batches) {
    const scale = columns / s.size
    own *= scale
    same *= scale
    other *= scale
  }
  if (fixed !== null) {
    own += fixed[3 * query]
    same += fixed[3 * query + 1]
    other += fixed[3 * query + 2]
  }
  const prior = sums.logPrior[query] + s.priorShift
  out[OWN] = Math.log(own)
  out[MI] = -Math.log1p((same + other) / own)
  out[ALL] = prior + out[OWN] - out[MI]
  out[PRIOR] = prior
  if (label === null) return
  out[LABEL_PRIOR] = s.labelLogs[label[query]]
  out[SAME] = prior + Math.log(own + same) - out[LABEL_PRIOR]
  out[LABEL] = -Math.log1p(other / (own + same))
}

/** theta of a subset. A control variate takes out the known mean of the noise energy: not of mi and label_mi where centers are in batches. */
function value({ columnsAre, dimension, noiseStd, ownKnown, label }: KernelSums, s: Subset): Record<Quantity, number> {
  const noiseEntropy = (dimension / 2) * Math.log(2 * Math.PI * Math.E * noiseStd ** 2)
  const entropy = (k: number) => noiseEntropy - s.controlled[k] / s.weight
  const ratio = (k: number) => (columnsAre === 'batches' ? s.logs : s.controlled)[k] / s.weight
  return {
    mi: ratio(MI) - ratio(PRIOR),
    label_mi: label === null ? NaN : ratio(LABEL) - ratio(LABEL_PRIOR),
    h_t: entropy(ALL),
    h_t_given_x: ownKnown ? noiseEntropy : entropy(OWN),
    h_t_given_y: label === null ? NaN : entropy(SAME),
  }
}

function combine({ columns, columnsAre }: KernelSums, raw: number, partial: number[]): Estimate {
  const centre = mean(partial)
  const se = Math.sqrt(((columns - 1) / columns) * partial.reduce((sum, p) => sum + (p - centre) ** 2, 0))
  return withInterval(raw, columnsAre === 'queries' ? raw : columns * raw - (columns - 1) * centre, se, columns)
}

/** A bias below this, in nats, is nobody's concern and may be rounding. */
const negligible = 1e-6

/** (theta_half - theta) / (theta_quarter - theta_half), where the denominator stands out of the noise. */
function ratio(mi: Estimate, half: number, quarter: number): number | null {
  return Math.abs(quarter - half) > 3 * mi.se + negligible ? (half - mi.raw) / (quarter - half) : null
}
