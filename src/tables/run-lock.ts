/**
 * Two processes never write one run's folder, also where they are on two hosts that share a file system. Whoever writes holds
 * RUN/lock-N.json, which says who it is, and gives a sign of life by writing it anew. A lock is stale when its process is known to be gone
 * (same boot of the same machine, same space of process numbers), or else when no sign came for two minutes.
 *
 * Nobody removes a lock that may be alive. To take over from lock-N is to create lock-(N+1), which the system lets one process do; then to
 * look again, and to withdraw where lock-N has given a sign or another lock has come up. A holder that was late gives its sign before it
 * looks for others, a taker creates its lock before it looks for signs: both cannot overlook each other.
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { InputError } from '../errors.js'
import { createWhole, diskError, draftOf } from './disk.js'
import { plainJson } from './plain-json.js'
import { isGone, thisProcess } from './process-identity.js'

export const lockFile = /^lock-(\d+)\.json$/

/** Milliseconds between signs of life, and after which without one a lock is stale: many are missed by then. */
export interface LockTimes {
  sign: number
  stale: number
}

const usual: LockTimes = { sign: 5000, stale: 120_000 }

export class RunLock {
  readonly #folder: string
  readonly #path: string
  readonly #times: LockTimes
  readonly #timer: NodeJS.Timeout
  #last = now()
  #lost = false

  private constructor(folder: string, path: string, times: LockTimes) {
    this.#folder = folder
    this.#path = path
    this.#times = times
    this.#timer = setInterval(() => this.#sign(), times.sign).unref()
  }

  /**
   * Takes the folder; where another host's process may hold it, after watching whether it gives a sign.
   * @throws InputError: another process holds it, or the folder cannot be written
   */
  static async take(folder: string, times: LockTimes = usual): Promise<RunLock> {
    const others = locksIn(folder)
    const signs = new Map<string, number>()
    for (const path of others) signs.set(path, await signOfStale(folder, path, times))
    const own = join(folder, `lock-${Math.max(0, ...others.map(numberOf)) + 1}.json`)
    const created = create(own)
    if (created && locksIn(folder).every((path) => path === own || signs.get(path) === signOf(path))) {
      for (const path of others) rmSync(path, { force: true })
      return new RunLock(folder, own, times)
    }
    if (created) rmSync(own, { force: true })
    throw new InputError(`${folder}: another process has just begun to write here: expected one at a time`)
  }

  /**
   * To be called before anything is written.
   * @throws InputError: another process has taken over
   */
  hold(): void {
    const late = now().some((time, clock) => Math.abs(time - this.#last[clock]) > this.#times.stale / 4)
    if (late) this.#sign()
    if (!this.#lost) return
    throw new InputError(
      `${this.#folder}: another process has taken over, as this one gave no sign of life: nothing more is written from here`,
    )
  }

  get lost(): boolean {
    return this.#lost
  }

  release(): void {
    clearInterval(this.#timer)
    this.#sign()
    if (!this.#lost) rmSync(this.#path, { force: true })
  }

  /** First the sign, then the look: see above. */
  #sign(): void {
    try {
      writeFileSync(this.#path, holderText(), { flag: 'r+' })
      this.#last = now()
      if (locksIn(this.#folder).some((path) => path !== this.#path)) this.#lost = true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') this.#lost = true
    }
  }
}

/** Milliseconds on two clocks: one stands still while the machine sleeps, the other one may be set. */
const now = () => [performance.now(), Date.now()]

const locksIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => lockFile.test(name))
    .map((name) => join(folder, name))

const numberOf = (path: string) => Number(/lock-(\d+)\.json$/.exec(path)![1])

const holderText = () => JSON.stringify({ host: hostname(), ...thisProcess() })

/** Whether it was this process that made it. */
function create(path: string): boolean {
  try {
    createWhole(path, holderText())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw diskError(error, `${path}: cannot lock the folder`)
  }
}

/**
 * The last sign of a lock whose process is gone.
 * @throws InputError: it is not
 */
async function signOfStale(folder: string, path: string, { sign, stale }: LockTimes): Promise<number> {
  const first = signOf(path)
  const holder = holderOf(path)
  const gone = holder && isGone(holder)
  const alive = () => {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
    return new InputError(`${folder}: ${who} is writing here: expected one at a time: wait for it, or stop it`)
  }
  if (gone) return first
  if (gone === false) throw alive()
  while (serverNow(path) - first < stale) {
    await setTimeout(Math.min(1000, sign))
    if (signOf(path) !== first) throw alive()
  }
  return first
}

const holderSchema = z.object({
  host: z.string(),
  pid: z.int().min(1),
  place: z.string(),
  began: z.string().nullable(),
})

/** Null where nothing readable says so. */
function holderOf(path: string): z.infer<typeof holderSchema> | null {
  try {
    return holderSchema.parse(plainJson(path))
  } catch {
    return null
  }
}

/** When it was written last, on the clock of whoever keeps the file; NaN where it is not there. */
function signOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? NaN
}

/** The same clock now. */
function serverNow(path: string): number {
  const draft = draftOf(path)
  writeFileSync(draft, '')
  const time = signOf(draft)
  rmSync(draft, { force: true })
  return time
}
