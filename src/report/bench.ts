/** What a bench found, for a person: lines on the way, and bench.md. */
import type { BenchRow, ScalingRow } from '../tables/bench.js'
import { groupedBy } from './grouped.js'
import { counted, percent } from './numbers.js'

/** How the numbers are to be read. */
export const meaning =
  'A row is timed only after its results agreed with the reference. Times are of one pass, medians over rounds in which all rows of a ' +
  'table take turns; ratios are formed round by round, so that what else the machine does falls on both sides, and stand with their ' +
  'lowest and highest round. Processor time is that of all threads that compute: where other work shares the processors it tells more ' +
  'than the clock, and on a GPU it is that of the host alone. A wait for the device ends up to 10 ms late. Other programs run on the ' +
  'processors, or on the GPU where the adapter is one and they can.'

export interface BenchHeading {
  adapter: string
  command: string
  versions: string
  cores: number
  date: string
  /** Load averages before and after: processes that wanted a processor; ours alone makes it no larger than `cores`. */
  load: [number, number]
}

/** bench.md: a table for each ladder, and one for the scaling where there is one. */
export function benchText(
  { adapter, command, versions, cores, date, load }: BenchHeading,
  rows: readonly BenchRow[],
  scaling: readonly ScalingRow[],
): string {
  const head = [
    '# infoflow bench',
    `\`${command}\`, ${date}\\\n${adapter}\\\n${versions}, ${cores} processors\\\n${loadText(load, cores)}`,
    meaning,
  ]
  const ladders = [...groupedBy(rows, (row) => row.ladder)].map(([, own]) => ladderText(own))
  return `${[...head, ...ladders, ...(scaling.length > 0 ? [scalingText(scaling)] : [])].join('\n\n')}\n`
}

/** How busy the machine was, and what to make of it. */
export function loadText([before, after]: [number, number], cores: number): string {
  const figures = `load average ${before.toFixed(1)} before, ${after.toFixed(1)} after`
  if (before <= 1.5 * cores) return figures
  return `${figures}: ${cores} processors were busy with other work, so read processor times rather than the clock`
}

function ladderText(rows: BenchRow[]): string {
  const { ladder, title, reference, unit } = rows[0]
  const heads = [
    '',
    'time',
    'processor time',
    `${unit}/s`,
    'times as fast as the first',
    'by processor time',
    'error',
    '',
  ]
  const cells = rows.map((row) => [
    row.rung,
    time(row.seconds),
    time(row.processor_seconds),
    scaled(row.rate),
    row.status === 'timed' ? ratio(row) : `**${row.status}**`,
    times(row.processor_speedup),
    percent(row.error_share, 2),
    [row.how, row.note].filter(Boolean).join('; '),
  ])
  const errors = `Errors are shares of what rounding may do; reference: ${reference}.`
  return [`## ${ladder}`, `${title}, ${rounds(rows)}. ${errors}`, table(heads, cells)].join('\n\n')
}

function rounds(rows: BenchRow[]): string {
  const counts = [...new Set(rows.filter(({ status }) => status === 'timed').map((row) => row.repetitions))]
  return counts.length === 0 ? 'nothing timed' : counts.map((count) => counted(count, 'round')).join(' or ')
}

function scalingText(rows: readonly ScalingRow[]): string {
  const heads = ['layer', 'dimensions', 'centers', 'queries', 'sums', 'time', 'processor time', 'pairs one by one']
  const cells = rows.map((row) => [
    ...[row.layer, row.dimension, row.centers, row.queries].map(String),
    ...[row.method, time(row.seconds), time(row.processor_seconds), percent(row.pairs_share, 3)],
  ])
  const title = 'Sums over other inputs, layer by layer of the trained network, trees and reading back included.'
  return ['## scaling', title, table(heads, cells)].join('\n\n')
}

/** One line for each rung: what, how long, how many times the first's speed. */
export function ladderLines(rows: readonly BenchRow[]): string {
  const width = Math.max(...rows.map(({ rung }) => rung.length))
  const lines = rows.map((row) => {
    if (row.status !== 'timed') return `  ${row.rung.padEnd(width)}  ${row.status}: ${row.note}`
    const columns = [time(row.seconds).padStart(9), time(row.processor_seconds).padStart(9)]
    return `  ${row.rung.padEnd(width)}  ${columns.join('  ')}  ${ratio(row).padStart(22)}  ${times(row.processor_speedup).padStart(8)}`
  })
  const head = `  ${''.padEnd(width)}  ${'time'.padStart(9)}  ${'processor'.padStart(9)}  ${'times the first'.padStart(22)}  by proc.`
  return [rows[0].title, head, ...lines].join('\n')
}

function table(heads: string[], cells: string[][]): string {
  const line = (row: string[]) => `| ${row.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...cells.map(line)].join('\n')
}

/** '6.9 [6.5, 7.4]'. */
function ratio({ speedup, speedup_low, speedup_high }: BenchRow): string {
  return speedup === null ? '-' : `${times(speedup)} [${times(speedup_low)}, ${times(speedup_high)}]`
}

/** Three digits. */
function times(value: number | null): string {
  return value === null ? '-' : digits(value)
}

/** Seconds as '1.23 s', '45.6 ms' or '7.89 µs'. */
export function time(seconds: number | null): string {
  if (seconds === null) return '-'
  const [unit, size] = seconds >= 1 ? ['s', 1] : seconds >= 1e-3 ? ['ms', 1e3] : ['µs', 1e6]
  return `${digits(seconds * size)} ${unit}`
}

/** '1.23 G'. */
function scaled(value: number | null): string {
  if (value === null) return '-'
  const [prefix, size] = value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : value >= 1e3 ? ['k', 1e3] : ['', 1]
  return `${digits(value / size)} ${prefix}`.trim()
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
