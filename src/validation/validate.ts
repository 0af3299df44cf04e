/** Runs the cases one after another, then the repetitions; what is found is told as soon as it is known. */
import { estimateInformation } from '../information/estimate.js'
import type { InformationAnswer } from '../information/answer.js'
import type { Machine } from '../plan.js'
import type { ValidationCase } from './case.js'
import { coverage, type CoverageResult } from './coverage.js'
import { judge, type CaseResult } from './verdict.js'

export interface Validation {
  cases: CaseResult[]
  coverage: CoverageResult[]
  /** One line for each row that failed. */
  failures: string[]
}

export interface ValidationPlan {
  cases: readonly ValidationCase[]
  /** Cases whose interval is tested, and how often each; 0 leaves that out. */
  repeated: readonly ValidationCase[]
  repetitions: number
}

/** Told of every row as it comes. */
export interface ValidationObserver {
  judged?(result: CaseResult): void
  covered?(result: CoverageResult): void
}

/** The seed of all cases, and that of the first repetition. */
const seed = 1

/** Estimates every case and judges the answers. `estimate` is what is validated. */
export async function validate(
  machine: Machine,
  { cases, repeated, repetitions }: ValidationPlan,
  observer: ValidationObserver = {},
  estimate: typeof estimateInformation = estimateInformation,
): Promise<Validation> {
  const answer = (known: ValidationCase, number: number): Promise<InformationAnswer> =>
    estimate(machine, known.draw(number), { ...known.options, seed: number })
  const judged: CaseResult[] = []
  for (const known of cases) {
    const result = judge(known, await answer(known, seed))
    judged.push(result)
    observer.judged?.(result)
  }
  const covered: CoverageResult[] = []
  for (const known of repetitions > 0 ? repeated : []) {
    const answers: InformationAnswer[] = []
    for (let i = 0; i < repetitions; i++) answers.push(await answer(known, seed + i))
    const result = coverage(known, answers)
    covered.push(result)
    observer.covered?.(result)
  }
  return { cases: judged, coverage: covered, failures: failuresOf(judged, covered) }
}

function failuresOf(cases: readonly CaseResult[], covered: readonly CoverageResult[]): string[] {
  return [
    ...cases.map((row) => ({ ...row, at: `${row.case} (d ${row.dimension})` })),
    ...covered.map((row) => ({ ...row, at: `${row.case} (d ${row.dimension}), coverage` })),
  ].flatMap(({ verdict, at, reason }) => (verdict === 'FAIL' ? [`${at}: ${reason}`] : []))
}
