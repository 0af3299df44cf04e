/**
 * I(X;T_l) at the last measurement and test accuracies against what was swept: along the axis the key with most numbers, a
 * panel for each combination of the others. Points are medians over seeds, bars reach from the lowest seed to the highest.
 */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from '../report/epoch-axis.js'
import { counted } from '../report/numbers.js'
import { framed, ink, layerColour } from '../report/theme.js'
import { settingTitle, type Plan, type Setting } from './plan.js'
import type { SummaryRow } from './summary.js'

const mostPanels = 12
const size = { width: 250, height: 190 }

/** @param tasks that went in */
export function summarySpecification(plan: Plan, rows: readonly SummaryRow[], tasks: number): TopLevelSpec {
  const key = axisKey(plan)
  const points = rows.map((row) => point(plan, key, row))
  const panels = [...new Set(points.map(({ panel }) => panel))]
  const shown = points.filter(({ panel }) => panels.slice(0, mostPanels).includes(panel))
  const layers = [...new Set(shown.flatMap(({ layer }) => layer ?? []))].sort((a, b) => a - b)
  const colour = {
    field: 'layer',
    type: 'ordinal',
    title: 'layer',
    scale: { domain: layers, range: layers.map((_, i) => layerColour(i / Math.max(1, layers.length - 1))) },
  }
  const x = xEncoding(plan, key)
  const information = shown.filter(({ statistic }) => statistic === 'last')
  const accuracy = shown.filter(({ statistic }) => statistic === 'test_accuracy')
  const views = [
    ...(information.length === 0 ? [] : [facet(information, x, 'I(X;T) at the end [nats]', colour)]),
    ...(accuracy.length === 0 ? [] : [facet(accuracy, x, 'test accuracy', { value: ink })]),
  ]
  const left = panels.length > mostPanels ? `; ${mostPanels} of ${panels.length} panels shown` : ''
  return framed(
    `Sweep of ${plan.experiment}`,
    [`${counted(tasks, 'task')}; medians over seeds, bars from the lowest seed to the highest${left}`],
    { vconcat: views, spacing: 24 },
  )
}

/** The swept key with most different numbers, null where none has two. */
function axisKey({ keys, settings }: Plan): string | null {
  const numbers = (key: string) => new Set(settings.map((setting) => setting[key]))
  const numeric = keys.filter((key) => [...numbers(key)].every((value) => typeof value === 'number'))
  const [first] = numeric.sort((a, b) => numbers(b).size - numbers(a).size)
  return first !== undefined && numbers(first).size > 1 ? first : null
}

interface Point {
  panel: string
  x: unknown
  layer: number | null
  statistic: string
  median: number
  lowest: number
  highest: number
}

function point(plan: Plan, key: string | null, row: SummaryRow): Point {
  const { layer, statistic, median, lowest, highest, condition } = row
  const setting = plan.settings[row.setting]
  const others = key === null ? {} : without(setting, key)
  const panel = [settingTitle(others), condition ?? ''].filter(Boolean).join(', ')
  const x = key === null ? settingTitle(setting) || 'all' : setting[key]
  return { panel, x, layer, statistic, median, lowest, highest }
}

const without = (setting: Setting, key: string): Setting =>
  Object.fromEntries(Object.entries(setting).filter(([name]) => name !== key))

function xEncoding({ settings }: Plan, key: string | null): Part {
  if (key === null) return { field: 'x', type: 'nominal', title: null, sort: null, axis: { labelAngle: -30 } }
  const values = [...new Set(settings.map((setting) => Number(setting[key])))].sort((a, b) => a - b)
  const [least, most] = [values[0], values.at(-1)!]
  const scale =
    least > 0 && most / least >= 8 ? { type: 'log', nice: false } : { zero: false, nice: false, padding: 12 }
  const axis = values.length <= 8 ? { values, format: '~g', labelOverlap: 'greedy' } : { format: '~g' }
  return { field: 'x', type: 'quantitative', title: key, scale, axis }
}

function facet(values: Point[], x: Part, title: string, color: Part): Part {
  const y = { field: 'median', type: 'quantitative', title, scale: { zero: false } }
  const line = x.type === 'quantitative' ? [{ mark: { type: 'line', strokeWidth: 1.6 } }] : []
  const bars = {
    mark: { type: 'rule', strokeWidth: 1.2, opacity: 0.6 },
    encoding: { y: { field: 'lowest', title }, y2: { field: 'highest' } },
  }
  return {
    data: { values },
    facet: { field: 'panel', type: 'nominal', title: null, sort: null },
    columns: 3,
    spec: {
      ...size,
      encoding: { x, y, color, detail: { field: 'layer' } },
      layer: [bars, ...line, { mark: { type: 'point', filled: true, size: 32, opacity: 1 } }],
    },
  }
}
