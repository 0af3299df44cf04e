/**
 * The vega-lite specification of a run's picture: I(X;T_l) per layer above losses and accuracies, on one epoch axis.
 * Layers take their colours in order from one scale whose lightness rises with depth (plasma, readable without colour
 * vision). A single seed carries its 95 % bands; several seeds their median and its spread (seed-spread.ts).
 */
import type { TopLevelSpec } from 'vega-lite'
import type { InformationRow, TrainingRow } from '../tables/rows.js'
import { epochAxis, placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import { groupedBy } from './grouped.js'
import { counted, fixed } from './numbers.js'
import { panelView, panelWidth, type Mark, type Panel } from './panel.js'
import { overSeeds, spreadOf } from './seed-spread.js'
import { mostlyTooFewReplicas } from './seed-summary.js'
import { framed, layerColour, quiet } from './theme.js'
import { estimated, tooFewReplicas } from './turning-points.js'

export interface CurvesInput {
  title: string
  subtitle: string
  training: TrainingRow[]
  information: InformationRow[]
  /** Inputs m of the data set, log m being the ceiling of I(X;T); null where they are a sample, or nothing was to be measured. */
  inputs: number | null
}

/** What vega-lite draws, rows inline: numbers and texts of the run are data there, never markup or expressions. */
export function curvesSpecification(input: CurvesInput): TopLevelSpec {
  const rows = [...input.training, ...input.information]
  const axis = epochAxis([...new Set(rows.map((row) => row.epoch))])
  const panels = [
    informationPanel(input, axis),
    trainingPanel(input, 'loss', axis),
    trainingPanel(input, 'accuracy', axis),
  ].filter((panel) => panel.marks.length > 0 || panel.behind.length > 0)
  return framed(input.title, [input.subtitle, ...notes(input)], {
    spacing: 12,
    resolve: { scale: { color: 'independent' } },
    vconcat: panels.map((panel, i) => panelView(panel, axis, i === panels.length - 1)),
  })
}

function informationPanel(input: CurvesInput, axis: EpochAxis): Panel {
  const { information, inputs } = input
  const rows = estimated(information).sort((a, b) => a.layer - b.layer)
  const name = (row: InformationRow): string => `layer ${row.layer} (${counted(row.dimension, 'neuron')})`
  const marks = overSeeds(
    rows.map((row) => ({
      ...placed(row, name(row), row.mi_corrected, axis),
      low: row.mi_low,
      high: row.mi_high,
      hollow: tooFewReplicas(row),
    })),
    seedCount(input),
  )
  const names = [...new Set(rows.map(name))]
  const series = names.map((each, i): [string, string] => [each, layerColour(i / Math.max(1, names.length - 1))])
  const ceiling = inputs === null ? 0 : Math.log(inputs)
  const values = [0, 0.1, ceiling, ...marks.flatMap((mark) => [mark.value, mark.low ?? 0, mark.high ?? 0])]
  const domain: [number, number] = [Math.min(...values), 1.07 * Math.max(...values)]
  const behind = inputs === null ? [] : ceilingLayers(ceiling, inputs, axis, marks.length === 0)
  return { title: 'I(X;T) [nats]', height: 320, domain, series, marks, points: true, behind }
}

function ceilingLayers(ceiling: number, inputs: number, axis: EpochAxis, empty: boolean): Part[] {
  const text = `ceiling: log ${inputs} = ${fixed(ceiling, 3)} nats${empty ? '; no layer has an estimate' : ''}`
  const data = { values: [{ place: axis.domain[0], value: ceiling }] }
  const across = { x: { value: 0 }, x2: { value: panelWidth } }
  const label = { type: 'text', text, align: 'left', baseline: 'bottom', dx: 3, dy: -3, color: quiet, fontSize: 11 }
  return [
    { data, mark: { type: 'rule', strokeDash: [6, 4], color: quiet }, encoding: across },
    { data, mark: label },
  ]
}

function trainingPanel(input: CurvesInput, what: 'loss' | 'accuracy', axis: EpochAxis): Panel {
  const scale = what === 'loss' ? 1 : 100
  const found = (['train', 'test'] as const).flatMap((part) =>
    input.training.flatMap((row) => {
      const value = row[`${part}_${what}`]
      return value === null || !Number.isFinite(value) ? [] : [placed(row, part, value * scale, axis)]
    }),
  )
  const marks = overSeeds(found, seedCount(input))
  const names = [...new Set(marks.map((mark) => mark.series))]
  const series = names.map((name): [string, string] => [name, name === 'train' ? '#8a8a8a' : '#111111'])
  const common = { series, marks, points: false, behind: [] }
  const values = marks.flatMap((mark) => [mark.value, mark.low ?? mark.value, mark.high ?? mark.value])
  const highest = 1.05 * Math.max(0.1, ...values)
  if (what === 'loss') return { ...common, title: 'loss [nats]', height: 100, domain: [0, highest] }
  const lowest = Math.max(0, 10 * Math.ceil(Math.min(100, ...values) / 10 - 1))
  return { ...common, title: 'accuracy [%]', height: 80, domain: [lowest, 101] }
}

function placed(row: { seed: number; epoch: number }, series: string, value: number, axis: EpochAxis): Mark {
  const { seed, epoch } = row
  return { epoch, place: placeOf(epoch, axis), seed, series, role: 'main', value, low: null, high: null, hollow: false }
}

function seedCount({ information, training }: CurvesInput): number {
  return new Set([...information, ...training].map((row) => row.seed)).size
}

function notes(input: CurvesInput): string[] {
  const seeds = seedCount(input)
  const rows = estimated(input.information)
  if (seeds > 1) return [severalNote(seeds, rows)]
  if (rows.length === 0) return []
  const bands = 'bands: 95 % intervals'
  return [rows.some(tooFewReplicas) ? `${bands}; hollow: ${weak}, bias may exceed the interval` : bands]
}

const weak = 'too few replicas (step ratio > 0.65)'

function severalNote(seeds: number, rows: InformationRow[]): string {
  const points = [...groupedBy(rows, (row) => `${row.layer} ${row.epoch}`).values()]
  const fewest = Math.min(seeds, ...points.map((point) => point.length))
  const missing = fewest < seeds ? `; not every seed is at every point (${fewest} at fewest)` : ''
  const hollow = points.some(mostlyTooFewReplicas) ? `; hollow: ${weak} in more than half of the seeds` : ''
  return `${spreadOf(seeds).words}${missing}${hollow}`
}
