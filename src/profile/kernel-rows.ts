/** What the dispatches of each kernel took and did, and how near that comes to the roof. */
import type { TimedDispatch } from '../machine/pass-timer.js'
import { median, quantile, sum } from '../math/statistics.js'
import type { KernelRow } from '../tables/kernels.js'
import { resources, type Roof } from './roof.js'

/** A row for each kernel, what took longest first. */
export function kernelRows(dispatches: readonly TimedDispatch[], roof: Roof): KernelRow[] {
  const byKernel = new Map<string, TimedDispatch[]>()
  for (const one of dispatches) {
    const { name } = one.command.kernel
    const known = byKernel.get(name)
    if (known) known.push(one)
    else byKernel.set(name, [one])
  }
  const rows = [...byKernel].map(([kernel, own]) => rowOf(kernel, own, roof))
  const all = sum(rows.map(({ total_seconds }) => total_seconds))
  return rows
    .map((row) => ({ ...row, share: row.total_seconds / all }))
    .sort((a, b) => b.total_seconds - a.total_seconds)
}

function rowOf(kernel: string, dispatches: TimedDispatch[], roof: Roof): KernelRow {
  const seconds = Float64Array.from(dispatches, ({ begin, end }) => (end - begin) / 1000)
  const work = { flops: 0, exps: 0, bytes: 0, pairs: 0 }
  for (const { command, listed } of dispatches) {
    const { flops, exps, bytes, pairs = 0 } = command.kernel.work(command.params, command.constants, listed)
    work.flops += flops
    work.exps += exps
    work.bytes += bytes
    work.pairs += pairs
  }
  const total = sum(seconds)
  const least = resources.map((resource) => work[resource] / roof[resource])
  const bound = resources[least.indexOf(Math.max(...least))]
  return {
    ...{ kernel, calls: dispatches.length, total_seconds: total },
    ...{ median_seconds: median(seconds), p95_seconds: quantile(seconds, 0.95), share: 1, ...work },
    flops_per_second: work.flops / total,
    exps_per_second: work.exps / total,
    bytes_per_second: work.bytes / total,
    pairs_per_second: work.pairs / total,
    ...{ roof_share: Math.max(...least) / total, bound },
  }
}
