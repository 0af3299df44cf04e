/**
 * Climbs a ladder: every rung is checked, and only those that are right are timed, in turns, so that what else the machine does at
 * the time falls on all of them alike and ratios are of passes that stood side by side.
 */
import { median } from '../math/statistics.js'
import type { BenchRow } from '../tables/bench.js'
import type { Ladder, Rung, Spent } from './ladder.js'

export interface Effort {
  /** Rounds at most, and seconds after which no further one begins; one in any case. */
  rounds: number
  seconds: number
  /** Seconds that a rung's passes of one round take at least. */
  shortest: number
}

export interface ClimbObserver {
  signal?: AbortSignal
  /** Called before each piece of work with what it is. */
  doing?(what: string): void
}

interface Climber {
  rung: Rung
  share: number | null
  times: number
  /** Of one pass, round by round. */
  rounds: Spent[]
}

/** A row for each rung and each absent peer, in the ladder's order; rungs that were not reached are left out. */
export async function climb(ladder: Ladder, effort: Effort, observer: ClimbObserver = {}): Promise<BenchRow[]> {
  const climbers: Climber[] = []
  for (const rung of ladder.rungs) {
    if (observer.signal?.aborted) return []
    observer.doing?.(`${ladder.name}: checking ${rung.name}`)
    climbers.push({ rung, share: await rung.check(), times: 1, rounds: [] })
  }
  const right = climbers.filter(({ share }) => share === null || share <= 1)
  await inTurns(ladder, right, effort, observer)
  return [
    ...climbers.map((climber) => rowOf(ladder, climber, right[0])),
    ...ladder.absent.map(({ name, reason }) => absentRow(ladder, name, reason)),
  ]
}

/** Whole rounds. The first one finds how many passes make the shortest time, and counts where one makes it everywhere. */
async function inTurns({ name }: Ladder, right: Climber[], effort: Effort, observer: ClimbObserver): Promise<void> {
  const start = performance.now()
  const counted = () => right[0]?.rounds.length ?? effort.rounds
  const late = () => performance.now() - start > 1000 * effort.seconds
  for (let round = 0; counted() < effort.rounds && !(counted() > 0 && late()); round++) {
    const passed: Spent[] = []
    for (const { rung, times } of right) {
      if (observer.signal?.aborted) return
      observer.doing?.(`${name}: timing ${rung.name}${round > 0 ? `, round ${round}` : ''}`)
      const { wall, processor } = await rung.pass(times)
      passed.push({ wall: wall / times, processor: processor / times })
    }
    if (round === 0) for (const [i, { wall }] of passed.entries()) right[i].times = passesFor(effort, wall)
    if (round > 0 || right.every(({ times }) => times === 1)) right.forEach(({ rounds }, i) => rounds.push(passed[i]))
  }
}

function passesFor({ shortest }: Effort, wall: number): number {
  return Math.max(1, Math.ceil(shortest / wall))
}

function rowOf(ladder: Ladder, { rung, share, times, rounds }: Climber, first: Climber | undefined): BenchRow {
  const wrong = !(share === null || share <= 1)
  const walls = rounds.map(({ wall }) => wall)
  const ratios = ratiosTo(first, rounds, ({ wall }) => wall)
  const seconds = middle(walls)
  return {
    ...placeOf(ladder, rung),
    status: wrong ? 'wrong' : 'timed',
    note: wrong ? 'does not agree with the reference: not timed' : share === null ? 'not checked here' : '',
    ...{ reference: ladder.reference, error_share: share, repetitions: rounds.length, passes: times },
    ...{ seconds, seconds_low: least(walls), seconds_high: most(walls) },
    processor_seconds: middle(rounds.map(({ processor }) => processor)),
    rate: seconds === null ? null : ladder.work.count / seconds,
    ...{ speedup: middle(ratios), speedup_low: least(ratios), speedup_high: most(ratios) },
    processor_speedup: middle(ratiosTo(first, rounds, ({ processor }) => processor)),
  }
}

/** How many times faster than the first rung, round by round. */
function ratiosTo(first: Climber | undefined, rounds: Spent[], of: (spent: Spent) => number): number[] {
  return rounds.map((own, i) => of(first!.rounds[i]) / of(own))
}

function absentRow(ladder: Ladder, name: string, reason: string): BenchRow {
  const nothing = { error_share: null, repetitions: 0, passes: 0, seconds: null, seconds_low: null, seconds_high: null }
  const ratios = { speedup: null, speedup_low: null, speedup_high: null, processor_speedup: null }
  return {
    ...placeOf(ladder, { name, kind: 'peer', how: '' }),
    ...{ status: 'absent', note: reason, reference: ladder.reference },
    ...{ ...nothing, processor_seconds: null, rate: null, ...ratios },
  }
}

function placeOf({ name, title, work }: Ladder, rung: Pick<Rung, 'name' | 'kind' | 'how'>) {
  return { ladder: name, title, rung: rung.name, kind: rung.kind, how: rung.how, work: work.count, unit: work.unit }
}

const middle = (values: number[]) => (values.length > 0 ? median(values) : null)
const least = (values: number[]) => (values.length > 0 ? Math.min(...values) : null)
const most = (values: number[]) => (values.length > 0 ? Math.max(...values) : null)
