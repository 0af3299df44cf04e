import * as assert from 'uvu/assert'
import type { TraceEvent } from '../../src/profile/trace.js'

/** Microseconds: sums of numbers with three decimals. */
const slack = 1e-4

/** Throws unless every slice lies in a named lane, begins no sooner than the one before, and nests in those that are open. */
export function checkTrace(events: readonly TraceEvent[]): void {
  const named = new Set(events.filter(({ name }) => name === 'thread_name').map(({ pid, tid }) => `${pid}.${tid}`))
  const open = new Map<string, number[]>()
  let last = 0
  for (const { ph, pid, tid, ts, dur, name } of events) {
    if (ph === 'M') continue
    const lane = `${pid}.${tid}`
    assert.ok(named.has(lane), `${name}: lane ${lane} has no name`)
    assert.ok(ts >= last && dur! >= 0, `${name}: ${ts} for ${dur} behind ${last}`)
    last = ts
    const ends = (open.get(lane) ?? []).filter((end) => end > ts + slack)
    for (const end of ends) assert.ok(ts + dur! <= end + slack, `${name} ends at ${ts + dur!}, around it one at ${end}`)
    open.set(lane, [...ends, ts + dur!])
  }
}

/** Lanes as 'process: lane'. */
export function lanes(events: readonly TraceEvent[]): string[] {
  const names = (what: string) => events.filter(({ name }) => name === what)
  const processes = new Map(names('process_name').map(({ pid, args }) => [pid, String(args!.name)]))
  return names('thread_name').map(({ pid, args }) => `${processes.get(pid)}: ${String(args!.name)}`)
}
