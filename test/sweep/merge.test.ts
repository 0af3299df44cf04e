/** Combined tables hold every row of every task with what was swept beside it; the summary is what its rows say. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tInterval } from '../../src/math/intervals.js'
import { mergeTasks } from '../../src/sweep/merge.js'
import { taskFolder } from '../../src/sweep/plan.js'
import { standingLines } from '../../src/sweep/standing-words.js'
import { summarySpecification } from '../../src/sweep/summary-picture.js'
import { summaryText } from '../../src/sweep/summary-text.js'
import { beginTask, endBroken, standings } from '../../src/sweep/task-state.js'
import { inspectTable, readRows } from '../../src/tables/read.js'
import { writeRunRecord } from '../../src/tables/run-folder.js'
import { finishTasks, informationOf, informationRows, syntheticPlan } from './synthetic.js'

const folder = mkdtempSync(join(tmpdir(), 'infoflow-merge-'))
test.after(() => rmSync(folder, { recursive: true }))

const plan = syntheticPlan(6, 4)
const all = plan.tasks.map((_, task) => task)
finishTasks(folder, plan, all)

test('every row of every task, in order, under the task and its values', () => {
  const { written } = mergeTasks(folder, plan, all, '0.0.0')
  assert.equal(
    written.map(({ path, rows }) => [path.replace(`${folder}/`, ''), rows]),
    [
      ['merged/summary.arrow', 6 * (2 * 4 + 2)],
      ['merged/training.arrow', 24 * 3],
      ['merged/information.arrow', 24 * 6],
    ],
  )
  const expected = all.flatMap((task) =>
    informationRows(plan, task).map((row) => ({ task, ...plan.settings[plan.tasks[task].setting], ...row })),
  )
  assert.equal(readRows(join(folder, 'merged', 'information.arrow')), expected)
  const { metadata, fields } = inspectTable(join(folder, 'merged', 'information.arrow')).schema
  assert.equal([metadata.get('schema_version'), metadata.get('configuration_hash')], ['1', plan.hash])
  assert.is(metadata.get('missing_tasks'), '0')
  assert.equal(
    fields.slice(0, 4).map(({ name }) => name),
    ['task', 'noise.std', 'variant', 'seed'],
  )
  assert.match(fields[1].metadata.get('description')!, 'swept: noise.std')
})

test('the summary is over the seeds of a setting', () => {
  const { summary } = mergeTasks(folder, plan, all, '0.0.0')
  const last = [8, 9, 10, 11].map((task) => informationOf(task, 2, 100))
  const { value, half } = tInterval(last)
  const row = summary.find((one) => one.setting === 2 && one.layer === 2 && one.statistic === 'last')!
  assert.equal([row.seeds, row.median, row.lowest, row.highest], [4, (last[1] + last[2]) / 2, last[0], last[3]])
  assert.equal([row.mean, row.low, row.high], [value, value - half, value + half])
  const fall = summary.find((one) => one.setting === 2 && one.layer === 2 && one.statistic === 'compression')!
  assert.equal([fall.median, fall.lowest], [0.5, 0.5])
  const accuracy = summary.find((one) => one.setting === 0 && one.statistic === 'test_accuracy')!
  assert.equal([accuracy.layer, accuracy.median, accuracy.unit], [null, 0.5 + 1.5 / 4096, 'fraction'])
  const rows = readRows(join(folder, 'merged', 'summary.arrow'))
  assert.equal(rows[0], { ...summary[0], 'noise.std': 0.01, variant: 'linear' })
  assert.is(rows.length, summary.length)
})

test('one seed has no interval, and says so by its absence', () => {
  const single = syntheticPlan(2, 1)
  const own = join(folder, 'single')
  finishTasks(own, single, [0, 1])
  const { summary } = mergeTasks(own, single, [0, 1], '0.0.0')
  assert.ok(summary.every(({ seeds, low, high }) => seeds === 1 && low === null && high === null))
  assert.match(
    summaryText(single, summary),
    /noise\.std=0\.01, variant=linear +1 +2 +5\.5000 +5\.5000 +0\.5000 +50\.0 %/,
  )
})

test('the text has a line for each setting; the picture a panel for each word, along the numbers', () => {
  const { summary } = mergeTasks(folder, plan, all, '0.0.0')
  const lines = summaryText(plan, summary)
    .split('\n')
    .filter((line) => line.includes('noise.std='))
  assert.is(lines.length, 6)
  const text = JSON.stringify(summarySpecification(plan, summary, 24))
  const { vconcat } = JSON.parse(text) as { vconcat: { data: { values: { panel: string; x: number }[] } }[] }
  assert.equal(
    new Set(vconcat[0].data.values.map(({ panel, x }) => `${panel} ${x}`)),
    new Set(['linear', 'relu'].flatMap((word) => [0.01, 0.02, 0.03].map((x) => `variant=${word} ${x}`))),
  )
})

test('how tasks stand: missing, failed, killed, of another plan', () => {
  const own = join(folder, 'standing')
  const small = syntheticPlan(3, 3)
  finishTasks(own, small, [0, 1, 2, 3])
  rmSync(taskFolder(own, 3), { recursive: true })
  beginTask(own, small, 4)({ status: 'failed', error: 'training: the loss\u001b[31m diverged' })
  beginTask(own, small, 5)
  endBroken(own, 5, 'ended by SIGKILL')
  beginTask(own, { ...small, hash: 'other' }, 6)({ status: 'finished' })
  beginTask(own, small, 7)
  writeFileSync(join(own, 'states', '00008.json'), '{"cut')
  assert.equal(
    standings(own, small).map(({ standing }) => standing),
    ['finished', 'finished', 'finished', 'waiting', 'failed', 'failed', 'stray', 'running', 'waiting'],
  )
  const text = standingLines(small, standings(own, small)).join('\n')
  assert.match(text, '  finished: 3 tasks (0 to 2)')
  assert.match(text, '  not begun: 2 tasks (3, 8)')
  assert.match(text, 'task 4 (noise.std=0.01, variant=relu, seed 1): training: the loss\\u{1b}[31m diverged')
  assert.is(standings(own, small)[5].state?.attempt, 1)
})

test('a task with other columns, or of another schema, is named', () => {
  const own = join(folder, 'odd')
  const small = syntheticPlan(2, 1)
  finishTasks(own, small, [0, 1])
  rmSync(join(taskFolder(own, 1), 'information.arrow'))
  writeFileSync(join(taskFolder(own, 1), 'information.arrow'), 'ARROW1 and then nothing')
  assert.throws(
    () => mergeTasks(own, small, [0, 1], '0.0.0'),
    /00001\/information\.arrow: an Arrow file without its footer/,
  )
  assert.not(existsSync(join(own, 'merged', 'information.arrow')), 'nothing that looks whole')
})

test('runs inside a task are told apart by their condition, and none outside of it is read', () => {
  const own = join(folder, 'conditions')
  const small = syntheticPlan(1, 1)
  finishTasks(own, small, [0])
  const task = taskFolder(own, 0)
  mkdirSync(join(task, 'noise-0.1'))
  for (const name of ['information.arrow', 'training.arrow'])
    renameSync(join(task, name), join(task, 'noise-0.1', name))
  writeRunRecord(task, { status: 'finished', conditions: ['noise-0.1', '../../../conditions-elsewhere', '.'] })
  const { summary } = mergeTasks(own, small, [0], '0.0.0')
  const rows = readRows(join(own, 'merged', 'information.arrow'))
  assert.equal(new Set(rows.map(({ condition }) => condition)), new Set(['noise-0.1']))
  assert.ok(summary.some(({ condition, layer }) => condition === 'noise-0.1' && layer === 2))
})

test.run()
