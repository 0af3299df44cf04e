/** The validation as lines of text: a table that says what its columns mean. */
import { counted, duration, fixed, percent } from '../report/numbers.js'
import type { CoverageResult } from './coverage.js'
import type { CaseResult } from './verdict.js'

type Column<R> = [head: string, width: number, cell: (row: R) => string]

const cases: Column<CaseResult>[] = [
  ['case', -40, (row) => row.case],
  ['regime', -6, (row) => row.regime],
  ['d', 3, (row) => String(row.dimension)],
  ['samples', 8, (row) => String(row.samples)],
  ['truth', 9, (row) => fixed(row.truth)],
  ['estimate', 9, (row) => fixed(row.estimate)],
  ['correction', 11, (row) => fixed(row.correction)],
  ['95 % interval', 20, (row) => (row.low === null ? '-' : `${fixed(row.low)} to ${fixed(row.high)}`)],
  ['SE', 8, (row) => fixed(row.se, 5)],
  ['z', 6, (row) => fixed(row.z, 2)],
  ['verdict', 8, (row) => row.verdict],
]

const repeated: Column<CoverageResult>[] = [
  ['case', -40, (row) => row.case],
  ['regime', -6, (row) => row.regime],
  ['d', 3, (row) => String(row.dimension)],
  ['repetitions', 12, (row) => String(row.repetitions)],
  ['counted', 8, (row) => String(row.counted)],
  ['covered', 8, (row) => percent(row.covered)],
  ['expected', 18, (row) => `${percent(row.least)} to ${percent(row.most)}`],
  ['mean z', 7, (row) => fixed(row.mean_z, 2)],
  ['verdict', 8, (row) => row.verdict],
]

/** What stands above the cases. */
export function casesHead(): string {
  return [
    'I(X;T), in nats, of samples whose information is known: a row for each case.',
    'regime exact: all inputs, one sample each; all: all inputs, noise below; sample: inputs drawn at random.',
    'truth by closed form or quadrature; the estimate has its correction (for the bias) in it; z = (estimate - truth) / SE.',
    'pass: |estimate - truth| is at most 4 SE, rounding and skipping (sample: and |correction|); exact, d <= 8: SE <= 0.01.',
    'marked: too few samples for an estimate, and the answer says so.',
    '',
    headOf(cases),
  ].join('\n')
}

/** What stands above the coverage. */
export function coverageHead(repetitions: number): string {
  const expected =
    repetitions >= 200
      ? 'expected: 91 to 98.5 %, for 95 % intervals and 200 repetitions.'
      : 'expected: fewer than 200 repetitions, so the range of 99 % of binomial counts with 95 % each.'
  return [
    '',
    `How often the 95 % interval holds the truth, over ${counted(repetitions, 'repetition')} with new samples and queries.`,
    'counted: those whose step_ratio is at most 0.65 or null; above, the interval promises nothing about the bias.',
    expected,
    '',
    headOf(repeated),
  ].join('\n')
}

export function caseLine(result: CaseResult): string {
  return lineOf(cases, result)
}

export function coverageLine(result: CoverageResult): string {
  return lineOf(repeated, result)
}

/** The last line. */
export function conclusion(rows: readonly (CaseResult | CoverageResult)[], seconds: number): string {
  const failed = rows.filter(({ verdict }) => verdict === 'FAIL').length
  const marked = rows.filter(({ verdict }) => verdict === 'marked').length
  const of = [`${rows.length - failed - marked} passed`, `${marked} marked`, `${failed} failed`]
  return `\n${of.join(', ')}, in ${duration(seconds)}`
}

function headOf<R>(columns: readonly Column<R>[]): string {
  return columns
    .map(([head, width]) => padded(head, width))
    .join(' ')
    .trimEnd()
}

function lineOf<R>(columns: readonly Column<R>[], row: R): string {
  return columns
    .map(([, width, cell]) => padded(cell(row), width))
    .join(' ')
    .trimEnd()
}

/** Numbers to the right; a negative width puts text to the left. */
function padded(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width)
}
