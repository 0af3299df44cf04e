/** A profile on the terminal, 80 columns wide. */
import { fixed, percent } from '../report/numbers.js'
import type { Phases } from '../expectation.js'
import type { KernelRow } from '../tables/kernels.js'
import type { PhaseRow } from './phase-rows.js'
import type { Profile } from './profile.js'
import type { Roof } from './roof.js'

/** The table of kernels, what the roof is and what the profile itself costs, and the host's phases. */
export function profileText(profile: Profile, kernels: readonly KernelRow[], phases: readonly PhaseRow[]): string {
  return [kernelTable(profile, kernels), costLines(profile, phases), phaseTable(profile, phases)].join('\n\n')
}

function kernelTable({ clock, roof }: Profile, rows: readonly KernelRow[]): string {
  const widths = [22, 6, 7, 7, 7, 6, 7, 6, 6, 6]
  const heads = [
    ['', '', 'total', 'median', 'p95', 'share', 'GFLOP', 'GB', 'Mpair', 'roof'],
    ['kernel', 'calls', 's', 'ms', 'ms', '%', '/s', '/s', '/s', '%'],
  ]
  const lines = rows.map((row) => [
    row.kernel.length > 22 ? `${row.kernel.slice(0, 21)}.` : row.kernel,
    String(row.calls),
    figures(row.total_seconds),
    figures(1000 * row.median_seconds),
    figures(1000 * row.p95_seconds),
    fixed(100 * row.share, 1),
    figures(row.flops_per_second / 1e9),
    figures(row.bytes_per_second / 1e9),
    figures(row.pairs_per_second / 1e6),
    fixed(100 * row.roof_share, 1),
  ])
  return [
    `Kernels, by the ${clock}'s clock`,
    ...[...heads, ...lines].map((cells) => aligned(cells, widths)),
    `roof, measured here: ${roofText(roof)}`,
  ].join('\n')
}

/** "8.53 GFLOP/s, 0.457 Gexp/s, 3.1 GB/s". */
export function roofText({ flops, exps, bytes }: Roof): string {
  return `${figures(flops / 1e9)} GFLOP/s, ${figures(exps / 1e9)} Gexp/s, ${figures(bytes / 1e9)} GB/s`
}

/** Shorter phases say nothing about what profiling costs. */
const leastSeconds = 0.005

/** What a phase took profiled, over what it took not profiled. */
export function slowdowns({ plain }: Profile, phases: readonly PhaseRow[]): { phase: keyof Phases; times: number }[] {
  const told = phases.filter(({ phase, seconds }) => {
    return (phase === 'training' || phase === 'measuring') && Math.min(seconds, plain[phase]) >= leastSeconds
  })
  return told.map(({ phase, seconds }) => ({ phase, times: seconds / plain[phase] }))
}

function costLines(profile: Profile, phases: readonly PhaseRow[]): string {
  const parts = slowdowns(profile, phases).map(({ phase, times }) => {
    return `${phase} took ${fixed(times, 2)} times as long as unprofiled (${fixed(profile.plain[phase], 2)} s)`
  })
  const how =
    profile.clock === 'device'
      ? 'each dispatch has a pass of its own'
      : "the device's clock is not used, so each dispatch is waited for, and the host's part is in its time"
  return `What profiling costs: ${how}\n${parts.map((part) => `  ${part}`).join('\n')}`
}

function phaseTable({ start, end }: Profile, rows: readonly PhaseRow[]): string {
  const widths = [11, 7, 7, 8, 9, 9, 11, 7, 7]
  const heads = [
    ['', 'wall', 'share', 'device', 'submits', 'uploads', 'readbacks', '', 'MB'],
    ['host', 's', '%', 'busy s', 's', 's', 'open s', 'count', 'read'],
  ]
  const wall = (end - start) / 1000
  const total = (of: (row: PhaseRow) => number) => rows.reduce((sum, row) => sum + of(row), 0)
  const phases = total(({ seconds }) => seconds)
  const lines = rows.map((row) => [
    ...[row.phase, figures(row.seconds), fixed((100 * row.seconds) / wall, 1), figures(row.device)],
    ...[figures(row.submitting), figures(row.uploading), figures(row.reading)],
    ...[row.readbacks > 0 ? String(row.readbacks) : '-', figures(row.read / 1e6)],
  ])
  const columns = ['device', 'submitting', 'uploading', 'reading'] as const
  const sums = columns.map((name) => figures(total((row) => row[name])))
  const counts = [String(total(({ readbacks }) => readbacks)), figures(total(({ read }) => read) / 1e6)]
  return [
    'Phases of the host exclude one another; device and readbacks go on beside them',
    ...[...heads, ...lines].map((cells) => aligned(cells, widths)),
    aligned(['sum', figures(phases), fixed((100 * phases) / wall, 1), ...sums, ...counts], widths),
    `wall-clock time ${fixed(wall, 2)} s, ${percent(1 - phases / wall)} of it in no phase`,
  ].join('\n')
}

function aligned([first, ...cells]: string[], [width, ...widths]: number[]): string {
  return (first.padEnd(width) + cells.map((cell, i) => cell.padStart(widths[i])).join('')).trimEnd()
}

/** Three figures, and no more than three decimals: 1234, 12.3, 0.123, 0.001, <.001; '-' for nothing at all. */
function figures(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return '-'
  if (value < 0.0005) return '<.001'
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3)
}
