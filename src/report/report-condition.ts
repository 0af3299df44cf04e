/** What a report overlays: runs of one configuration with different seeds as one condition, their tables joined. */
import type { StoredRun } from './stored-run.js'
import type { StoredTables } from './stored-tables.js'

export interface ReportCondition {
  name: string
  runs: StoredRun[]
  /** Ascending. */
  seeds: number[]
  tables: StoredTables
}

export function reportCondition(name: string, runs: StoredRun[]): ReportCondition {
  const names = Object.keys(runs[0].tables) as (keyof StoredTables)[]
  const joined = names.map((table) => [table, runs.flatMap((run) => run.tables[table] as object[])])
  const tables = Object.fromEntries(joined) as unknown as StoredTables
  return { name, runs, seeds: [...new Set(runs.flatMap(seedsOf))].sort((a, b) => a - b), tables }
}

export function seedsOf({ tables }: Pick<StoredRun, 'tables'>): number[] {
  const { information, training, clustering } = tables
  return [...new Set([...information, ...training, ...clustering].map(({ seed }) => seed))]
}

/** Epochs at which a layer was looked at, ascending. */
export function lookedAt({ tables }: Pick<ReportCondition, 'tables'>): number[] {
  const { information, clustering, histograms, scatter, rivals } = tables
  const rows = [information, clustering, tables['binned-entropies'], histograms, scatter, rivals].flat()
  return [...new Set(rows.map(({ epoch }) => epoch))].sort((a, b) => a - b)
}

/** Layers with a row, ascending. */
export function layersOf({ tables }: Pick<ReportCondition, 'tables'>): number[] {
  const rows = [tables.information, tables.clustering, tables['binned-entropies'], tables.histograms].flat()
  return [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b)
}
