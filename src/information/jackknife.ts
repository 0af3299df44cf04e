/**
 * From sums of Gaussian kernels to estimates with bias and error: the delete-one-batch jackknife of METHOD 2.1.
 *
 * Queries and centers come in B batches. theta uses all queries and all centers; theta_(-b) the queries of the other batches against
 * the centers of the other batches. corrected = B theta - (B-1) mean theta_(-b), SE^2 = (B-1)/B sum (theta_(-b) - mean)^2.
 * theta on halves and quarters of the batches shows whether the excess falls as 1/R: step_ratio .5 is that law.
 */
import { mean, studentTQuantile } from '../math/statistics.js'
import { quantities, type Quantity } from '../tables/rows.js'

/** The kernel sums of one layer. Query i is number i % (B Q) of input floor(i / (B Q)), of batch floor((i % (B Q)) / Q). */
export interface KernelSums {
  /** m. */
  inputs: number
  /** B. */
  batches: number
  /** Q. */
  queriesPerBatch: number
  dimension: number
  noiseStd: number
  /** K and R: centers behind `own` and behind each input of `others`. */
  ownReplicas: number
  replicas: number
  /** Whether centers come in batches too; else there is one batch of centers (lowest noisy layer, R = K = 1). */
  batchedCenters: boolean
  /** queries x center batches: sum over the input's own centers. */
  own: ArrayLike<number>
  /** queries x center batches x 2: sums over the centers of other inputs, of the same label and of other labels. */
  others: ArrayLike<number>
  /** queries: |z|^2 / 2 beta^2. */
  noiseEnergy: ArrayLike<number>
  /** queries: P(label) of the query's input. */
  labelProbability: (input: number) => number
  /** Bounds on the relative rounding error of a sum in `own` and in `others`. */
  ownRounding: number
  othersRounding: number
}

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

/** A choice of batches; the sums accumulate over its queries. */
interface Subset {
  has: boolean[]
  size: number
  count: number
  /** Sums over queries of the logarithms below, and of each times the noise energy. */
  logs: Float64Array
  energyLogs: Float64Array
  energy: number
}

/** Logarithms kept per query: of own, of all, of the same label, and of the ratios behind mi and label_mi. */
const [OWN, ALL, SAME, MI, LABEL] = [0, 1, 2, 3, 4]

/** All quantities of a layer with bias, error and interval. Nats. */
export function jackknife(sums: KernelSums): Estimates {
  const { batches } = sums
  const all = subset(batches, () => true)
  const without = Array.from({ length: batches }, (_, b) => subset(batches, (c) => c !== b))
  const halves = batches % 4 === 0 ? parts(batches, 2) : []
  const quarters = batches % 4 === 0 ? parts(batches, 4) : []
  accumulate(sums, [all, ...without, ...halves, ...quarters])
  const labels = labelEntropy(sums)
  const whole = value(sums, all, labels)
  const partial = without.map((s) => value(sums, s, labels))
  const estimates = Object.fromEntries(
    quantities.map((quantity) => [
      quantity,
      combine(
        sums,
        whole[quantity],
        partial.map((v) => v[quantity]),
      ),
    ]),
  ) as Record<Quantity, Estimate>
  const theta = (subsets: Subset[]) => mean(subsets.map((s) => value(sums, s, labels).mi))
  const stepRatio = sums.batchedCenters && halves.length ? ratio(estimates.mi, theta(halves), theta(quarters)) : null
  return { ...estimates, stepRatio, numericalError: rounding(sums) }
}

function subset(batches: number, chosen: (batch: number) => boolean): Subset {
  const has = Array.from({ length: batches }, (_, b) => chosen(b))
  const size = has.filter(Boolean).length
  return { has, size, count: 0, logs: new Float64Array(5), energyLogs: new Float64Array(5), energy: 0 }
}

function parts(batches: number, count: number): Subset[] {
  return Array.from({ length: count }, (_, k) => subset(batches, (b) => Math.floor((b * count) / batches) === k))
}

function accumulate(sums: KernelSums, subsets: Subset[]): void {
  const { inputs, batches, queriesPerBatch } = sums
  const logs = new Float64Array(5)
  const containing = Array.from({ length: batches }, (_, b) => subsets.filter((s) => s.has[b]))
  for (let input = 0, query = 0; input < inputs; input++) {
    const labelLog = Math.log(inputs * sums.labelProbability(input))
    for (let inInput = 0; inInput < batches * queriesPerBatch; inInput++, query++) {
      const energy = sums.noiseEnergy[query]
      for (const s of containing[Math.floor(inInput / queriesPerBatch)]) {
        queryLogs(sums, query, s, labelLog, logs)
        s.count++
        s.energy += energy
        for (let k = 0; k < 5; k++) {
          s.logs[k] += logs[k]
          s.energyLogs[k] += logs[k] * energy
        }
      }
    }
  }
}

/** The logarithms of one query against the centers of a subset; ratios through log1p, exact where clusters are apart. */
function queryLogs(sums: KernelSums, query: number, { has, size }: Subset, labelLog: number, out: Float64Array): void {
  const columns = sums.batchedCenters ? sums.batches : 1
  let [own, same, other] = [0, 0, 0]
  for (let b = 0; b < columns; b++) {
    if (columns > 1 && !has[b]) continue
    const at = query * columns + b
    own += sums.own[at]
    same += sums.others[2 * at]
    other += sums.others[2 * at + 1]
  }
  const share = columns > 1 ? size / columns : 1
  own /= sums.ownReplicas * share
  same /= sums.replicas * share
  other /= sums.replicas * share
  out[OWN] = Math.log(own)
  out[MI] = -Math.log1p((same + other) / own)
  out[ALL] = out[OWN] - out[MI]
  out[SAME] = Math.log(own + same) - labelLog
  out[LABEL] = -Math.log1p(other / (own + same))
}

/** theta of a subset. h printed alone takes out the known mean of the noise energy by a control variate. */
function value(sums: KernelSums, s: Subset, labels: number): Record<Quantity, number> {
  const { inputs, dimension, noiseStd } = sums
  const noiseEntropy = (dimension / 2) * Math.log(2 * Math.PI * Math.E * noiseStd ** 2)
  const meanOf = (k: number) => s.logs[k] / s.count
  const excess = s.energy / s.count - dimension / 2
  const entropy = (k: number) => {
    const covariance = s.energyLogs[k] / s.count - meanOf(k) * (s.energy / s.count)
    return noiseEntropy - meanOf(k) + (covariance / (dimension / 2)) * excess
  }
  return {
    mi: Math.log(inputs) + meanOf(MI),
    label_mi: meanOf(LABEL) + labels,
    h_t: entropy(ALL) + Math.log(inputs),
    h_t_given_x: sums.batchedCenters ? entropy(OWN) : noiseEntropy,
    h_t_given_y: entropy(SAME),
  }
}

/** H(Y), over the inputs. Nats. */
export function labelEntropy({ inputs, labelProbability }: KernelSums): number {
  let sum = 0
  for (let x = 0; x < inputs; x++) sum += Math.log(labelProbability(x))
  return -sum / inputs
}

function combine(sums: KernelSums, raw: number, partial: number[]): Estimate {
  const b = sums.batches
  const centre = mean(partial)
  const se = Math.sqrt(((b - 1) / b) * partial.reduce((sum, p) => sum + (p - centre) ** 2, 0))
  const corrected = sums.batchedCenters ? b * raw - (b - 1) * centre : raw
  const reach = studentTQuantile(0.975, b - 1) * se
  return { raw, corrected, se, low: corrected - reach, high: corrected + reach }
}

/** A bias below this, in nats, is nobody's concern and may be rounding. */
const negligible = 1e-6

/** (theta_half - theta) / (theta_quarter - theta_half), where the denominator stands out of the noise. */
function ratio(mi: Estimate, half: number, quarter: number): number | null {
  return Math.abs(quarter - half) > 3 * mi.se + negligible ? (half - mi.raw) / (quarter - half) : null
}

/**
 * What f32 rounding of the sums can do to the corrected mi, to first order: the jackknife gives query i the weight B on
 * log F and -1 on each log F_(-c), so a relative error of F's part in batch b enters with
 * (F_b / F) (B - sum over c, other than b and the query's own batch, of 1 / (1 - F_c / F)); log own alike. The means over n
 * queries are f64 sums of logarithms of at most log m: n 2^-53 log m each, 2 B - 1 of them in the corrected value.
 */
function rounding(sums: KernelSums): number {
  const { batches, queriesPerBatch, ownReplicas, replicas } = sums
  const columns = sums.batchedCenters ? batches : 1
  const queries = sums.inputs * batches * queriesPerBatch
  const [own, all, others, ofOwn, ofAll] = [0, 1, 2, 3, 4].map(() => new Float64Array(columns))
  let total = 0
  for (let query = 0; query < queries; query++) {
    const batch = columns > 1 ? Math.floor((query % (batches * queriesPerBatch)) / queriesPerBatch) : 0
    for (let b = 0; b < columns; b++) {
      const at = query * columns + b
      own[b] = sums.own[at] / ownReplicas
      others[b] = (sums.others[2 * at] + sums.others[2 * at + 1]) / replicas
      all[b] = own[b] + others[b]
    }
    influence(own, batch, ofOwn)
    influence(all, batch, ofAll)
    for (let b = 0; b < columns; b++) {
      const ownPart = Math.abs(own[b] * (ofAll[b] - ofOwn[b]))
      total += ownPart * sums.ownRounding + Math.abs(others[b] * ofAll[b]) * sums.othersRounding
    }
  }
  const amplified = columns > 1 ? 2 * batches - 1 : 1
  return total / queries + amplified * queries * 2 ** -53 * Math.log(sums.inputs)
}

/**
 * d(corrected log of the sum) / d(its part b), into `out`. The query's own batch is never left out: it may hold all there is.
 * Called for every query, so it makes no arrays.
 */
function influence(partsOf: Float64Array, batch: number, out: Float64Array): void {
  const columns = partsOf.length
  let sum = 0
  for (let b = 0; b < columns; b++) sum += partsOf[b]
  if (columns === 1) {
    out[0] = 1 / sum
    return
  }
  let all = 0
  for (let c = 0; c < columns; c++) {
    out[c] = c === batch ? 0 : 1 / (sum - partsOf[c])
    all += out[c]
  }
  for (let b = 0; b < columns; b++) out[b] = columns / sum - (all - out[b])
}
