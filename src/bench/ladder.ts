/** A ladder: one piece of work done in several ways, the plainest first, so that their times can be set side by side. */
import type { Machine, Plan } from '../plan.js'

export type RungKind = 'kernel' | 'whole' | 'peer'

/** Seconds of wall clock; seconds of processors, all threads of the process that did the work. */
export interface Spent {
  wall: number
  processor: number
}

export interface Rung {
  name: string
  /** kernel: one of ours by itself; whole: with everything a user waits for; peer: another program. */
  kind: RungKind
  /** How it does the work, in a few words. */
  how: string
  /** The largest error as a share of what is allowed: above 1, or NaN, it is wrong. null: not checked, `how` says why. */
  check(): Promise<number | null>
  /** Does the work so many times over. */
  pass(times: number): Promise<Spent>
}

export interface Absent {
  name: string
  reason: string
}

export interface Ladder {
  /** One word or two, for tables. */
  name: string
  /** What is computed, with its sizes. */
  title: string
  /** What every rung was checked against. */
  reference: string
  /** How many of what one pass does. */
  work: { count: number; unit: string }
  /** All others are held against the first. */
  rungs: Rung[]
  absent: Absent[]
  /** Gives back what the rungs hold. */
  close(): Promise<void>
}

/** What a piece of work takes in this process. */
export async function spent(work: () => Promise<void>): Promise<Spent> {
  const [start, processor] = [performance.now(), process.cpuUsage()]
  await work()
  const wall = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(processor)
  return { wall, processor: (user + system) / 1e6 }
}

/** Passes of a plan that is prepared: from the call to its end on the device. */
export function passesOf(machine: Machine, plan: Plan): Rung['pass'] {
  return (times) =>
    spent(async () => {
      machine.run(plan, times)
      await machine.finish()
    })
}

/** The largest |found - expected| / allowed. NaN wherever one of them is. */
export function worstShare(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: (index: number) => number,
): number {
  if (found.length !== expected.length) return NaN
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const share = Math.abs(found[i] - expected[i]) / allowed(i)
    if (!(share <= worst)) worst = share
    if (Number.isNaN(worst)) return NaN
  }
  return worst
}

export function isRung(found: Rung | Absent): found is Rung {
  return 'pass' in found
}

export function isAbsent(found: Rung | Absent): found is Absent {
  return !isRung(found)
}
