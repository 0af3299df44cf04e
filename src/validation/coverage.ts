/** How often 95 % intervals hold the truth: the same small case again and again, with new samples and new queries. */
import type { InformationAnswer } from '../information/answer.js'
import { trustedStepRatio } from '../information/warnings.js'
import { mean } from '../math/statistics.js'
import type { ValidationCase } from './case.js'

export interface CoverageResult {
  case: string
  regime: string
  dimension: number
  /** Repetitions, and those of them whose step_ratio (at most 0.65, or null) lets the interval promise anything. */
  repetitions: number
  counted: number
  /** Share of the counted intervals that hold the truth, and the shares between which it should lie. */
  covered: number | null
  least: number
  most: number
  /** Of the errors in units of their SE. */
  mean_z: number | null
  verdict: 'pass' | 'FAIL'
  reason: string | null
  seconds: number
}

/** The answers of a case's repetitions, held against its truth. */
export function coverage(
  { name, regime, truth }: ValidationCase,
  answers: readonly InformationAnswer[],
): CoverageResult {
  const promising = answers.filter(({ step_ratio }) => step_ratio === null || step_ratio <= trustedStepRatio)
  const holding = promising.filter(({ mi_low, mi_high }) => mi_low !== null && mi_low <= truth && truth <= mi_high!)
  const covered = promising.length ? holding.length / promising.length : null
  const scores = promising.flatMap((one) => (one.mi_se ? [(one.mi_corrected! - truth) / one.mi_se] : []))
  const [least, most] = band(promising.length)
  const reason = mistake(answers.length, promising.length, covered, [least, most])
  return {
    ...{
      case: name,
      regime,
      dimension: answers[0].dimension,
      repetitions: answers.length,
      counted: promising.length,
      covered,
      least,
      most,
    },
    mean_z: scores.length ? mean(scores) : null,
    verdict: reason === null ? 'pass' : 'FAIL',
    reason,
    seconds: answers.reduce((sum, { seconds }) => sum + seconds, 0),
  }
}

/**
 * Shares between which the coverage of honest 95 % intervals lies: 91 to 98.5 % for 200 repetitions and more, which fails honest ones
 * once in a hundred times; for fewer the binomial distribution's own bounds, each passed once in 200 times.
 */
export function band(repetitions: number): [least: number, most: number] {
  if (repetitions >= 200) return [0.91, 0.985]
  if (repetitions === 0) return [0, 1]
  const chances = binomial(repetitions, 0.95)
  let [low, high, below, above] = [0, repetitions, chances[0], chances[repetitions]]
  while (below <= 0.005) below += chances[++low]
  while (above <= 0.005) above += chances[--high]
  return [low / repetitions, high / repetitions]
}

/** P(k of n), k = 0 .. n. */
function binomial(n: number, p: number): number[] {
  const chances = [(1 - p) ** n]
  for (let k = 1; k <= n; k++) chances.push((chances[k - 1] * (n - k + 1) * p) / (k * (1 - p)))
  return chances
}

function mistake(
  repetitions: number,
  counted: number,
  covered: number | null,
  [least, most]: [number, number],
): string | null {
  if (counted < repetitions / 2) return `only ${counted} of ${repetitions} repetitions have enough replicas to count`
  if (covered === null || (covered >= least && covered <= most)) return null
  const percent = (share: number) => (100 * share).toFixed(1)
  return `intervals hold the truth in ${percent(covered)} % of cases, expected ${percent(least)} to ${percent(most)} %`
}
