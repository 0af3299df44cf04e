/** infoflow sweep: planned, run, merged; a task that fails, a task that is finished, and every mistake in one line. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readRows } from '../../src/tables/read.js'
import { coarsest, execute, infoflow, mistake, scratch, succeed } from './process.js'

const folder = scratch(test)
const at = (...parts: string[]) => join(folder, ...parts)

const layers = '[{width: 3, activation: tanh}, {width: 2, activation: linear}]'
/** Two tasks: one that ends well, and one whose loss diverges. */
writeFileSync(
  at('sweep.yaml'),
  `run: szt
set:
  network.layers: ${layers.replace('tanh', 'relu')}
  training: {epochs: 1, optimiser: sgd}
  measurement: {count: 1, replicas: 2, ownReplicas: 2, batches: 2, queries: 1}
grid:
  training.learningRate: [0.01, 1e15]
seeds: 1
`,
)
const sweep = (...words: string[]) => execute([...infoflow, 'sweep', ...words], { cwd: folder, limit: 300 })

test('plan says how many tasks, where they are, and what comes next; again it is the same plan', async () => {
  const { stdout } = await succeed(folder, 'sweep', 'plan', 'sweep.yaml', '--uncalibrated', '--out', 'mine')
  assert.match(stdout, /^szt: 2 tasks \(2 settings of training\.learningRate; 2 networks\)$/m)
  assert.match(stdout, /^written: mine\/plan\.json$/m)
  for (const next of ['run mine --local', 'submit mine --engine slurm', 'merge mine'])
    assert.match(stdout, `sweep ${next}`)
  const again = await succeed(folder, 'sweep', 'plan', 'sweep.yaml', '--uncalibrated', '--out', 'mine')
  assert.match(again.stdout, 'written before, and the same')
})

test('run --local: one failing task stops nothing, and shows in the exit code and in the words', async () => {
  const { code, stdout, stderr } = await sweep('run', 'mine', '--local', '--jobs', '2')
  assert.is(code, 3, stderr)
  assert.match(stderr, /^[12]\/2 task 0 \(training\.learningRate=0\.01, seed 1\): finished, .* left$/m)
  assert.match(stderr, /^[12]\/2 task 1 .*: failed \(exit code 2\), /m)
  assert.match(stdout, /^1 of 2 tasks finished$/m)
  assert.match(stdout, /^ {2}task 1 \(.*\): training: the loss of seed 1 is .*diverged/m)
  assert.match(readFileSync(at('mine', 'logs', '00000.log'), 'utf8'), /I\(X;T\)|Written/)
})

test('a task is an ordinary run, with the rows of the same command', async () => {
  const options = ['--epochs', '1', '--measurements', '1', ...coarsest, '--seeds', '1', '--out', 'plain']
  const sets = [
    `network.layers=${layers.replace('tanh', 'relu')}`,
    'training.optimiser=sgd',
    'training.learningRate=0.01',
  ]
  await succeed(folder, 'run', 'szt', ...options, ...sets.flatMap((one) => ['--set', one]))
  const rows = (name: string) => readRows(at(name, 'information.arrow')).map((row) => ({ ...row, seconds: null }))
  assert.equal(rows('mine/tasks/00000'), rows('plain'))
})

test('a finished task is left alone, by index and by array job', async () => {
  const before = readFileSync(at('mine', 'tasks', '00000', 'run.json'), 'utf8')
  assert.match(
    (await succeed(folder, 'sweep', 'run', 'mine', '--index', '0')).stdout,
    /^task 0 of 2 .*: finished already/,
  )
  const environment = { SGE_TASK_ID: '1' }
  const { code, stdout } = await execute([...infoflow, 'sweep', 'run', 'mine'], { cwd: folder, environment })
  assert.equal([code, /finished already/.test(stdout)], [0, true])
  assert.is(readFileSync(at('mine', 'tasks', '00000', 'run.json'), 'utf8'), before)
})

test('a task that failed on another adapter begins anew, and says so', async () => {
  const path = at('mine', 'tasks', '00001', 'run.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"name": ".*?"/, '"name": "Elsewhere 9000"'))
  const { code, stderr } = await sweep('run', 'mine', '--index', '1')
  assert.is(code, 2)
  assert.match(stderr, /^begins anew: an earlier attempt was on Elsewhere 9000, infoflow /m)
  assert.match(readFileSync(at('mine', 'states', '00001.json'), 'utf8'), /"attempt": 2/)
  assert.not.match(readFileSync(path, 'utf8'), /Elsewhere/)
})

test('merge lists what is missing and writes nothing; --partial merges what there is', async () => {
  const { code, stdout, stderr } = await sweep('merge', 'mine')
  assert.equal([code, stdout], [3, ''])
  assert.match(stderr, /^1 of 2 tasks finished; nothing was merged\n {2}failed: 1 task \(1\)$/m)
  assert.match(stderr, /infoflow sweep run mine --index 1/)
  assert.not(existsSync(at('mine', 'merged')))
  const partial = await sweep('merge', 'mine', '--partial')
  assert.is(partial.code, 3)
  assert.match(partial.stdout, /training\.learningRate=0\.01 +1 +1 +\S+/)
  const rows = readRows(at('mine', 'merged', 'information.arrow'))
  assert.equal([rows.length, rows[0].task, rows[0]['training.learningRate']], [2, 0, 0.01])
  for (const name of ['summary.arrow', 'summary.png', 'clustering.arrow'])
    assert.ok(existsSync(at('mine', 'merged', name)), name)
})

test('status says where each task stands, in words and as JSON', async () => {
  const { stdout } = await succeed(folder, 'sweep', 'status', 'mine')
  assert.match(stdout, /^1 of 2 tasks finished\n {2}finished: 1 task \(0\)\n {2}failed: 1 task \(1\)$/m)
  const { tasks } = JSON.parse((await succeed(folder, 'sweep', 'status', 'mine', '--json')).stdout) as {
    tasks: { standing: string }[]
  }
  assert.equal(
    tasks.map(({ standing }) => standing),
    ['finished', 'failed'],
  )
})

test('submit --dry-run prints scripts and leaves nothing behind', async () => {
  const { stdout } = await succeed(folder, 'sweep', 'submit', 'mine', '--engine', 'slurm', '--gpus', '1', '--dry-run')
  assert.match(stdout, /^#SBATCH --array=1$/m)
  assert.match(stdout, /^#SBATCH --gpus=1$/m)
  assert.not(existsSync(at('mine', 'slurm')))
})

test('a mistake is one line and exit code 2', async () => {
  assert.match(await mistake(folder, 'sweep'), 'sweep: no command given, expected one of: plan, run')
  assert.match(await mistake(folder, 'sweep', 'pln'), "unknown command of sweep 'pln': did you mean 'plan'")
  assert.match(await mistake(folder, 'sweep', 'merge', 'mine', '--partal'), "did you mean '--partial'")
  assert.match(await mistake(folder, 'sweep', 'run', 'mine'), 'no task given: expected --index K, --local')
  assert.match(
    await mistake(folder, 'sweep', 'run', 'mine', '--index', '2'),
    /task 2: the plan has 2 tasks: expected 0 to 1/,
  )
  assert.match(await mistake(folder, 'sweep', 'submit', 'mine'), '--engine: nothing is not slurm')
  assert.match(await mistake(folder, 'sweep', 'plan', 'sweep.yaml', '--uncalibrated', '--out', 'plain'), /plain: /)
  rmSync(at('mine', 'plan.json'))
  assert.match(await mistake(folder, 'sweep', 'status', 'mine'), 'mine/plan.json: cannot be read (ENOENT)')
})

test.run()
