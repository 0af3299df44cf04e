/** What the host did phase by phase, and what the device did meanwhile. */
import type { Phases } from '../expectation.js'
import { overlap, union, type Interval } from './intervals.js'
import type { CallKind } from './observed.js'
import type { Profile } from './profile.js'

export interface PhaseRow {
  phase: keyof Phases
  /** Wall-clock seconds; phases exclude one another. */
  seconds: number
  /** Seconds of them in which the device ran a dispatch, the host encoded and started some, or copied data towards it. */
  device: number
  submitting: number
  uploading: number
  /** Seconds of them in which a readback was open: they wait for the work before them. */
  reading: number
  readbacks: number
  /** Bytes read back. */
  read: number
}

/** In the order in which phases began; those that took no time are left out. */
export function phaseRows({ spans, dispatches, calls }: Pick<Profile, 'spans' | 'dispatches' | 'calls'>): PhaseRow[] {
  const busy = union(dispatches.map(({ begin, end }) => ({ start: begin, end })))
  const open = (kind: CallKind) => union(calls.filter((call) => call.kind === kind))
  const [submits, uploads, reads] = [open('submit'), open('upload'), open('readback')]
  const phases = [...new Set(spans.map(({ phase }) => phase))]
  return phases.flatMap((phase) => {
    const own = union(spans.filter((span) => span.phase === phase))
    const within = (intervals: readonly Interval[]) => overlap(own, intervals) / 1000
    const seconds = within(own)
    if (seconds < 1e-5) return []
    const readbacks = calls.filter(({ kind, start }) => kind === 'readback' && contains(own, start))
    return {
      ...{ phase, seconds, device: within(busy) },
      ...{ submitting: within(submits), uploading: within(uploads), reading: within(reads) },
      ...{ readbacks: readbacks.length, read: readbacks.reduce((sum, { bytes }) => sum + bytes, 0) },
    }
  })
}

function contains(intervals: readonly Interval[], time: number): boolean {
  return intervals.some(({ start, end }) => start <= time && time < end)
}
