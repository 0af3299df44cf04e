// What the test runner prints: a line a file, the output of those that failed, and at the end every skip with its
// reason and the one line `N passed, N failed`.

/** The line of one file, and what it printed where it failed (or always, when asked). */
export function printFile({ name, seconds, passed, skips, problems, output }, { verbose }) {
  const skipped = skips.length > 0 ? `, ${skips.length} skipped` : ''
  print(`${problems.length > 0 ? 'FAIL' : 'ok  '}  ${name}  ${passed} passed${skipped}  ${seconds.toFixed(1)} s`)
  for (const problem of problems) print(`      ${problem}`)
  if ((problems.length > 0 || verbose) && output.trim()) print(output.replace(/^(?=.)/gm, '      ').trimEnd())
}

/** The closing lines; returns the exit code: 0 when some test passed and none failed, else 1. */
export function summarize(results, { patterns }) {
  const passed = sum(results.map((result) => result.passed))
  const failed = sum(results.map((result) => result.failed))
  if (results.length === 0) print(`no test file${patterns.length > 0 ? ` matches ${patterns.join(' or ')}` : ' found'}`)
  print(`\n${results.length} files, ${sum(results.map((result) => result.seconds)).toFixed(1)} s`)
  for (const { name } of results.filter((result) => result.failed > 0)) print(`failed: ${name}`)
  for (const { name, skips } of results) for (const skip of skips) print(`skipped: ${name}: ${skip}`)
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function print(line) {
  process.stdout.write(`${line}\n`)
}
