/** A sweep that ran, made of nothing: a plan, states of tasks, and run folders with plausible tables. */
import { mkdirSync, openSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { hashed, taskFolder, writePlan, type Plan } from '../../src/sweep/plan.js'
import { beginTask } from '../../src/sweep/task-state.js'
import { batchOfRows } from '../../src/tables/batch.js'
import { writeArrowFile } from '../../src/tables/ipc.js'
import { writeRunRecord } from '../../src/tables/run-folder.js'
import { informationSchema, trainingSchema } from '../../src/tables/schema.js'
import { informationRow, trainingRow } from '../report/rows.js'

export interface Shape {
  epochs: number[]
  layers: number[]
}

const small: Shape = { epochs: [0, 10, 100], layers: [1, 2] }

/** Settings of `noise.std` and a word, with `seeds` tasks each. */
export function syntheticPlan(settings: number, seeds: number): Plan {
  return hashed({
    infoflow: '0.0.0',
    experiment: 'szt',
    base: {},
    set: { 'training.epochs': 100 },
    picked: {},
    keys: ['noise.std', 'variant'],
    settings: Array.from({ length: settings }, (_, i) => ({
      'noise.std': (1 + Math.floor(i / 2)) / 100,
      variant: i % 2 ? 'relu' : 'linear',
    })),
    tasks: Array.from({ length: settings * seeds }, (_, i) => ({ setting: Math.floor(i / seeds), seeds: [i % seeds] })),
  })
}

/** I(X;T) of one row, nats: different for every task, layer and epoch, and exact in f64. */
export const informationOf = (task: number, layer: number, epoch: number) =>
  8 - layer + task / 1024 - (epoch === 100 ? 0.5 : 0)

export function informationRows(plan: Plan, task: number, { epochs, layers } = small) {
  const [seed] = plan.tasks[task].seeds
  return epochs.flatMap((epoch) =>
    layers.map((layer) =>
      informationRow(epoch, informationOf(task, layer, epoch), { seed, layer, warnings: task % 2 ? [] : ['too few'] }),
    ),
  )
}

/** The tables and state of these tasks, as a run leaves them. */
export function finishTasks(folder: string, plan: Plan, tasks: Iterable<number>, shape = small): void {
  writePlan(folder, plan)
  const metadata = { configuration_hash: 'c0ffee' }
  const [information, training] = [informationSchema(metadata), trainingSchema(metadata)]
  for (const task of tasks) {
    const own = taskFolder(folder, task)
    mkdirSync(own, { recursive: true })
    const [seed] = plan.tasks[task].seeds
    writeTable(join(own, 'information.arrow'), information, informationRows(plan, task, shape))
    writeTable(
      join(own, 'training.arrow'),
      training,
      shape.epochs.map((epoch) => trainingRow(epoch, { seed, test_accuracy: 0.5 + task / 4096 })),
    )
    const end = beginTask(folder, plan, task)
    writeRunRecord(own, { status: 'finished' })
    end({ status: 'finished' })
  }
}

function writeTable(path: string, schema: Schema, rows: readonly object[]): void {
  const file = openSync(path, 'w')
  writeArrowFile(file, schema, [batchOfRows(schema, rows)])
  closeSync(file)
}
