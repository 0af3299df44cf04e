import { existsSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.js'
import { readRunRecord, takeRunFolder, type RunRecord } from '../tables/run-folder.js'
import { RunLock } from '../tables/run-lock.js'

export interface Where {
  /** The folder by name; the next free numbered one when absent. */
  out?: string
  /** Whether `out` may hold a run, which is removed. */
  force: boolean
  /** Whether `out` may hold a run, which is gone on with. */
  resume?: boolean
  /** Of numbered folders, where it is not the experiment's. */
  name?: string
}

/**
 * The folder of a run that may still come to nothing, and its lock. It is taken at once, so that a wrong --out is told before any
 * work; one that holds a run, with --force, only when the new run begins, because that removes the other.
 */
export class ClaimedFolder {
  /** What run.json says of the run to go on with; null where a new one begins. */
  resumed: RunRecord | null = null
  readonly #take: () => string
  readonly #isNew: boolean
  #path: string | null = null
  #kept = false
  #lock: RunLock | null = null

  private constructor(take: () => string, isNew: boolean) {
    this.#take = take
    this.#isNew = isNew
  }

  /** Throws InputError when the folder is taken or cannot be written. */
  static async claim(experiment: string, where: Where): Promise<ClaimedFolder> {
    const { out, force, resume = false, name = experiment } = where
    requireOne(where)
    const isNew = out === undefined || !existsSync(out)
    const claimed = new ClaimedFolder(() => takeRunFolder({ experiment: name, out, force }), isNew)
    const there = out !== undefined && readRunRecord(out) !== null
    if (!(there && (force || resume))) claimed.#path = claimed.#take()
    claimed.#lock = await RunLock.take(claimed.#path ?? out!)
    if (there && resume) claimed.#goOn(out)
    return claimed
  }

  /** A folder in another one that is kept, whose lock is its as well; gone on with where that is, and a run has begun in it. */
  static inside(outer: ClaimedFolder, name: string): ClaimedFolder {
    const out = join(outer.keep(), name)
    const claimed = new ClaimedFolder(() => takeRunFolder({ experiment: name, out, force: false }), !existsSync(out))
    claimed.#lock = outer.#lock
    if (outer.resumed && readRunRecord(out) !== null) claimed.#goOn(out)
    else claimed.#path = claimed.#take()
    return claimed
  }

  get isKept(): boolean {
    return this.#kept
  }

  /** The folder, which is the run's for good. */
  keep(): string {
    this.#kept = true
    return (this.#path ??= this.#take())
  }

  /** Before anything is written. Throws InputError where another process has taken over. */
  hold(): void {
    this.#lock?.hold()
  }

  /** The run in it, as far as it got, is to be gone on with by this process. */
  again(): void {
    if (this.#kept) this.#goOn(this.#path!)
  }

  /** Leaves no trace of a run that never began. */
  release(): void {
    if (this.#path !== null && !this.#kept) rmSync(join(this.#path, 'run.json'), { force: true })
    this.#lock?.release()
    if (this.#path !== null && !this.#kept && this.#isNew) rmdirSync(this.#path)
    this.#path = null
  }

  /** A run that was ended before its configuration was known begins anew. */
  #goOn(path: string): void {
    const record = readRunRecord(path)
    this.#path = path
    this.#kept = true
    this.resumed = record?.configuration_hash === undefined ? null : record
  }
}

/** @throws InputError: options that exclude or need each other */
function requireOne({ out, force, resume }: Where): void {
  if (!resume) return
  if (force) throw new InputError('--resume, --force: given together, expected one of them')
  if (out === undefined) {
    throw new InputError(
      '--resume: no folder: give --out DIR, or go on with a run that is there: infoflow run DIR --resume',
    )
  }
}
