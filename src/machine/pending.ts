/**
 * How long the work in the queue will still take. While Node waits for a device it spins on a whole core, and on a software
 * adapter takes that core from the very work it waits for; so the machine sleeps through most of the expected time first.
 * Each plan's time is learned from how long earlier waits took.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plan } from '../plan.js'

/** Sleep this part of the expected time. */
const asleep = 0.85
/** A wait that was over when the sleep was, but for this part of it, was slept too long: nobody knows by how much. */
const overslept = 0.05
/** An observation counts for so much more than what was known, at most: a machine may have been suspended meanwhile. */
const growth = 2

export class PendingWork {
  readonly #milliseconds = new WeakMap<Plan, number>()
  #plans = new Map<Plan, number>()
  #since = 0

  add(plan: Plan, times: number): void {
    if (this.#plans.size === 0) this.#since = performance.now()
    this.#plans.set(plan, (this.#plans.get(plan) ?? 0) + times)
  }

  /** Waits for `done`, asleep for most of the time, and learns from how long it took. */
  async wait(done: () => Promise<unknown>): Promise<void> {
    const expected = this.#expected()
    const left = asleep * expected - (performance.now() - this.#since)
    if (left > 2) await sleep(left)
    const awake = performance.now()
    await done()
    const now = performance.now()
    const tooLong = left > 2 && now - awake < overslept * left
    this.#learn(expected, tooLong ? expected / 2 : now - this.#since)
  }

  #expected(): number {
    let sum = 0
    for (const [plan, times] of this.#plans) sum += times * (this.#milliseconds.get(plan) ?? 0)
    return sum
  }

  /** Scales the plans' times to what was seen; plans seen for the first time share what is left evenly. */
  #learn(expected: number, seen: number): void {
    const fresh = [...this.#plans].filter(([plan]) => !this.#milliseconds.has(plan))
    const runs = fresh.reduce((sum, [, times]) => sum + times, 0)
    for (const [plan] of this.#plans) {
      const known = this.#milliseconds.get(plan)
      if (known === undefined) this.#milliseconds.set(plan, Math.max(0, seen - expected) / runs)
      else if (fresh.length === 0)
        this.#milliseconds.set(plan, expected > 0 ? known * Math.min(growth, seen / expected) : seen)
    }
    this.#plans = new Map()
  }
}
