// `npm test [-- PATTERN ...]`: set-up, then every test file in a process of its own.
//   PATTERN         only files whose path contains one of the patterns
//   --long          the files in test/long/, which `npm test` leaves out
//   --jobs N        files at a time (2, with --long 1: a software adapter uses every core, but compiles on one)
//   --timeout S     seconds a file may take before it is ended and counted as failed (600; with --long 14400)
//   --verbose       show the output of every file, not only of those that fail
//   --dir DIR       test files elsewhere; they need none of our build, so no set-up
// Exit code: 0 all passed, 1 one failed or none passed, 2 an unknown option, 130 interrupted.
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, setUp } from './setup.mjs'
import { findTests } from './tests/find.mjs'
import { summarize } from './tests/report.mjs'
import { runFiles } from './tests/run.mjs'

const options = readOptions()
if (!options.dir) {
  setUp()
  // what a person runs, and half a second less for each process
  process.env.INFOFLOW_BUILT = resolve(root, 'dist/cli.js')
}
const files = findTests(resolve(root, options.dir ?? 'test'), options)
const results = await runFiles(root, files, options)
process.exitCode = summarize(results, options)

function readOptions() {
  try {
    const flags = { long: bool(), verbose: bool(), jobs: text(), timeout: text(), dir: text() }
    const { values, positionals } = parseArgs({ options: flags, allowPositionals: true })
    const seconds = positive('--timeout', values.timeout ?? (values.long ? '14400' : '600'))
    const jobs = positive('--jobs', values.jobs ?? (values.long ? '1' : String(Math.min(2, availableParallelism()))))
    return { ...values, patterns: positionals, jobs, timeout: seconds * 1000 }
  } catch (error) {
    process.stderr.write(`npm test: ${error.message}\n`)
    process.exit(2)
  }
}

function bool() {
  return { type: 'boolean', default: false }
}

function text(fallback) {
  return { type: 'string', ...(fallback && { default: fallback }) }
}

function positive(name, value) {
  if (!(Number(value) > 0)) throw new Error(`${name}: '${value}' is not a number > 0`)
  return Number(value)
}
