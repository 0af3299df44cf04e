/**
 * A profile as a trace in Chrome's Trace Event Format, which Perfetto (ui.perfetto.dev) and chrome://tracing open: complete events
 * (`X`) in lanes. The host's first lane has the phases with the calls inside that keep it busy; calls that it only waits for may
 * overlap and have lanes of their own; the device has its dispatches.
 */
import { lanesOf, type Interval } from './intervals.js'
import type { Call } from './observed.js'
import type { Profile } from './profile.js'

export interface TraceEvent {
  name: string
  ph: 'X' | 'M'
  pid: number
  tid: number
  /** Microseconds from the start. */
  ts: number
  dur?: number
  args?: Record<string, unknown>
}

interface Slice extends Interval {
  name: string
  args?: Record<string, unknown>
}

const [host, device] = [1, 2]

/** Events by their start, outer ones first; `about` is kept as metadata. */
export function traceOf(profile: Profile, about: Record<string, unknown>) {
  const waited = (call: Call) => ['readback', 'wait', 'prepare'].includes(call.kind)
  const phases = profile.spans.map(({ phase, ...span }) => ({ name: phase, ...span }))
  const inside = profile.calls.filter((call) => !waited(call)).map(sliceOf)
  const open = profile.calls.filter(waited).map(sliceOf)
  const dispatches = profile.dispatches.map(({ command: { kernel, params, constants }, begin, end, listed }) => {
    return { name: kernel.name, start: begin, end, args: { ...kernel.work(params, constants, listed) } }
  })
  const traceEvents = [
    named(host, null, 'host'),
    named(host, 1, 'phases'),
    ...[...phases, ...inside].map((slice) => event(slice, profile.start, host, 1)),
    ...inLanes(open, profile.start, host, 2, 'readbacks and waits'),
    named(device, null, `device (times of the ${profile.clock})`),
    ...inLanes(dispatches, profile.start, device, 1, 'dispatches'),
  ]
  traceEvents.sort((a, b) => Number(a.ph === 'X') - Number(b.ph === 'X') || a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  return { displayTimeUnit: 'ms', otherData: about, traceEvents }
}

function sliceOf({ kind, what, start, end, bytes }: Call): Slice {
  return { name: `${kind} ${what}`, start, end, args: bytes > 0 ? { bytes } : undefined }
}

function inLanes(slices: Slice[], origin: number, pid: number, firstLane: number, name: string): TraceEvent[] {
  const lanes = lanesOf(slices)
  const used = [...new Set(lanes)].sort((a, b) => a - b)
  return [
    ...used.map((lane) => named(pid, firstLane + lane, lane === 0 ? name : `${name} ${lane + 1}`)),
    ...slices.map((slice, i) => event(slice, origin, pid, firstLane + lanes[i])),
  ]
}

/** Both ends are rounded, to nanoseconds, rather than the duration: what lay inside stays inside. */
function event({ name, start, end, args }: Slice, origin: number, pid: number, tid: number): TraceEvent {
  const nanoseconds = (time: number) => Math.round((time - origin) * 1e6)
  const ts = nanoseconds(start)
  return { name, ph: 'X', pid, tid, ts: ts / 1000, dur: (nanoseconds(end) - ts) / 1000, ...(args && { args }) }
}

/** The name of a process, or of one of its lanes. */
function named(pid: number, tid: number | null, name: string): TraceEvent {
  const what = tid === null ? 'process_name' : 'thread_name'
  return { name: what, ph: 'M', pid, tid: tid ?? 0, ts: 0, args: { name } }
}
