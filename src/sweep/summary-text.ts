/** The summary on the terminal: a line for each setting, of its deepest layer; every layer and number is in summary.arrow. */
import { groupedBy } from '../report/grouped.js'
import { fixed, percent, visible, withMargin } from '../report/numbers.js'
import { settingTitle, type Plan } from './plan.js'
import type { SummaryRow, SummaryStatistic } from './summary.js'

const mostSettings = 40

/** '' where no task trained a network. */
export function summaryText(plan: Plan, rows: readonly SummaryRow[]): string {
  const cells = [...groupedBy(rows, ({ setting, condition }) => `${setting} ${condition ?? ''}`).values()]
  if (cells.length === 0) return ''
  const table = [header, ...cells.slice(0, mostSettings).map((cell) => line(plan, cell))]
  const widths = header.map((_, i) => Math.max(...table.map((cellsOf) => cellsOf[i].length)))
  const text = table.map((cellsOf) => `  ${cellsOf.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd())
  const more = cells.length > mostSettings ? [`  and ${cells.length - mostSettings} more, in summary.arrow`] : []
  return ['Deepest layer with an estimate: I(X;T) in nats, over seeds', ...text, ...more, note].join('\n')
}

const header = ['setting', 'seeds', 'layer', 'last, median', 'mean ± 95 %', 'highest - last', 'test accuracy']
const note = "mean ± 95 %: Student's t over seeds; one seed has no interval"

function line(plan: Plan, cell: readonly SummaryRow[]): string[] {
  const layer = Math.max(...cell.map((row) => row.layer ?? 0)) || null
  const of = (statistic: SummaryStatistic) =>
    cell.find((row) => row.statistic === statistic && (row.layer === null || row.layer === layer))
  const [last, fall, accuracy] = [of('last'), of('compression'), of('test_accuracy')]
  const { setting, condition } = cell[0]
  const title = settingTitle(plan.settings[setting]) || 'all'
  return [
    visible(condition === null ? title : `${title}, ${condition}`),
    String(Math.max(...cell.map(({ seeds }) => seeds))),
    layer === null ? '-' : String(layer),
    fixed(last?.median),
    mean(last),
    mean(fall),
    percent(accuracy?.median ?? null),
  ]
}

function mean(row: SummaryRow | undefined): string {
  if (row === undefined) return '-'
  return withMargin(row.mean, row.high === null ? null : row.high - row.mean)
}
