// Everything a fresh clone needs before the first command: dependencies, then the build. Plain JavaScript on
// Node's own modules, because it runs before anything is installed. Each step first asks whether it is needed, so
// that a second start begins at once, and says in one line (on stderr) what it does.
//
// The adapter is not prepared here: the first command that wants one does that itself, in the same process. A step
// of our own would start Dawn a second time and would have to succeed on machines that only want to read tables.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildIsCurrent } from './setup/build.mjs'
import { install, installIsCurrent } from './setup/install.mjs'
import { withLock } from './setup/lock.mjs'
import { CommandFailed } from './setup/quiet.mjs'

const minimum = [20, 19]

/** The repository that these scripts belong to. */
export const root = resolve(fileURLToPath(import.meta.url), '../..')

/** Installs and builds what is missing or out of date; ends the process with one clear message where that fails. */
export function setUp({ compile = true } = {}) {
  checkNode()
  const isCurrent = () => installIsCurrent(root) && (!compile || buildIsCurrent(root))
  try {
    if (!isCurrent()) withLock(root, say, () => bringUpToDate(compile))
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    process.stderr.write(error.output)
    say(error.message)
    process.exit(error.exitCode)
  }
}

function bringUpToDate(compile) {
  if (!installIsCurrent(root)) install(root, say)
  if (compile && !buildIsCurrent(root)) build(root, say)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return
  say(`Node ${process.versions.node} runs this, ${minimum.join('.')} or newer is needed: see https://nodejs.org`)
  process.exit(2)
}

function say(line) {
  process.stderr.write(`infoflow set-up: ${line}\n`)
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) setUp()
