/** What a reader of the rows must know, in words that say what to do (METHOD 2.1, 2.3). Nothing is ever clamped: values stay. */
import type { InformationRow } from '../tables/rows.js'

/** Above this the excess falls more slowly than 1/R: the correction is a lower bound of the bias. */
export const trustedStepRatio = 0.65

/** Excesses below this, in nats, are not told: near a ceiling the deciding queries are rare, and the SE misses them. */
const smallest = 1e-4

/** Fills the warnings of one measurement's rows, ordered by layer. */
export function addWarnings(rows: InformationRow[]): void {
  rows.forEach((row, i) => {
    if (row.mi_corrected !== null)
      row.warnings.push(...ownWarnings(row), ...(i > 0 ? processing(rows[i - 1], row) : []))
  })
}

/** Rows that have their own warnings already, with what they say of each other. */
export function withProcessing(rows: InformationRow[]): InformationRow[] {
  return rows.map((row, i) => {
    const below = rows[i - 1]
    if (i === 0 || row.mi_corrected === null || below.mi_corrected === null) return row
    return { ...row, warnings: [...row.warnings, ...processing(below, row)] }
  })
}

/** What one row says about itself. */
export function ownWarnings(row: Judged): string[] {
  const warnings: string[] = []
  const { mi, mi_corrected, mi_se, mi_ceiling, step_ratio } = row as Filled
  const { label_mi_corrected, label_mi_se } = row
  const slack = smallest + row.numerical_error! + row.certificate!
  const correction = Math.abs(mi_corrected - mi)
  if (mi_corrected > mi_ceiling + 3 * mi_se + slack) warnings.push('I(X;T) is above its ceiling: raise ownReplicas')
  if (step_ratio !== null && step_ratio > trustedStepRatio) {
    warnings.push(
      'too few replicas: the bias falls more slowly than 1/R, so the interval covers sampling error only; raise ownReplicas',
    )
  } else if (correction > Math.max(0.05, 2 * mi_se)) {
    warnings.push('the bias correction is large (over 0.05 nats and 2 SE): raise ownReplicas, then replicas')
  }
  if (label_mi_corrected !== null && label_mi_corrected > mi_corrected + 3 * Math.hypot(label_mi_se!, mi_se) + slack) {
    warnings.push('I(Y;T) is above I(X;T), which cannot be: raise replicas')
  }
  return warnings
}

/** The data processing inequality: no layer knows more than the one below. */
export function processing(below: Judged, row: Judged): string[] {
  if (below.mi_corrected === null) return []
  const excess = row.mi_corrected! - below.mi_corrected
  const errors = [below, row].reduce((sum, r) => sum + r.numerical_error! + r.certificate!, smallest)
  const allowed = 3 * Math.hypot(below.mi_se!, row.mi_se!) + errors
  if (excess <= allowed) return []
  const weak = [below, row].some((r) => r.step_ratio !== null && r.step_ratio > trustedStepRatio)
  return [
    weak
      ? 'more than the layer below, where replicas are too few to tell: raise ownReplicas'
      : 'more than the layer below, which cannot be (data processing inequality): raise ownReplicas',
  ]
}

/** What warnings are read from, in a run's row as in an answer. */
type Judged = Pick<
  InformationRow,
  | 'mi'
  | 'mi_corrected'
  | 'mi_se'
  | 'mi_ceiling'
  | 'step_ratio'
  | 'label_mi_corrected'
  | 'label_mi_se'
  | 'numerical_error'
  | 'certificate'
>
type Filled = { [K in keyof Judged]: K extends 'step_ratio' ? number | null : NonNullable<Judged[K]> }

/** Of a layer without noise. */
export const deterministicWarning =
  'deterministic layer: I(X;T) is H(S) for finite X (H(X) when S is injective) and infinite for continuous X; nothing to estimate'
