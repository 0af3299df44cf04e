/** From estimates to the answer: ceilings, the theory of METHOD 2.3, and warnings in words that say what to do. */
import { binnedInformation } from '../rivals/binned.js'
import { kolchinskyTracey } from '../rivals/kolchinsky-tracey.js'
import { minimalSamples, queryErrorBound } from '../math/theory.js'
import type { Samples } from '../samples/samples.js'
import { quantities, type Quantity, type QuantityColumns } from '../tables/rows.js'
import type { InformationAnswer } from './answer.js'
import { answerWarnings } from './answer-warnings.js'
import type { Asked, Part, Parts } from './parts.js'
import type { Grouping } from './grouping.js'
import { withInterval, type Estimate } from './jackknife.js'
import { entropyOf } from './regular-sums.js'
import { deterministicWarning } from './warnings.js'

/** Rows of the outer sum of Kolchinsky and Tracey's bounds. */
const boundRows = 1024

/** Without its time. */
export function answerOf(asked: Asked, parts: Parts): InformationAnswer {
  const { samples, grouping, options } = asked
  const { noiseStd } = options
  const { main, replicas } = parts
  const regime = main.columns.are === 'groups' ? 'sample' : main.columns.are === 'batches' ? 'all' : 'exact'
  const batches = replicas ?? (regime === 'sample' ? null : main)
  const bounds = kolchinskyTracey(samples, noiseStd, { rows: Math.min(boundRows, samples.count) }).h_t
  const unit = noiseStd / halfRange(samples)
  const minimal = minimalSamples(samples.width, unit)
  const sizes = sizesOf(grouping, options.replicas)
  const row: InformationAnswer = {
    ...placeOf(samples, grouping, noiseStd),
    regime,
    ...columnsOf(parts, grouping),
    replica_correction: correction(regime === 'all' ? main : replicas),
    input_correction: regime === 'sample' ? correction(main) : null,
    mi_ceiling: ceiling(samples, grouping, noiseStd),
    certificate: main.certificate + (replicas?.certificate ?? 0),
    numerical_error: main.estimates.numericalError + (replicas?.estimates.numericalError ?? 0),
    step_ratio: batches?.estimates.stepRatio ?? null,
    ...{ kt_lower: bounds.lower.value, kt_lower_se: bounds.lower.se },
    ...{ kt_upper: bounds.upper.value, kt_upper_se: bounds.upper.se },
    minimal_samples: minimal,
    sufficient: regime === 'sample' ? parts.centers >= minimal : null,
    query_error_bound: queryErrorBound(samples.width, unit, 1, parts.queries),
    binned_entropy: null,
    ...{ replicas: sizes.shared, own_replicas: sizes.own, batches: main.columns.count, queries: parts.queries },
    ...{ seconds: 0, warnings: [] },
  }
  if (isCeiling(parts, grouping)) Object.assign(row, atCeiling)
  return { ...row, warnings: answerWarnings(row, asked, parts) }
}

/** Without noise nothing is estimated: the reason, and how many bins there are. */
export function deterministicAnswer(samples: Samples, grouping: Grouping): InformationAnswer {
  const nothing = quantities.flatMap((q) => [q, ...derived(q)]).map((name) => [name, null])
  return {
    ...placeOf(samples, grouping, 0),
    regime: 'deterministic',
    ...(Object.fromEntries(nothing) as QuantityColumns),
    ...{ replica_correction: null, input_correction: null, mi_ceiling: null, certificate: null },
    ...{ numerical_error: null, step_ratio: null, kt_lower: null, kt_lower_se: null, kt_upper: null },
    ...{ kt_upper_se: null, minimal_samples: null, sufficient: null, query_error_bound: null },
    binned_entropy: binnedInformation(samples, { count: 30 }).h_bin,
    ...{ replicas: 0, own_replicas: 0, batches: 0, queries: 0, seconds: 0 },
    warnings: [deterministicWarning],
  }
}

/** At the ceiling of a sample the correction means nothing, and there is no interval. */
const atCeiling = { mi_se: null, mi_low: null, mi_high: null, input_correction: null, replica_correction: null }

/** Whether a query's own input holds nearly all of the mixture at it: then I is the entropy of the inputs, whatever X is. */
function isCeiling({ main }: Parts, { probability }: Grouping): boolean {
  return main.columns.are === 'groups' && main.estimates.mi.raw > entropyOf(probability) - 0.1
}

function columnsOf({ main, replicas }: Parts, grouping: Grouping): QuantityColumns {
  const entries = quantities.flatMap((q) => {
    const { raw, corrected, se, low, high } = estimateOf(q, main, replicas)
    const known = grouping.label !== null || (q !== 'label_mi' && q !== 'h_t_given_y')
    const shown = q === 'mi' && isCeiling({ main } as Parts, grouping) ? raw : corrected
    return [raw, shown, se, low, high].map((value, i) => [[q, ...derived(q)][i], known ? value : null])
  })
  return Object.fromEntries(entries) as QuantityColumns
}

const derived = (q: Quantity) => [`${q}_corrected`, `${q}_se`, `${q}_low`, `${q}_high`]

/** In regime sample both corrections, with the error of the inputs, which holds that of the replicas. */
function estimateOf(quantity: Quantity, main: Part, replicas: Part | null): Estimate {
  const { raw, corrected, se } = main.estimates[quantity]
  if (replicas === null) return main.estimates[quantity]
  const inner = replicas.estimates[quantity]
  return withInterval(raw, corrected + inner.corrected - inner.raw, se, main.columns.count)
}

function correction(part: Part | null): number | null {
  return part && part.estimates.mi.corrected - part.estimates.mi.raw
}

function placeOf(samples: Samples, grouping: Grouping, noiseStd: number) {
  return { samples: samples.count, inputs: grouping.inputs, dimension: samples.width, noise_std: noiseStd }
}

/** H of the inputs, and the capacity (d/2) log(1 + 1/beta^2) where all samples lie in [-1, 1]. Nats. */
function ceiling({ s, width }: Samples, { probability }: Grouping, noiseStd: number): number {
  const inside = s.every((value) => Math.abs(value) <= 1)
  const capacity = inside ? (width / 2) * Math.log1p(1 / (noiseStd * noiseStd)) : Infinity
  return Math.min(entropyOf(probability), capacity)
}

/** Half the widest range of a neuron: the theory is for supports in [-1, 1]^d. */
function halfRange({ s, width, count }: Samples): number {
  let widest = 0
  for (let k = 0; k < width; k++) {
    let [low, high] = [Infinity, -Infinity]
    for (let row = 0; row < count; row++) {
      low = Math.min(low, s[row * width + k])
      high = Math.max(high, s[row * width + k])
    }
    widest = Math.max(widest, high - low)
  }
  return widest > 0 ? widest / 2 : 1
}

/** K and R where they are largest. */
function sizesOf({ inputs, starts, determined }: Grouping, replicas = Infinity): { own: number; shared: number } {
  if (determined) return { own: 1, shared: 1 }
  let own = 0
  for (let x = 0; x < inputs; x++) own = Math.max(own, starts[x + 1] - starts[x])
  return { own, shared: Math.min(replicas, own) }
}
