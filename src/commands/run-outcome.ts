/** The end of a run: tables, picture, run.json, closing table. Whatever fails here, what came before stays. */
import { basename, dirname, join, relative } from 'node:path'
import type { Companion, Heading } from '../experiments/definition.js'
import { seedText } from '../experiments/seeds.js'
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
  const written = describeFiles([...pictures, ...recorder.paths().map(({ path }) => path)], recorder.folder)
  const { calibration, training, evaluating, measuring, writing, picture } = seconds
  const parts = { calibration, training, evaluating, measuring, writing, picture }
  const words = companion?.words() ?? ''
  return [closingTable({ ...rows, written, phases: Object.entries(parts) }), words].filter(Boolean).join('\n\n')
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

async function draw({ rows, record, settled, experiment, status, recorder, companion }: Ending): Promise<string[]> {
  if (rows.training.length === 0) return []
  const { replicas, ownReplicas, batches } = settled.measurement
  const last = rows.training.at(-1)!.epoch
  const { writeCurves } = await import('../report/curves.js')
  const about = [
    status === 'interrupted' ? `interrupted after epoch ${last}` : `${last} epochs`,
    `${settled.seeds.length > 1 ? 'seeds' : 'seed'} ${seedText(settled.seeds)}, noise of standard deviation ${settled.noise.std}`,
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

const contents: Record<string, string | undefined> = {
  'information.svg': 'the picture',
  'information.png': 'the picture, in pixels',
  'information.vl.json': 'the picture as a vega-lite specification',
  'neuron.png': 'the neuron through training, also as .svg and .vl.json',
  'plane.png': 'I(X;T) over the plane of weight and bias, likewise',
  'constellation.png': 'the neuron as a channel: I against SNR, likewise',
  'binning.png': 'I(X;Bin(T)) for every bin width, also as .svg and .vl.json',
  'noise-levels.png': 'I(X;T) against the noise, also as .svg and .vl.json',
  'spiral.png': 'h(T) of the last hidden layer against the samples, also as .svg and .vl.json',
  training: 'losses and accuracies by epoch',
  information: 'I(X;T) by epoch and layer',
  rivals: 'what other estimators say, and exact values',
  'noise-levels': 'I(X;T) by noise and layer',
  entropies: 'estimates of h(T) by estimator, samples and repetition',
  clustering: 'distances, neural collapse and dimension of each layer, by class',
  'binned-entropies': 'H(Bin(S)) of each layer by bin width',
  histograms: 'activations, distances and cosines of each layer, counted',
  scatter: 'the last hidden layer of some inputs of the first seed, without noise',
  activations: 'samples of the layers, before their own noise',
  weights: 'weights, named as in PyTorch',
  'run.json': 'configuration, versions, adapter, commands',
}

/** One line for each file that has a description, and one for each folder of files. */
function describeFiles(paths: string[], folder: string): { path: string; what: string }[] {
  const inner = [...paths.map((path) => relative(folder, path)), 'run.json']
  const names = inner.map((path) => (dirname(path) === '.' ? path : `${dirname(path)}/`))
  return [...new Set(names)].flatMap((name) => {
    const what = contents[name] ?? contents[basename(name).replace(/\.arrows?$/, '')]
    if (what === undefined) return []
    const files = names.filter((other) => other === name).length
    return [{ path: join(folder, name), what: name.endsWith('/') ? `${what} (${counted(files, 'file')})` : what }]
  })
}
