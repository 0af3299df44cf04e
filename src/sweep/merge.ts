/** From the folders of all tasks to combined tables and a summary. Which tasks are whole is for task-state.ts to say. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { diskError } from '../tables/disk.js'
import { readRunRecord, runTables } from '../tables/run-folder.js'
import { combineTable, type Part, type Seen } from './combined-table.js'
import { taskFolder, type Plan } from './plan.js'
import { Summary, writeSummary, type SummaryRow } from './summary.js'

export interface Merged {
  /** Written files with what they hold. */
  written: { path: string; rows: number }[]
  summary: SummaryRow[]
}

/**
 * Combines the tables of these tasks in DIR/merged; samples and weights stay where they are. Tables go one after the other, tasks in order.
 * @throws InputError: a damaged table, tables that do not go together, a full disk
 */
export function mergeTasks(folder: string, plan: Plan, tasks: readonly number[], infoflow: string): Merged {
  const out = mergedFolder(folder)
  const missing = plan.tasks.length - tasks.length
  const metadata = {
    configuration_hash: plan.hash,
    title: `sweep of ${plan.experiment}`,
    tasks: String(tasks.length),
    missing_tasks: String(missing),
    infoflow,
  }
  const parts = tasks.flatMap((task) => partsOf(folder, task))
  const summary = new Summary(plan)
  const seen: Record<string, Seen> = {
    training: (part, batch) => summary.training(part, batch),
    information: (part, batch) => summary.information(part, batch),
  }
  const written = runTables.flatMap((name) => {
    const rows = combineTable(name, plan, parts, { folder: out, metadata }, seen[name])
    return rows === 0 ? [] : [{ path: join(out, `${name}.arrow`), rows }]
  })
  const rows = summary.rows()
  if (rows.length === 0) return { written, summary: rows }
  const path = join(out, 'summary.arrow')
  writeSummary(path, plan, rows, metadata)
  return { written: [{ path, rows: rows.length }, ...written], summary: rows }
}

function mergedFolder(folder: string): string {
  const out = join(folder, 'merged')
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    throw diskError(error, `${out}: cannot create the folder`)
  }
  return out
}

/** The task's folder, and those of the runs inside it, where it is an experiment of several conditions. */
function partsOf(folder: string, task: number): Part[] {
  const own = taskFolder(folder, task)
  const conditions = readRunRecord(own)?.conditions
  const names = Array.isArray(conditions) ? conditions.filter(isFolderName) : []
  return [
    { task, condition: null, folder: own },
    ...names.map((condition) => ({ task, condition, folder: join(own, condition) })),
  ]
}

const isFolderName = (name: unknown): name is string => typeof name === 'string' && /^[a-z0-9][a-z0-9.-]*$/.test(name)
