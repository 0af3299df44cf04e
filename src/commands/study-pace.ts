/**
 * How long the tasks of a study will take: of each kind the smallest is tried twice, because its first run compiles, and one several
 * times as large once; a line through the two is the time of the others. What was tried is not computed again.
 */
import { setImmediate } from 'node:timers/promises'
import type { StudyTask } from '../experiments/study.js'
import { groupedBy } from '../report/grouped.js'
import type { Machine } from '../plan.js'

/** Steps of the larger task, as a multiple of the smallest's, at least; where there are such. */
const apart = 8

/** Seconds above which compiling is a small part of a task, which is then not tried again. */
const patience = 10

export class StudyPace {
  readonly #tried: Map<StudyTask, object[]>
  /** Seconds from each task to the end. */
  readonly #left: Float64Array

  private constructor(tried: Map<StudyTask, object[]>, left: Float64Array) {
    this.#tried = tried
    this.#left = left
  }

  /** Tries what it must; an aborted signal ends it between two tasks, and its times mean nothing. */
  static async tried(tasks: readonly StudyTask[], machine: Machine, signal: AbortSignal): Promise<StudyPace> {
    const rows = new Map<StudyTask, object[]>()
    const seconds = new Map<string, (steps: number) => number>()
    for (const [kind, own] of groupedBy(tasks, (task) => task.kind)) {
      if (signal.aborted) break
      seconds.set(kind, await paceOf(own, machine, rows))
    }
    const left = new Float64Array(tasks.length + 1)
    for (let i = tasks.length - 1; i >= 0; i--) {
      const { kind, steps } = tasks[i]
      left[i] = left[i + 1] + (rows.has(tasks[i]) ? 0 : (seconds.get(kind)?.(steps) ?? 0))
    }
    return new StudyPace(rows, left)
  }

  /** Seconds expected from task i on. */
  left(i: number): number {
    return this.#left[i]
  }

  rowsOf(task: StudyTask, machine: Machine): Promise<object[]> {
    const known = this.#tried.get(task)
    return known ? Promise.resolve(known) : task.run(machine)
  }
}

async function paceOf(
  tasks: readonly StudyTask[],
  machine: Machine,
  rows: Map<StudyTask, object[]>,
): Promise<(steps: number) => number> {
  const sorted = tasks.toSorted((a, b) => a.steps - b.steps)
  const smallest = sorted[0]
  const larger = sorted.find(({ steps }) => steps >= apart * smallest.steps) ?? sorted.at(-1)!
  const first = await timed(smallest, machine, rows)
  const low = first > patience ? first : await timed(smallest, machine, rows)
  const high = larger.steps > smallest.steps ? await timed(larger, machine, rows) : low
  const rate = Math.max(0, high - low) / Math.max(1, larger.steps - smallest.steps)
  return (steps) => low + rate * (steps - smallest.steps)
}

async function timed(task: StudyTask, machine: Machine, rows: Map<StudyTask, object[]>): Promise<number> {
  await setImmediate()
  const start = performance.now()
  rows.set(task, await task.run(machine))
  return (performance.now() - start) / 1000
}
