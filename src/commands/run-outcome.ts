/** The end of a run: tables, picture, run.json, closing table. Whatever fails here, what came before stays. */
import { basename, dirname, join, relative } from 'node:path'
import type { SettledConfig } from '../experiments/settle.js'
import { closingTable } from '../report/closing-table.js'
import { counted } from '../report/numbers.js'
import type { Experiment, Phases } from '../scheduler.js'
import { diskError } from '../tables/disk.js'
import type { RunRecorder } from '../tables/recorder.js'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { writeRunRecord, type RunRecord, type RunStatus } from '../tables/run-folder.js'

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
  phases: Phases & { calibration: number }
}

/** Finishes the tables, draws, writes run.json, and returns the closing table. Throws InputError on a full disk. */
export async function conclude(ending: Ending): Promise<string> {
  const { recorder, record, rows, status, phases } = ending
  recorder.finish()
  const start = performance.now()
  const pictures = await draw(ending)
  const seconds = { ...phases, picture: (performance.now() - start) / 1000 }
  writeRunRecord(recorder.folder, { status, ...record, ended: new Date().toISOString(), seconds })
  const written = describeFiles([...pictures, ...recorder.paths().map(({ path }) => path)], recorder.folder)
  const { calibration, training, evaluating, measuring, writing, picture } = seconds
  const parts = { calibration, training, evaluating, measuring, writing, picture }
  return closingTable({ ...rows, written, phases: Object.entries(parts) })
}

/** Keeps what can be kept of a run that broke off; its error is what counts, so that no other one may hide it. */
export function keepBroken(recorder: RunRecorder, record: Omit<RunRecord, 'status'>, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const steps = [
    () => recorder.finish(),
    () =>
      writeRunRecord(recorder.folder, { status: 'failed', ...record, ended: new Date().toISOString(), error: message }),
  ]
  for (const step of steps) {
    try {
      step()
    } catch {
      continue
    }
  }
}

async function draw({ rows, record, settled, experiment, status, recorder }: Ending): Promise<string[]> {
  if (rows.training.length === 0) return []
  const { replicas, ownReplicas, batches } = settled.measurement
  const last = rows.training.at(-1)!.epoch
  const { writeCurves } = await import('../report/curves.js')
  const subtitle = [
    status === 'interrupted' ? `interrupted after epoch ${last}` : `${last} epochs`,
    `seed ${settled.seed}, noise of standard deviation ${settled.noise.std}`,
    `${replicas} replicas, ${ownReplicas} own replicas, ${batches} batches`,
  ].join('; ')
  try {
    return await writeCurves({ title: record.title, subtitle, ...rows, inputs: experiment.data.count }, recorder.folder)
  } catch (error) {
    throw diskError(error, `${recorder.folder}: cannot write the picture`, 'the tables are kept')
  }
}

const contents: Record<string, string> = {
  'information.svg': 'the picture',
  'information.png': 'the picture, in pixels',
  'information.vl.json': 'the picture as a vega-lite specification',
  training: 'losses and accuracies by epoch',
  information: 'I(X;T) by epoch and layer',
  activations: 'samples of the layers, before their own noise',
  weights: 'weights, named as in PyTorch',
  'run.json': 'configuration, versions, adapter, commands',
}

/** One line for each file, and one for each folder of files. */
function describeFiles(paths: string[], folder: string): { path: string; what: string }[] {
  const inner = [...paths.map((path) => relative(folder, path)), 'run.json']
  const names = inner.map((path) => (dirname(path) === '.' ? path : `${dirname(path)}/`))
  return [...new Set(names)].map((name) => {
    const what = contents[name] ?? contents[basename(name).replace(/\.arrows?$/, '')]
    const files = names.filter((other) => other === name).length
    return { path: join(folder, name), what: name.endsWith('/') ? `${what} (${counted(files, 'file')})` : what }
  })
}
