import { existsSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { readRunRecord, takeRunFolder } from '../tables/run-folder.js'

export interface Where {
  /** The folder by name; the next free numbered one when absent. */
  out?: string
  /** Whether `out` may hold a run, which is removed. */
  force: boolean
  /** Of numbered folders, where it is not the experiment's. */
  name?: string
}

/**
 * The folder of a run that may still come to nothing. It is taken at once, so that a wrong --out is told before any
 * work; one that holds a run, with --force, only when the new run begins, because that removes the other.
 */
export class ClaimedFolder {
  readonly #take: () => string
  readonly #isNew: boolean
  #path: string | null = null
  #kept = false

  /** Throws InputError when the folder is taken or cannot be written. */
  constructor(experiment: string, { out, force, name = experiment }: Where) {
    this.#isNew = out === undefined || !existsSync(out)
    this.#take = () => takeRunFolder({ experiment: name, out, force })
    const replaces = force && out !== undefined && readRunRecord(out) !== null
    if (!replaces) this.#path = this.#take()
  }

  /** The folder, which is the run's for good. */
  keep(): string {
    this.#kept = true
    return (this.#path ??= this.#take())
  }

  /** Leaves no trace of a run that never began. */
  release(): void {
    if (this.#path === null || this.#kept) return
    rmSync(join(this.#path, 'run.json'), { force: true })
    if (this.#isNew) rmdirSync(this.#path)
    this.#path = null
  }
}
