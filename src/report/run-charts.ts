/**
 * A run in small charts for the terminal: I(X;T) of each layer (H(Bin(S)) where there is no estimate), losses and test accuracy against
 * the epoch, on its logarithmic axis; medians over seeds. Each chart has a scale of its own, with its ends at the left.
 */
import { median } from '../math/statistics.js'
import type { BinnedEntropyRow, InformationRow, TrainingRow } from '../tables/rows.js'
import { epochAxis, placeOf } from './epoch-axis.js'
import { groupedBy } from './grouped.js'
import { counted, fixed, wrapped } from './numbers.js'
import { terminalChart } from './terminal-chart.js'
import { estimated } from './turning-points.js'

export interface ChartedRun {
  training: readonly TrainingRow[]
  information: readonly InformationRow[]
  binned: readonly BinnedEntropyRow[]
}

export interface Terminal {
  /** Characters in a line. */
  width: number
  ascii: boolean
}

interface Curve {
  title: string
  /** Below it differences are not shown larger than they are: in units of the curve. */
  leastRange: number
  points: { epoch: number; value: number }[]
}

const rows = 4
const labelWidth = 7
const narrowest = 34

/** All charts, as many beside each other as the width holds; '' for a run without a row. */
export function runCharts(run: ChartedRun, { width, ascii }: Terminal): string {
  const curves = [...informationCurves(run), ...trainingCurves(run)].filter(({ points }) => points.length > 1)
  if (curves.length === 0) return ''
  const epochs = curves.flatMap(({ points }) => points.map(({ epoch }) => epoch))
  const axis = epochAxis(epochs)
  const [left, right] = [axis.zero ?? axis.domain[0], axis.domain[1]].map(Math.log)
  const across = Math.max(1, Math.floor((width + 2) / (narrowest + 2)))
  const columns = Math.floor((width + 2) / across) - 2
  const blocks = curves.map((curve) => {
    const points = curve.points.map(({ epoch, value }) => ({
      x: (Math.log(placeOf(epoch, axis)) - left) / (right - left),
      y: value,
    }))
    return block(curve, points, columns, ascii)
  })
  const parts = Array.from({ length: Math.ceil(blocks.length / across) }, (_, i) =>
    beside(blocks.slice(i * across, (i + 1) * across), columns),
  )
  return [heading(run, epochs, width), ...parts].join('\n')
}

function heading(run: ChartedRun, epochs: number[], width: number): string {
  const seeds = new Set([...run.information, ...run.training].map(({ seed }) => seed)).size
  const medians = seeds > 1 ? `, medians of ${counted(seeds, 'seed')}` : ''
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)]
  return wrapped(
    `Epochs ${first} to ${last} from left to right, logarithmic${medians}; each chart has its own scale.`,
    width,
  )
}

function informationCurves({ information, binned }: ChartedRun): Curve[] {
  const known = estimated([...information])
  const layers = [...groupedBy(known, (row) => row.layer)].sort(([a], [b]) => a - b)
  if (layers.length === 0) return binnedCurves(binned)
  return layers.map(([layer, own]) => ({
    title: `I(X;T), layer ${layer} (${counted(own[0].dimension, 'neuron')}) [nats]`,
    leastRange: 0.1,
    points: medians(own, (row) => row.mi_corrected),
  }))
}

/** Of the middle width of the bins. */
function binnedCurves(binned: readonly BinnedEntropyRow[]): Curve[] {
  const widths = [...new Set(binned.map((row) => row.bin_width))].sort((a, b) => a - b)
  const middle = widths[Math.floor((widths.length - 1) / 2)]
  const own = binned.filter((row) => row.bin_width === middle)
  return [...groupedBy(own, (row) => row.layer)].map(([layer, rows]) => ({
    title: `H(Bin(S)), layer ${layer}, bins ${middle} [nats]`,
    leastRange: 0.1,
    points: medians(rows, (row) => row.h_bin),
  }))
}

function trainingCurves({ training }: ChartedRun): Curve[] {
  const curve = (title: string, leastRange: number, value: (row: TrainingRow) => number | null): Curve => ({
    ...{ title, leastRange, points: medians(training, value) },
  })
  return [
    curve('loss, training set [nats]', 0.01, (row) => row.train_loss),
    curve('loss, test set [nats]', 0.01, (row) => row.test_loss),
    curve('accuracy, test set [fraction]', 0.01, (row) => row.test_accuracy),
  ]
}

/** Over the seeds that have a value at the epoch. */
function medians<Row extends { epoch: number }>(all: readonly Row[], value: (row: Row) => number | null) {
  const epochs = [...groupedBy(all, (row) => row.epoch)].sort(([a], [b]) => a - b)
  return epochs.flatMap(([epoch, own]) => {
    const values = own.map(value).filter((each) => each !== null && Number.isFinite(each)) as number[]
    return values.length === 0 ? [] : [{ epoch, value: median(values) }]
  })
}

/** The title, and the chart with the ends of its scale. */
function block(curve: Curve, points: { x: number; y: number }[], width: number, ascii: boolean): string[] {
  const values = points.map(({ y }) => y)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const wider = Math.max(0, curve.leastRange - (most - least)) / 2
  const [low, high] = [least - wider, most + wider]
  const lines = terminalChart(points, { columns: width - labelWidth, rows, low, high, ascii })
  const labels = [fixed(high, 3), ...Array<string>(rows - 2).fill(''), fixed(low, 3)]
  return [curve.title.slice(0, width), ...lines.map((text, i) => `${labels[i].padStart(labelWidth - 1)} ${text}`)]
}

function beside(blocks: string[][], width: number): string {
  const height = Math.max(...blocks.map(({ length }) => length))
  return Array.from({ length: height }, (_, i) =>
    blocks
      .map((lines) => (lines[i] ?? '').padEnd(width))
      .join('  ')
      .trimEnd(),
  ).join('\n')
}
