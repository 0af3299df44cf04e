/**
 * A clone of HEAD by a stranger, with an empty cache: `npm start` is all there is to type, and the second time it begins
 * at once.
 * COST about two minutes on 2 cores beside the download of some 500 MB of dependencies.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageFolder } from '../../src/commands/versions.js'
import { readRunRecord } from '../../src/tables/run-folder.js'
import { testIf } from '../skip.js'
import { execute, scratch, tiny } from '../commands/process.js'

const folder = scratch(test)
const clone = join(folder, 'clone')

/** `npm start` with the cheapest run, and the seconds until the run itself says its first line. */
async function start() {
  const from = performance.now()
  let first = NaN
  const told = (stderr: string) => {
    if (Number.isNaN(first) && /^adapter: /m.test(stderr)) first = (performance.now() - from) / 1000
  }
  const environment = { INFOFLOW_CACHE: join(folder, 'cache') }
  const ending = await execute(['npm', 'start', '--', ...tiny], { cwd: clone, environment, told, limit: 1800 })
  process.stdout.write(
    `npm start: first line of the run after ${first.toFixed(1)} s, all ${ending.seconds.toFixed(1)} s\n`,
  )
  assert.is(ending.code, 0, ending.stderr)
  return { ...ending, first }
}

const isClone = existsSync(join(packageFolder, '.git'))
const inClone = testIf.bind(null, isClone, 'this is no clone that could be cloned')

inClone(test, 'one command installs, builds and runs', async () => {
  const cloned = await execute(['git', 'clone', '--quiet', packageFolder, clone], { cwd: folder })
  assert.is(cloned.code, 0, cloned.stderr)
  const { stderr } = await start()
  assert.match(stderr, /^infoflow set-up: installing dependencies .*\ninfoflow set-up: building .*\nadapter: /m)
  const { status, git_commit } = readRunRecord(join(clone, 'results/szt-001'))!
  assert.is(status, 'finished')
  assert.match(String(git_commit), /^[0-9a-f]{40}$/)
})

inClone(test, 'started again, the run begins at once', async () => {
  const { stderr, first } = await start()
  assert.not.match(stderr, /set-up/)
  assert.ok(first < 10, `${first} s`)
  assert.ok(existsSync(join(clone, 'results/szt-002/run.json')))
})

inClone(test, 'the clone stays as it was cloned', async () => {
  const { stdout } = await execute(['git', 'status', '--porcelain'], { cwd: clone })
  assert.is(stdout, '')
})

test.run()
