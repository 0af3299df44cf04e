// What a test file's process tells. uvu alone is not to be trusted with the verdict: it ends with exit code 0 when a
// `before` hook throws, when both `each` hooks throw, when .run() was forgotten and when a file holds no test; and a
// second round of .run() after an await overwrites the exit code of the first. So its counts are read as well.
import { stripVTControlCharacters } from 'node:util'

const counts = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm

/** { passed, failed, skips, problems } of one file; `ending` is null for exit code 0, else how the process ended. */
export function judge(ending, output) {
  const text = stripVTControlCharacters(output).replaceAll('\r\n', '\n')
  const reports = [...text.matchAll(counts)].map((match) => match.slice(1).map(Number))
  const [total, passed, skipped] = reports.at(-1) ?? [0, 0, 0]
  const skips = [...text.matchAll(/^SKIP (.+)$/gm)].map((match) => match[1])
  const problems = problemsOf({ ending, reports, total, passed, skipped, skips })
  return { passed, failed: problems.length > 0 ? Math.max(1, total - passed) : 0, skips, problems }
}

function problemsOf({ ending, reports, total, passed, skipped, skips }) {
  const unexplained = skipped - skips.length
  return [
    passed !== total && `${total - passed} of ${total} tests did not pass`,
    ending,
    reports.length === 0 && 'no count of tests was printed: is .run() missing?',
    reports.length > 1 && 'tests ran in several rounds: call every .run() without an await between',
    reports.length > 0 && total + skipped === 0 && 'no test ran',
    unexplained > 0 && `${unexplained} tests left out without a reason: use skip() of test/skip.ts, and no .only`,
    unexplained < 0 && 'skip() was called for a suite that did not run',
  ].filter(Boolean)
}
