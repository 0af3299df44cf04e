/** Many processes: how many at once, what a failing or killed one does to the others, and how they are asked to end. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { logPath, runLocally, type Ending } from '../../src/sweep/local.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-local-'))
test.after(() => rmSync(folder, { recursive: true }))

const node = (script: string) => [process.execPath, '-e', script]
const unending = 'process.on("SIGINT", () => process.exit(130)); console.log("up"); setInterval(() => {}, 1000)'

async function run(
  tasks: number[],
  jobs: number,
  script: (task: number) => string,
  signal = new AbortController().signal,
) {
  const endings: Ending[] = []
  await runLocally({
    folder,
    tasks,
    jobs,
    command: (task) => node(script(task)),
    ended: (one) => endings.push(one),
    signal,
  })
  return endings.map(({ task, code, signal }) => [task, code ?? signal])
}

test('one that fails and one that is killed stop none of the others', async () => {
  const scripts = [
    'console.log("zero")',
    'process.exit(2)',
    'process.kill(process.pid, "SIGKILL")',
    'console.error("three")',
  ]
  assert.equal(await run([0, 1, 2, 3], 1, (task) => scripts[task]), [
    [0, 0],
    [1, 2],
    [2, 'SIGKILL'],
    [3, 0],
  ])
  assert.is(readFileSync(logPath(folder, 0), 'utf8'), 'zero\n')
  assert.is(readFileSync(logPath(folder, 3), 'utf8'), 'three\n')
})

test('an interruption reaches those that run, once, and begins no more', async () => {
  const controller = new AbortController()
  const watch = setInterval(() => {
    try {
      const up = [10, 11].every((task) => readFileSync(logPath(folder, task), 'utf8') === 'up\n')
      if (up) controller.abort()
    } catch {
      return
    }
  }, 20)
  const endings = await run([10, 11, 12], 2, () => unending, controller.signal)
  clearInterval(watch)
  assert.equal(endings.sort(), [
    [10, 130],
    [11, 130],
  ])
})

test.run()
