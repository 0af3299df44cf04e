/** sweep.yaml to tasks: what is expanded how, and every mistake at its line and column. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Config } from '../../src/experiments/config.js'
import { planSweep } from '../../src/sweep/plan-sweep.js'
import { hashed, planPath, readPlan, taskFolder, taskTitle, writePlan, type Plan } from '../../src/sweep/plan.js'
import { readSweep } from '../../src/sweep/sweep-file.js'
import { taskRun } from '../../src/sweep/task-config.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-sweep-'))
test.after(() => rmSync(folder, { recursive: true }))

const picked = { 'training.epochs': 100, 'measurement.replicas': 16, 'measurement.ownReplicas': 512 }

function written(text: string, name = 'sweep.yaml'): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function planned(text: string): Promise<Plan> {
  const file = written(text)
  return planSweep(readSweep(file), file, '0.0.0', () => Promise.resolve(picked))
}

async function configOf(plan: Plan, task: number): Promise<Config> {
  const run = await taskRun(plan, task)
  if (run.kind === 'study') throw new Error('a study')
  return run.config
}

async function mistakeOf(text: string): Promise<string> {
  try {
    await planned(text)
  } catch (error) {
    assert.is((error as Error).name, 'InputError', String((error as Error).stack))
    return (error as Error).message.replace(`${folder}/`, '')
  }
  throw new Error(`no mistake was found in ${text}`)
}

test('a grid is every combination, the first key slowest; seeds are innermost', async () => {
  const plan = await planned('run: szt\ngrid:\n  noise.std: [0.01, 0.1]\n  variant: [relu, linear]\nseeds: 0..2')
  assert.is(plan.tasks.length, 12)
  assert.equal(
    plan.settings.map((setting) => Object.values(setting)),
    [[0.01, 'relu'], [0.01, 'linear'], [0.1, 'relu'], [0.1, 'linear']], // prettier-ignore
  )
  assert.equal(plan.tasks[4], { setting: 1, seeds: [1] })
  assert.is(taskTitle(plan, 4), 'noise.std=0.01, variant=linear, seed 1')
  const { noise, seeds, training, network } = await configOf(plan, 4)
  assert.equal([noise.std, seeds, training.epochs], [0.01, [1], 100])
  assert.is((network.layers[0] as { activation: string }).activation, 'linear')
})

test('a list says what it wants; what it leaves out is the experiment’s, and told', async () => {
  const plan = await planned('run: szt\nlist:\n  - {noise.std: 0.1}\n  - {training.epochs: 7}\nseeds: [3, 5]')
  assert.equal(plan.keys, ['noise.std', 'training.epochs'])
  assert.equal(plan.settings, [
    { 'noise.std': 0.1, 'training.epochs': 100 },
    { 'noise.std': 0.005, 'training.epochs': 7 },
  ])
})

test('seeds alone are a sweep; several may share a task', async () => {
  const plan = await planned('run: szt\nseeds: 0..6\nseedsPerTask: 3')
  assert.equal(
    plan.tasks.map(({ seeds }) => seeds),
    [[0, 1, 2], [3, 4, 5], [6]],
  )
})

test('what is picked fills only what is left open', async () => {
  const plan = await planned(
    'run: szt\nset: {measurement.replicas: 32, training: {batchSize: 64}}\ngrid: {training.epochs: [5, 6]}',
  )
  const { measurement, training } = await configOf(plan, 1)
  assert.equal([measurement.replicas, measurement.ownReplicas, training.epochs, training.batchSize], [32, 512, 6, 64])
})

test('a file as the experiment, its data relative to it', async () => {
  written(
    'data: {inputs: x.npy}\nnetwork: {layers: [{width: 3, activation: tanh}, {width: 2, activation: linear}]}',
    'my.yaml',
  )
  const plan = await planned('run: my.yaml\ngrid: {data.normalise: [none, standard]}')
  const { data } = await configOf(plan, 1)
  assert.equal([data.inputs, data.normalise], [join(folder, 'x.npy'), 'standard'])
})

test('every mistake is one line with its place', async () => {
  const cases: [string, RegExp][] = [
    ['run: szt\ngrid:\n  noise.std: [0.01, -1]', /^sweep\.yaml: line 3 column 21: grid\.noise\.std\.1: -1 is not a number >= 0$/],
    ['run: szt\ngrid:\n  noise.sdt: [1]', /^sweep\.yaml: line 3 column \d+: .*unknown key: did you mean 'noise\.std'\?$/],
    ['run: szt\ngird: {}', /^sweep\.yaml: line 2 column 1: gird: unknown key: did you mean 'grid'\?$/],
    ['run: sztt', /unknown experiment 'sztt': did you mean 'szt'/],
    ['grid: {noise.std: [1]}', /^run: nothing is not the name of an experiment/],
    ['run: szt\ngrid: {noise.std: 0.1}', /line 2 column 19: grid\.noise\.std: 0\.1 is not a list of values/],
    ['run: szt\ngrid: {noise.std: []}', /a list of at least 1 value/],
    ['run: szt\ngrid: {noise.std: [1]}\nlist: [{noise.std: 2}]', /list: a list is not to be given together with grid/],
    ['run: szt\nseeds: 3..1', /line 2 column 8: seeds: '3\.\.1' is not a seed/],
    ['run: szt\ngrid: {seeds: [1, 2]}', /seeds\.0: not a key of a task: say it with 'seeds:'/],
    ['run: szt\ngrid: {mode: [quick, full]}', /the same for all tasks: say it under 'set:'/],
    ['run: szt\nlist: [{noise.std: 0.1}, {noise.std: 0.2}, {noise.std: 0.1}]', /settings 0 \(noise\.std=0\.1\) and 2 .*one and the same/],
    ['run: szt\nlist: [{noise.std: 0.005}, {}]', /settings 0 .* and 1 \(no key at all\) are one and the same/],
    ['run: szt\ngrid: {measurement.batches: [7]}', /measurement\.\w+, picked for all tasks: \d+ is not a multiple/],
    [`run: szt\ngrid: {noise.std: [${Array.from({ length: 101 }, (_, i) => i).join()}]}\nseeds: 0..999`, /101000 tasks, expected at most 100000/],
    ['run: [', /line 1 column \d+: this is not YAML/],
    ['- 1', /is not a group of keys/],
    ['run: nowhere.yaml', /nowhere\.yaml: no such file/],
  ] // prettier-ignore
  for (const [text, message] of cases) assert.match(await mistakeOf(text), message, text)
  for (const where of ['set: {__proto__: {x: 1}}', 'list: [{__proto__: {x: 1}}]'])
    assert.match(await mistakeOf(`run: szt\n${where}`), /__proto__.*unknown key/, where)
  assert.is(({} as Record<string, unknown>).x, undefined, 'no prototype is reached')
})

test('too many tasks are counted, not made', () => {
  const many = Array.from({ length: 1000 }, (_, i) => i + 1).join()
  const file = written(
    `run: szt\ngrid: {training.epochs: [${many}], measurement.count: [${many}], training.batchSize: [${many}]}`,
  )
  assert.throws(() => readSweep(file), /1000000000 tasks, expected at most 100000/)
})

test('a plan is written once, read back as it was, and refused when it was changed', async () => {
  const plan = await planned('run: szt\nseeds: 0..2')
  const out = join(folder, 'plan')
  assert.is(writePlan(out, plan), true)
  assert.is(writePlan(out, plan), false, 'the same again is no mistake')
  assert.equal(readPlan(out), plan)
  assert.throws(() => writePlan(out, hashed({ ...plan, tasks: plan.tasks.slice(1) })), /another plan/)
  const text = readFileSync(planPath(out), 'utf8')
  const changes: [string, RegExp][] = [
    [text.replace('"seeds":[1]', '"seeds":[9]'), /was changed after it was written/],
    [text.replace('"setting":0', '"setting":99'), /was changed/],
    [text.slice(0, 300), /is not JSON/],
    ['{"tasks": []}', /is not a plan/],
  ]
  for (const [changed, message] of changes) {
    writeFileSync(planPath(out), changed)
    assert.throws(() => readPlan(out), message)
  }
  assert.throws(() => readPlan(join(folder, 'nowhere')), /cannot be read \(ENOENT\): expected the folder of/)
})

test('folders of tasks are named by their number alone', () => {
  assert.is(taskFolder('sweep', 12), join('sweep', 'tasks', '00012'))
  assert.is(taskFolder('sweep', 99_999), join('sweep', 'tasks', '99999'))
})

test.run()
