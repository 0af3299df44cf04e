/**
 * The merge of 10,000 tasks takes hardly more memory than that of 1000: tables go through it a few thousand rows at a time. What grows
 * is the summary, a few numbers a task, and its picture (100 MiB of 1000 settings).
 * COST some minutes on 2 cores, most of it to make the tasks; 1 GB of disk.
 */
import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { taskFolder, writePlan } from '../../src/sweep/plan.js'
import { beginTask } from '../../src/sweep/task-state.js'
import { countRows } from '../../src/tables/read.js'
import { writeRunRecord } from '../../src/tables/run-folder.js'
import { execute, fromSources, scratch } from '../commands/process.js'
import { finishTasks, syntheticPlan } from '../sweep/synthetic.js'

const folder = scratch(test)
const [node, ...imports] = fromSources.slice(0, -1)
const merge = [node, ...imports, fileURLToPath(new URL('merge-process.ts', import.meta.url))]
const seeds = 10
const shape = { epochs: [0, ...Array.from({ length: 14 }, (_, i) => 2 ** i)], layers: [1, 2, 3, 4, 5] }

/** Tasks of one seed share their tables. */
function make(tasks: number): string {
  const own = join(folder, String(tasks))
  const plan = syntheticPlan(tasks / seeds, seeds)
  finishTasks(own, plan, Array.from({ length: seeds }).keys(), shape)
  writePlan(own, plan)
  for (let task = seeds; task < tasks; task++) {
    const [to, from] = [task, task % seeds].map((one) => taskFolder(own, one))
    mkdirSync(to)
    for (const name of ['information.arrow', 'training.arrow']) copyFileSync(join(from, name), join(to, name))
    const end = beginTask(own, plan, task)
    writeRunRecord(to, { status: 'finished' })
    end({ status: 'finished' })
  }
  return own
}

async function mebibytes(tasks: number): Promise<number> {
  const own = make(tasks)
  const { code, stdout, stderr } = await execute([...merge, own], { cwd: folder, limit: 3600 })
  assert.is(code, 0, stderr)
  const [, told, memory] = /took (.*), at most (\d+) MiB/.exec(stdout)!
  const table = join(own, 'merged', 'information.arrow')
  assert.is(countRows(table), tasks * shape.epochs.length * shape.layers.length)
  assert.is(countRows(join(own, 'merged', 'training.arrow')), tasks * shape.epochs.length)
  const size = (statSync(table).size / 2 ** 20).toFixed(0)
  process.stdout.write(`${tasks} tasks: ${told}, at most ${memory} MiB; information.arrow ${size} MiB\n`)
  return Number(memory)
}

test('10,000 tasks in bounded memory', async () => {
  const few = await mebibytes(1000)
  const many = await mebibytes(10_000)
  assert.ok(many < few + 300, `${few} MiB of 1000 tasks, ${many} MiB of 10,000`)
})

test.run()
