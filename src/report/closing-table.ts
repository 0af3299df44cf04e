/**
 * What a finished run says on the terminal, 80 columns wide: per layer I at the start, at each turning point and at
 * the end, compression, losses and accuracy, one sentence that says what it means, warnings, files and times. Of several
 * seeds it shows means with intervals over seeds (seeds-table.ts).
 */
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { groupedBy } from './grouped.js'
import { bits, counted, duration, fixed, percent, ranges, visible, withMargin, wrapped } from './numbers.js'
import { meaning } from './meaning.js'
import { seedsMeaning } from './seeds-meaning.js'
import { seedsTable, seedsTrainingLines } from './seeds-table.js'
import { compression, estimated, halfWidth, tooFewReplicas, turningPoints } from './turning-points.js'
import type { EstimatedRow } from './turning-points.js'

export interface ClosingInput {
  training: TrainingRow[]
  information: InformationRow[]
  /** Files, each with what it holds. */
  written: { path: string; what: string }[]
  /** Phases with their exclusive wall-clock seconds, in the order to print. */
  phases: [name: string, seconds: number][]
}

/** The closing table as text without a final newline. Rows may come in any order and from several seeds. */
export function closingTable(input: ClosingInput): string {
  const { information, training } = input
  const several = new Set([...information, ...training].map((row) => row.seed)).size > 1
  const blocks = several
    ? [seedsTable(information), seedsTrainingLines(training), seedsMeaning(information)]
    : [layerTable(information), trainingLines(training), meaning(information)]
  return [...blocks, warningLines(information, several), writtenLines(input.written), phaseLine(input.phases)]
    .filter((block) => block !== '')
    .join('\n\n')
}

function layerTable(rows: InformationRow[]): string {
  if (rows.length === 0) return ''
  const layers = [...new Set(rows.map((row) => row.layer))].sort((a, b) => a - b)
  const lines = layers.flatMap((layer) => layerLines(rows.filter((row) => row.layer === layer)))
  const note = estimated(rows).some(tooFewReplicas)
    ? ['* too few replicas (step ratio > 0.65): the interval covers sampling error only']
    : []
  return [columns('I(X;T_l) with 95 % intervals', 'epoch', 'nats', 'bits'), ...lines, ...note].join('\n')
}

function layerLines(rows: InformationRow[]): string[] {
  const title = `layer ${rows[0].layer} (${counted(rows[0].dimension, 'neuron')})`
  const curve = estimated(rows)
  if (curve.length === 0) return [columns(title, '', 'no estimate', '')]
  const lines = [pointLine('start', curve[0]), ...turningPoints(rows).map(({ kind, row }) => pointLine(kind, row))]
  if (curve.length === 1) return [title, ...lines]
  return [title, ...lines, pointLine('end', curve[curve.length - 1]), compressionLine(rows)]
}

function pointLine(name: string, row: EstimatedRow): string {
  return measuredLine(name, String(row.epoch), row.mi_corrected, halfWidth(row), tooFewReplicas(row))
}

function compressionLine(rows: InformationRow[]): string {
  const { highest, last, value, high } = compression(rows)!
  const doubtful = tooFewReplicas(highest) || tooFewReplicas(last)
  if (highest === last) return measuredLine('compression', '', 0, null, false)
  return measuredLine('compression', `${highest.epoch} to ${last.epoch}`, value, high - value, doubtful)
}

function measuredLine(name: string, epoch: string, nats: number, half: number | null, doubtful: boolean): string {
  const line = columns(`  ${name}`, epoch, withMargin(nats, half), withMargin(bits(nats), bits(half)))
  return doubtful ? `${line} *` : line
}

function columns(name: string, epoch: string, nats: string, bitsText: string): string {
  return `${name}${epoch.padStart(34 - name.length)}${nats.padStart(21)}${bitsText.padStart(21)}`.trimEnd()
}

function trainingLines(rows: TrainingRow[]): string {
  if (rows.length === 0) return ''
  const last = rows.reduce((latest, row) => (row.epoch >= latest.epoch ? row : latest))
  const [train, test] = [fixed(last.train_loss), fixed(last.test_loss)]
  const when = `After epoch ${last.epoch}, noise off`
  const [loss, accuracy] = [`loss ${train} nats on the training set`, `accuracy ${percent(last.train_accuracy)}`]
  if (last.test_loss === null && last.test_accuracy === null)
    return wrapped(`${when}: ${loss}; ${accuracy}. There is no test set.`)
  return wrapped(`${when}: ${loss}, ${test} nats on the test set; ${accuracy} and ${percent(last.test_accuracy)}.`)
}

/** One entry for all rows with the same warning; texts that differ in their numbers alone are the same. */
function warningLines(information: InformationRow[], several: boolean): string {
  const groups = new Map<string, { text: string; rows: InformationRow[]; texts: Set<string> }>()
  for (const row of information) {
    for (const text of new Set(row.warnings)) {
      const key = text.replace(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/gi, '#')
      const group = groups.get(key) ?? { text, rows: [], texts: new Set() }
      group.rows.push(row)
      group.texts.add(text)
      groups.set(key, group)
    }
  }
  if (groups.size === 0) return ''
  const lines = [...groups.values()].map(({ text, rows, texts }) => {
    const similar = texts.size > 1 ? ` (the first of ${texts.size} that differ in numbers alone)` : ''
    return wrapped(`  ${place(rows, several)}: ${visible(text)}${similar}`, 80, 4)
  })
  return ['Warnings', ...lines].join('\n')
}

function place(rows: InformationRow[], several: boolean): string {
  const layers = [...groupedBy(rows, (row) => row.layer).keys()].sort((a, b) => a - b)
  const epochs = [...groupedBy(rows, (row) => row.epoch).keys()]
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)]
  const when = first === last ? `epoch ${first}` : `epochs ${first} to ${last}`
  const where = `${layers.length === 1 ? 'layer' : 'layers'} ${several ? ranges(layers) : layers.join(', ')}`
  return [where, ...(several ? [whose(rows)] : []), `${when} (${counted(rows.length, 'row')})`].join(', ')
}

/** 'seeds 0 to 7'; of many scattered ones their number and ends. */
function whose(rows: InformationRow[]): string {
  const seeds = [...groupedBy(rows, (row) => row.seed).keys()]
  const text = ranges(seeds)
  if (text.length > 40) return `${seeds.length} seeds from ${Math.min(...seeds)} to ${Math.max(...seeds)}`
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${text}`
}

function writtenLines(written: ClosingInput['written']): string {
  if (written.length === 0) return ''
  const width = Math.max(...written.map(({ path }) => visible(path).length))
  const lines = written.map(({ path, what }) => `  ${visible(path).padEnd(width)}  ${visible(what)}`)
  return ['Written', ...lines].join('\n')
}

function phaseLine(phases: ClosingInput['phases']): string {
  if (phases.length === 0) return ''
  const total = phases.reduce((seconds, phase) => seconds + phase[1], 0)
  const parts = phases.map(([name, seconds]) => `${name} ${duration(seconds)}`)
  return wrapped(`Time ${duration(total)}: ${parts.join(', ')}`, 80, 2)
}
