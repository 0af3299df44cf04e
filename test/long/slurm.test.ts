/**
 * A sweep of 12 tasks on a real Slurm of two virtual nodes: one task fails, one node is killed while it computes. The array
 * runs what the node had again, the merge says what is missing, a second submission runs that alone, and the merged tables are
 * those of the same sweep run locally, to the last digit.
 * COST some 24 runs of two epochs: 6 minutes on 2 idle cores. Needs Slurm (scripts/slurm-loopback.sh says what is missing).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageFolder } from '../../src/commands/versions.js'
import { taskFolder } from '../../src/sweep/plan.js'
import { readRows } from '../../src/tables/read.js'
import { execute, infoflow, scratch, succeed, type Ending } from '../commands/process.js'
import { testIf } from '../skip.js'

const script = join(packageFolder, 'scripts', 'slurm-loopback.sh')
const folder = scratch(test)
const sweep = join(folder, 'sweep')

const sweepFile = `run: szt
set:
  training.epochs: 2
  network.layers: [{width: 3, activation: tanh}, {width: 2, activation: linear}]
  measurement: {count: 1, replicas: 2, ownReplicas: 2, batches: 2, queries: 1}
grid:
  noise.std: [0.01, 0.1]
  training.learningRate: [0.001, 0.002]
seeds: 1..3
`

/** What stands in the way of a run in this task's folder, once: nobody's run, which no run may remove. */
const failing = 7
const obstacle = join(taskFolder(sweep, failing), 'not-a-run.txt')

const probe = spawnSync(script, ['true'], { encoding: 'utf8' })

let slurm: ChildProcess | null = null
let environment: Record<string, string> = {}
test.after(() => void slurm?.kill('SIGTERM'))

const run = (...words: string[]): Promise<Ending> => execute(words, { cwd: folder, environment, limit: 1200 })
const own = (...words: string[]) => run(...infoflow, 'sweep', ...words)

async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 10_800): Promise<void> {
  const end = performance.now() + 1000 * seconds
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s\n${await queue()}`)
    await setTimeout(500)
  }
}

const queue = async () => (await run('squeue', '--array')).stdout

/** Whether nothing of a job waits or runs any more. */
async function isOver(job: string): Promise<boolean> {
  return (await run('squeue', '--noheader', '--array', `--jobs=${job}`)).stdout.trim() === ''
}

/** Slurm as long as this test runs; its folder. */
async function start(): Promise<string> {
  const told = join(folder, 'slurm-environment')
  slurm = spawn(script, ['sh', '-c', `echo "$SLURM_LOOPBACK" > ${told}; exec sleep 86400`], { stdio: 'inherit' })
  await until('Slurm', () => existsSync(told) && readFileSync(told, 'utf8').trim() !== '', 120)
  const loopback = readFileSync(told, 'utf8').trim()
  environment = { SLURM_CONF: join(loopback, 'slurm.conf') }
  return loopback
}

/** A node as it dies: its daemon, the step it runs, and the run in it, all at once and without a word. */
function killNode(loopback: string, name: string, run: number): void {
  const step = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${run}/status`, 'utf8'))![1])
  assert.match(readFileSync(`/proc/${step}/cmdline`, 'utf8'), 'slurmstepd')
  const daemon = Number(readFileSync(join(loopback, `${name}.pid`), 'utf8'))
  for (const pid of [daemon, step, run]) process.kill(pid, 'SIGKILL')
}

interface State {
  status: string
  attempt: number
  pid: number
}

const stateOf = (task: number): State | null => {
  const path = join(sweep, 'states', `${String(task).padStart(5, '0')}.json`)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : null
}

/** The task that a node computes, once it is well under way: its run's folder is taken. */
async function taskOn(node: string): Promise<number> {
  let task = -1
  await until(`a task on ${node}`, async () => {
    const { stdout } = await run('squeue', '--noheader', '--array', '--format=%K', `--nodelist=${node}`, '--states=R')
    task = /^\d+$/m.test(stdout) ? Number(/^\d+$/m.exec(stdout)![0]) : -1
    return (
      task >= 0 &&
      task !== failing &&
      stateOf(task)?.status === 'running' &&
      existsSync(join(taskFolder(sweep, task), 'run.json'))
    )
  })
  return task
}

async function submit(): Promise<{ tasks: string; merge: string }> {
  const { code, stdout, stderr } = await own(
    'submit',
    sweep,
    '--engine',
    'slurm',
    '--partition',
    'main',
    '--time',
    '60',
  )
  assert.is(code, 0, stderr)
  const [, tasks, count, merge] = /^submitted: job (\d+), (\d+) tasks?; job (\d+) merges/.exec(stdout)!
  process.stdout.write(`job ${tasks}: ${count} tasks\n`)
  return { tasks, merge }
}

const mergeLog = (job: string) => readFileSync(join(sweep, 'logs', `slurm-merge-${job}.log`), 'utf8')

/** Rows without what the clock says. */
const timeless = (path: string) => readRows(path).map((row) => ({ ...row, seconds: null }))

testIf(
  probe.status === 0,
  probe.stderr.trim().split('\n')[0] || 'Slurm does not start',
  test,
  'a sweep of 12 tasks on Slurm: one task fails once, one node dies, and nothing is missing in the end',
  async () => {
    const loopback = await start()
    writeFileSync(join(folder, 'sweep.yaml'), sweepFile)
    await succeed(folder, 'sweep', 'plan', 'sweep.yaml', '--uncalibrated', '--out', sweep)
    mkdirSync(taskFolder(sweep, failing), { recursive: true })
    writeFileSync(obstacle, 'mine')

    const first = await submit()
    const victim = await taskOn('n1')
    killNode(loopback, 'n1', stateOf(victim)!.pid)
    process.stdout.write(`n1 killed while it ran task ${victim}\n`)
    const { stdout: status } = await own('status', sweep)
    assert.match(status, /Slurm: \d+ \w+/)
    await until('the array', () => isOver(first.tasks))
    await until('its merge', () => isOver(first.merge))
    assert.equal([stateOf(victim)?.status, stateOf(failing)?.status], ['finished', 'failed'])
    assert.ok(stateOf(victim)!.attempt >= 2, 'the task of the dead node ran again')
    assert.match(mergeLog(first.merge), '11 of 12 tasks finished; nothing was merged')
    assert.match(mergeLog(first.merge), `failed: 1 task (${failing})`)
    assert.not(existsSync(join(sweep, 'merged')))

    rmSync(obstacle)
    const second = await submit()
    await until('the second array', () => isOver(second.tasks))
    await until('the second merge', () => isOver(second.merge))
    assert.match(mergeLog(second.merge), 'Written')

    const local = join(folder, 'local')
    mkdirSync(local)
    cpSync(join(sweep, 'plan.json'), join(local, 'plan.json'))
    const { code, stdout, stderr } = await execute([...infoflow, 'sweep', 'run', local, '--local'], {
      cwd: folder,
      limit: 3600,
    })
    assert.is(code, 0, stdout + stderr)
    await succeed(folder, 'sweep', 'merge', local)
    const tables = readdirSync(join(local, 'merged')).filter((name) => name.endsWith('.arrow'))
    assert.equal(
      readdirSync(join(sweep, 'merged')).filter((name) => name.endsWith('.arrow')),
      tables,
    )
    for (const name of tables) {
      const [there, here] = [sweep, local].map((one) => timeless(join(one, 'merged', name)))
      assert.ok(here.length >= 12, `${name}: ${here.length} rows`)
      assert.equal(there, here, name)
    }
    process.stdout.write(`equal: ${tables.join(', ')}\n`)
  },
)

test.run()
