/** Whether an answer is right, by what it says of its own error. */
import type { InformationAnswer } from '../information/answer.js'
import type { ValidationCase } from './case.js'

export interface CaseResult {
  case: string
  regime: string
  dimension: number
  samples: number
  /** Nats, as all that follow but z and verdict. The correction is part of the estimate already. */
  truth: number
  estimate: number | null
  correction: number | null
  low: number | null
  high: number | null
  se: number | null
  /** (estimate - truth) / se; null where rounding may be larger than se. */
  z: number | null
  /** What the error may be. */
  allowed: number | null
  /** pass: the error is allowed. marked: too few samples, and the answer says so. */
  verdict: 'pass' | 'marked' | 'FAIL'
  /** What is wrong; null unless it failed. */
  reason: string | null
  seconds: number
}

/** Rounding of the truth itself, nats. */
const rounding = 1e-11

/** SE, nats, that up to 8 dimensions are within reach where only queries are random: with a wider one nothing was shown. */
const [widest, reachable] = [0.01, 8]

/** The answer held against the truth of its case. */
export function judge(known: ValidationCase, answer: InformationAnswer): CaseResult {
  const { mi, mi_corrected: estimate, mi_se: se, mi_low: low, mi_high: high, numerical_error } = answer
  const error = estimate === null ? null : estimate - known.truth
  const correction = estimate === null || mi === null ? null : estimate - mi
  const allowed = allowance(answer, correction, known.regime === 'sample')
  const reason = mistake(known, answer, error, allowed)
  return {
    ...{ case: known.name, regime: answer.regime, dimension: answer.dimension, samples: answer.samples },
    ...{ truth: known.truth, estimate, correction, low, high, se },
    z: error === null || !se || se < numerical_error! ? null : error / se,
    allowed,
    verdict: reason !== null ? 'FAIL' : known.enough ? 'pass' : 'marked',
    reason,
    seconds: answer.seconds,
  }
}

/** Where all inputs are known: 4 SE, rounding and skipping. Where they are drawn, the correction as well: it is a guess. */
function allowance(answer: InformationAnswer, correction: number | null, drawn: boolean): number | null {
  const { mi_se, numerical_error, certificate } = answer
  if (mi_se === null || correction === null) return null
  const sure = 4 * mi_se + (numerical_error ?? 0) + (certificate ?? 0) + rounding
  return drawn ? sure + Math.abs(correction) : sure
}

function mistake(
  { regime, enough }: ValidationCase,
  answer: InformationAnswer,
  error: number | null,
  allowed: number | null,
): string | null {
  if (answer.regime !== regime) return `took the regime for '${answer.regime}', expected '${regime}'`
  if (!enough) return isMarked(answer) ? null : 'too few samples, and the answer does not say so'
  if (error === null || allowed === null) return 'no estimate'
  if (regime === 'exact' && answer.dimension <= reachable && !(answer.mi_se! <= widest))
    return `an SE of ${answer.mi_se!.toPrecision(3)} nats, expected ${widest} at most`
  return Math.abs(error) <= allowed ? null : `off by ${error.toPrecision(3)} nats, allowed ${allowed.toPrecision(3)}`
}

function isMarked({ sufficient, warnings }: InformationAnswer): boolean {
  return sufficient === false || warnings.length > 0
}
