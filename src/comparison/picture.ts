/**
 * The picture of a comparison: I(X;T) against epoch, a panel for each layer with a curve for each condition; last, how far I
 * fell against how far the distances within classes did, a mark for each seed, layer and condition.
 */
import type { TopLevelSpec } from 'vega-lite'
import { breakMarks, epochAxis, epochEncoding, placeOf, type EpochAxis, type Part } from '../report/epoch-axis.js'
import { groupedBy } from '../report/grouped.js'
import { fixed, visible } from '../report/numbers.js'
import type { Mark } from '../report/panel.js'
import { overSeeds } from '../report/seed-spread.js'
import { framed, quiet } from '../report/theme.js'
import { estimated, type EstimatedRow } from '../report/turning-points.js'
import type { ComparisonRow } from '../tables/comparison.js'
import { isEstimated, type Condition } from './condition.js'

const size = { width: 250, height: 170 }

/** Told apart without colour vision (Okabe and Ito); the reference is black. */
const palette = ['#111111', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']
const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
]

export function comparisonSpecification(
  conditions: readonly Condition[],
  rows: readonly ComparisonRow[],
): TopLevelSpec {
  const informed = conditions.filter(isEstimated)
  const curves = informed.flatMap(({ name, information }) => estimated(information).map((row) => ({ name, row })))
  const axis = epochAxis([...new Set(curves.map(({ row }) => row.epoch))])
  const layers = [...groupedBy(curves, ({ row }) => row.layer)].sort(([a], [b]) => a - b)
  const top = 1.08 * Math.max(0.1, ...curves.map(({ row }) => row.mi_corrected))
  const colour = colours(informed)
  const views = [
    ...layers.map(([layer, own]) => layerView(layer, own, axis, { top, colour })),
    ...clusterView(
      rows,
      layers.map(([layer]) => layer),
      colour,
    ),
  ]
  return framed(`I(X;T) of ${conditions.map(({ name }) => visible(name)).join(', ')}`, notes(conditions), {
    columns: 3,
    spacing: { row: 26, column: 30 },
    concat: views.length > 0 ? views : [emptyView()],
  })
}

function notes(conditions: readonly Condition[]): string[] {
  const several = conditions.some(({ seeds }) => seeds.length > 1)
  const single = conditions.some(({ seeds }) => seeds.length === 1)
  const missing = conditions.filter((condition) => !isEstimated(condition)).map(({ name }) => visible(name))
  const bands = [
    ...(several
      ? ['lines: medians over seeds; bands: lowest to highest seed, from 10 on 10th to 90th percentile']
      : []),
    ...(single ? ['of one seed: 95 % intervals of the estimate'] : []),
  ].join('; ')
  return [bands, ...(missing.length > 0 ? [`without an estimate of I(X;T): ${missing.join(', ')}`] : [])]
}

function colours(conditions: readonly Condition[]): Part {
  const names = conditions.map(({ name }) => visible(name))
  const range = names.map((_, i) => palette[i % palette.length])
  const legend = { title: 'condition', symbolType: 'circle', symbolOpacity: 1 }
  return { field: 'series', type: 'nominal', sort: null, scale: { domain: names, range }, legend }
}

interface Frame {
  top: number
  colour: Part
}

function layerView(
  layer: number,
  own: { name: string; row: EstimatedRow }[],
  axis: EpochAxis,
  { top, colour: color }: Frame,
): Part {
  const marks = [...groupedBy(own, ({ name }) => name)].flatMap(([name, rows]) => {
    const seeds = new Set(rows.map(({ row }) => row.seed)).size
    const points = rows.map(({ row }) => markOf(visible(name), row, axis))
    return overSeeds(points, seeds).filter(({ role }) => role === 'main')
  })
  const band = { color, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } }
  const scale = { domain: [Math.min(0, ...marks.map(({ value }) => value)), top], nice: false }
  const ranged = [{ filter: 'isValid(datum.low) && isValid(datum.high)' }]
  return {
    ...size,
    title: { text: `layer ${layer}`, fontSize: 12.5, anchor: 'start', offset: 4 },
    data: { values: marks },
    encoding: {
      x: epochEncoding(axis, true),
      y: { field: 'value', type: 'quantitative', title: 'I(X;T) [nats]', scale },
    },
    layer: [
      { transform: ranged, mark: { type: 'area', opacity: 0.18 }, encoding: band },
      { mark: { type: 'line', strokeWidth: 1.7, clip: true }, encoding: { color } },
      { mark: { type: 'point', size: 12, filled: true, opacity: 1 }, encoding: { color } },
      ...breakMarks(axis, size.height, quiet),
    ],
  }
}

function markOf(series: string, row: EstimatedRow, axis: EpochAxis): Mark {
  const { seed, epoch, mi_corrected: value, mi_low: low, mi_high: high } = row
  return { epoch, place: placeOf(epoch, axis), seed, series, role: 'main', value, low, high, hollow: false }
}

/** Nothing where no condition has distances. */
function clusterView(rows: readonly ComparisonRow[], layers: number[], color: Part): Part[] {
  const seeds = rows.filter(({ method, value }) => method === 'seed' && value !== null)
  const at = ({ condition, layer, seed }: ComparisonRow) => `${condition}\n${layer} ${seed}`
  const falls = new Map(
    seeds.filter(({ statistic }) => statistic === 'compression').map((row) => [at(row), row.value!]),
  )
  const marks = seeds
    .filter((row) => row.statistic === 'within_change' && falls.has(at(row)))
    .map((row) => ({
      ...{ series: visible(row.condition), layer: row.layer, seed: row.seed },
      ...{ change: row.value, fall: falls.get(at(row)) },
    }))
  if (marks.length === 0) return []
  const shape = {
    field: 'layer',
    type: 'nominal',
    title: 'layer',
    scale: { domain: layers, range: layers.map((_, i) => shapes[i % shapes.length]) },
  }
  const x = {
    field: 'change',
    type: 'quantitative',
    title: 'log ratio of within-class distance',
    scale: { zero: true },
  }
  const y = { field: 'fall', type: 'quantitative', title: 'compression [nats]', scale: { zero: true } }
  const title = `one mark for each seed (${fixed(marks.length, 0)} in all)`
  return [
    {
      ...size,
      title: { text: title, fontSize: 12.5, anchor: 'start', offset: 4 },
      data: { values: marks },
      mark: { type: 'point', filled: true, size: 46, opacity: 0.75 },
      encoding: { x, y, color, shape },
    },
  ]
}

function emptyView(): Part {
  const text = 'no condition has an estimate of I(X;T)'
  return { ...size, data: { values: [{}] }, mark: { type: 'text', text, color: quiet } }
}
