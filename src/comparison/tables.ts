/** The tables of a comparison, 80 columns wide: a block for each layer, a line for each condition. */
import { fixed, visible, wrapped } from '../report/numbers.js'
import type { ComparisonRow, Statistic } from '../tables/comparison.js'
import { extremes, margin, rowsOf, withEnds } from './claims.js'
import { isEstimated, type Condition } from './condition.js'

type Rows = readonly ComparisonRow[]

/** Conditions that have an estimate, below each layer that one of them has; '' without any. */
function layered(heading: string, conditions: Condition[], cells: (name: string, layer: number) => string[]): string {
  const all = conditions.flatMap(({ information }) => information)
  const layers = [...new Set(all.map(({ layer }) => layer))].sort((a, b) => a - b)
  const blocks = layers.flatMap((layer) => {
    const own = conditions.filter(({ information }) => information.some((row) => row.layer === layer))
    return [`layer ${layer}`, ...own.map(({ name }) => columns(`  ${visible(name)}`, cells(name, layer)))]
  })
  return conditions.length === 0 ? '' : [heading, ...blocks].join('\n')
}

/** Highest minus last of I(X;T), and how much less than in the reference. */
export function compressionTable(conditions: readonly Condition[], rows: Rows): string {
  const heading = columns('Compression, nats', ['mean', ...againstHeadings(conditions)])
  return layered(heading, conditions.filter(isEstimated), (name, layer) =>
    differenceCells(rows, 'compression', name, layer, 1),
  )
}

export function accuracyTable(conditions: readonly Condition[], rows: Rows): string {
  const lines = conditions.map(({ name }) =>
    columns(`  ${visible(name)}`, differenceCells(rows, 'test_accuracy', name, null, 100)),
  )
  return [columns('Test accuracy, %', ['mean', ...againstHeadings(conditions)]), ...lines].join('\n')
}

const againstHeadings = (conditions: readonly Condition[]) =>
  conditions.length > 1 ? ['- reference, paired', 'unpaired'] : []

/** Mean, paired difference to the reference, and Welch's. */
function differenceCells(
  rows: Rows,
  statistic: Statistic,
  name: string,
  layer: number | null,
  scale: number,
): string[] {
  const found = (['mean', 'paired', 'welch'] as const).map((method) =>
    rowsOf(rows, statistic, method, name).find((row) => row.layer === layer),
  )
  return found.map((row) => (row === undefined ? '' : margin(row, scale === 1 ? 3 : 2, scale)))
}

/** What moved between the highest I(X;T) and the last, and how closely; of the bins those of the middle width. */
export function clusteringTables(conditions: readonly Condition[], rows: Rows): string {
  const informed = conditions.filter(isEstimated)
  const rowAt = (statistic: Statistic, method: ComparisonRow['method'], name: string, layer: number) =>
    rowsOf(rows, statistic, method, name).filter((row) => row.layer === layer)
  const changes = (name: string, layer: number): string[] => {
    const [bins] = rowAt('binned_change', 'mean', name, layer).filter(isMiddle(rows, name))
    const [conditional] = rowAt('conditional_compression', 'mean', name, layer)
    const [within] = rowAt('within_change', 'mean', name, layer)
    return [conditional, within, bins].map((row) => (row ? margin(row, 3) : '-'))
  }
  const correlations = (name: string, layer: number): string[] => {
    const bins = rowAt('rank_binned', 'fisher-z', name, layer)
    const known = bins.filter((row) => row.value !== null)
    const [within] = rowAt('rank_within', 'fisher-z', name, layer)
    const across =
      known.length < 2
        ? ''
        : extremes(known)
            .map((row) => fixed(row.value, 2))
            .join(' to ')
    return [...[within, bins.find(isMiddle(rows, name))].map((row) => (row ? withEnds(row) : '-')), across]
  }
  const monitored = informed.some(({ clustering, binned }) => clustering !== null || binned !== null)
  const changed = columns('Highest to last', ['I(X;T|Y) fell', 'log distance', 'H(Bin(T))'])
  const together = columns('Rank correlation', ['I and distance', 'I and H(Bin(T))', 'over bin widths'])
  const correlated = monitored ? layered(together, informed, correlations) : ''
  const tables = [layered(changed, informed, changes), correlated, note(informed, rows)]
  return tables.filter((table) => table !== '').join('\n\n')
}

function note(informed: Condition[], rows: Rows): string {
  if (informed.length === 0) return ''
  const widths = new Set(informed.map(({ name }) => middleWidth(rows, name)).filter((width) => width !== null))
  const bins =
    widths.size === 0
      ? ''
      : ` H(Bin(T)) [nats]: bins of the middle width (${[...widths].join(', ')}), in full in --json.`
  return wrapped(
    'I(X;T|Y) = I(X;T) - I(Y;T) [nats], its own highest minus its last. log distance: log of the ratio of the within-class ' +
      `median distance, last over at the highest I(X;T).${bins} Rank correlations: over epochs, within seeds. -: cannot ` +
      'be told (why is in --json).',
  )
}

/** The middle one of the widths that a condition has; of two the smaller one. */
function middleWidth(rows: Rows, name: string): string | null {
  const widths = [...new Set(rowsOf(rows, 'binned_change', 'mean', name).map((row) => row.parameter))]
  const sorted = widths.sort((a, b) => Number(a.split('=')[1]) - Number(b.split('=')[1]))
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

function isMiddle(rows: Rows, name: string): (row: ComparisonRow) => boolean {
  const width = middleWidth(rows, name)
  return (row) => row.parameter === width
}

/** Bins of a network without noise against I(X;T) of one with it: layers by widths, for each pair of conditions. */
export function crossTables(rows: Rows): string[] {
  const found = rows.filter((row) => row.statistic === 'rank_binned_against' && row.method === 'fisher-z')
  const pairs = [...new Map(found.map((row) => [`${row.condition}\n${row.against}`, row])).values()]
  return pairs.map(({ condition, against }) => {
    const own = found.filter((row) => row.condition === condition && row.against === against)
    const title = `Rank correlation of H(Bin(T)) in ${visible(condition)} with I(X;T) in ${visible(against!)}`
    return [wrapped(title), ...grid(own)].join('\n')
  })
}

/** Three widths beside each other. */
function grid(rows: ComparisonRow[]): string[] {
  const widths = [...new Set(rows.map((row) => row.parameter))]
  const layers = [...new Set(rows.map((row) => row.layer!))].sort((a, b) => a - b)
  const line = (name: string, cells: string[]) =>
    `${name.padEnd(8)}${cells.map((cell) => cell.padStart(21)).join('')}`.trimEnd()
  const parts = Array.from({ length: Math.ceil(widths.length / 3) }, (_, i) => widths.slice(3 * i, 3 * i + 3))
  return parts.flatMap((part) => [
    line('', part),
    ...layers.map((layer) =>
      line(
        `layer ${layer}`,
        part.map((width) => cellOf(rows.find((row) => row.layer === layer && row.parameter === width))),
      ),
    ),
  ])
}

const cellOf = (row: ComparisonRow | undefined) => (row === undefined ? '' : withEnds(row))

/** A name too long for its column stands on a line of its own. */
function columns(name: string, cells: string[]): string {
  const values = cells.map((cell) => cell.padStart(21)).join('')
  return (
    name.length > 17 && cells.length > 2 ? `${name}\n${' '.repeat(17)}${values}` : name.padEnd(17) + values
  ).trimEnd()
}
