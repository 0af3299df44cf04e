/** One report: folders read as far as they can be, runs brought together, page and figures written. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { groupsOf } from '../comparison/condition.js'
import { InputError } from '../errors.js'
import { paperLook, screenLook } from '../report/look.js'
import { counted, visible } from '../report/numbers.js'
import { reportCondition, seedsOf } from '../report/report-condition.js'
import { storedRuns } from '../report/stored-run.js'
import { writeReport } from '../report/write-report.js'
import type { ReportRequest } from './report-options.js'
import { versions } from './versions.js'

/** Throws InputError: no run, a folder that is not there or cannot be written. */
export async function performReport({ folders, out, style }: ReportRequest): Promise<void> {
  const runs = storedRuns(folders)
  const page = out ?? join(runs[0].folder, 'report.html')
  if (!existsSync(dirname(page))) {
    throw new InputError(`${page}: no folder ${dirname(page)}: make it, or choose another --out FILE`)
  }
  // of runs without a configuration nobody knows whether they are of one
  const known = runs.map((run) => ({ ...run, configuration: nonEmpty(run.configuration) ?? { folder: run.folder } }))
  const conditions = groupsOf(known, seedsOf).map(({ name, runs }) => reportCondition(name, runs))
  const place = { page, figures: join(dirname(page), 'figures') }
  const look = style === 'paper' ? paperLook : screenLook
  const written = await writeReport(conditions, place, { look, version: versions().infoflow })
  const missing = runs.flatMap(({ folder, missing }) => missing.map((line) => `${folder}: ${line}`))
  const lines = [...missing, visible(page), `${place.figures}${'/'}: ${counted((written.length - 1) / 4, 'figure')}`]
  process.stdout.write(`${lines.map(visible).join('\n')}\n`)
}

const nonEmpty = (value: Record<string, unknown>) => (Object.keys(value).length > 0 ? value : null)
