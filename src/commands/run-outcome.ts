/** The end of a run: tables, picture, run.json, closing table. Whatever fails here, what came before stays. */
import { join } from 'node:path'
import type { Companion, Heading } from '../experiments/definition.js'
import { seedsNamed } from '../experiments/seeds.js'
import type { SettledConfig } from '../experiments/settle.js'
import { closingTable } from '../report/closing-table.js'
import type { Phases } from '../expectation.js'
import type { Experiment } from '../scheduler.js'
import { diskError } from '../tables/disk.js'
import type { RunRecorder } from '../tables/recorder.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { writeRunRecord, type RunRecord, type RunStatus } from '../tables/run-folder.js'
import { describeFiles } from './run-files.js'

/** The rows of a run in memory, for the picture and the closing table. */
export interface Rows {
  training: TrainingRow[]
  information: InformationRow[]
}

export interface Ending {
  status: Extract<RunStatus, 'finished' | 'interrupted'>
  recorder: RunRecorder
  /** What run.json says, beside the status. */
  record: { title: string; [key: string]: unknown }
  settled: SettledConfig
  experiment: Experiment
  rows: Rows
  companion: Companion | null
  phases: Phases & { calibration: number }
}

/** Finishes the tables, draws, writes run.json, and returns the closing table. Throws InputError on a full disk. */
export async function conclude(ending: Ending): Promise<string> {
  const { recorder, record, rows, status, phases, companion } = ending
  recorder.finish()
  const start = performance.now()
  const pictures = await draw(ending)
  const seconds = { ...phases, picture: (performance.now() - start) / 1000 }
  writeRunRecord(recorder.folder, { status, ...record, ended: new Date().toISOString(), seconds })
  const written = describeFiles(
    [...pictures, ...recorder.paths().map(({ path }) => path), join(recorder.folder, 'run.json')],
    recorder.folder,
  )
  const { calibration, training, evaluating, measuring, writing, picture } = seconds
  const parts = { calibration, training, evaluating, measuring, writing, picture }
  const words = companion?.words() ?? ''
  return [closingTable({ ...rows, written, phases: Object.entries(parts) }), words].filter(Boolean).join('\n\n')
}

/** Keeps what can be kept of a run that broke off; its error is what counts, so that no other one may hide it. */
export function keepBroken(
  recorder: RunRecorder,
  record: Omit<RunRecord, 'status'>,
  error: unknown,
  guard: () => void,
): void {
  const message = error instanceof Error ? error.message : String(error)
  const ended = new Date().toISOString()
  const steps = [
    () => recorder.finish(),
    () => {
      guard()
      writeRunRecord(recorder.folder, { status: 'failed', ...record, ended, error: message })
    },
  ]
  for (const step of steps) {
    try {
      step()
    } catch {
      continue
    }
  }
}

async function draw({ rows, record, settled, experiment, status, recorder, companion }: Ending): Promise<string[]> {
  if (rows.training.length === 0) return []
  const { replicas, ownReplicas, batches } = settled.measurement
  const last = rows.training.at(-1)!.epoch
  const { writeCurves } = await import('../report/curves.js')
  const about = [
    status === 'interrupted' ? `interrupted after epoch ${last}` : `${last} epochs`,
    `${seedsNamed(settled.seeds)}, noise of standard deviation ${settled.noise.std}`,
  ].join('; ')
  const sampling = `; ${replicas} replicas, ${ownReplicas} own replicas, ${batches} batches`
  const subtitle = `${about}${settled.measurement.layers.length > 0 ? sampling : ''}`
  const heading: Heading = { title: record.title, subtitle: about }
  try {
    const { enumerated, count } = experiment.data
    const inputs = enumerated && rows.information.length > 0 ? count : null
    const curves = await writeCurves({ title: record.title, subtitle, ...rows, inputs }, recorder.folder)
    return [...curves, ...((await companion?.draw(recorder.folder, heading)) ?? [])]
  } catch (error) {
    throw diskError(error, `${recorder.folder}: cannot write the picture`, 'the tables are kept')
  }
}
