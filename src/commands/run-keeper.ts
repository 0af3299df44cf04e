/** Checkpoints of a run: what the scheduler hands over, what was recorded, and what the companion has seen, in one file. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DataSet } from '../data/dataset.js'
import { InputError } from '../errors.js'
import type { Companion } from '../experiments/definition.js'
import type { Keeper, Moment } from '../scheduler.js'
import { CheckpointFiles, type CheckpointContent } from '../tables/checkpoint-files.js'
import { readRows } from '../tables/read.js'
import type { Recorded, RunRecorder } from '../tables/recorder.js'
import type { InformationRow, Tensor, TrainingRow } from '../tables/rows.js'
import type { Rows } from './run-outcome.js'

/** Seconds after which a moment that is no measurement is kept as well; while networks train there is one every ten. */
const often = 20

interface Kept {
  moment: Moment
  recorded: Recorded
  /** sha256 of inputs and labels. */
  data: string
  companion?: unknown
}

interface Seeing {
  recorder: RunRecorder
  companion: Companion | null
  /** Throws where nothing more may be written. */
  guard(): void
}

export class RunKeeper implements Keeper {
  from: Keeper['from']
  /** Names of checkpoints that were later ones, and are damaged. */
  readonly damaged: string[] = []
  readonly #folder: string
  readonly #files: CheckpointFiles<Kept>
  readonly #data: string
  readonly #found: CheckpointContent<Kept> | null = null
  #seeing: Seeing | null = null
  #last: { moment: Moment; tensors: Tensor[] } | null = null
  #at = performance.now()

  /**
   * @param resumed whether the run in the folder is gone on with: from its last checkpoint, or from the beginning without any
   * @throws InputError: a checkpoint made with other data
   */
  constructor(folder: string, data: DataSet, resumed: boolean) {
    this.#folder = folder
    this.#files = new CheckpointFiles(folder)
    this.#data = hashOf(data)
    if (!resumed) return
    const { content, damaged } = this.#files.latest()
    this.damaged = damaged
    this.#found = content
    if (content && content.state.data !== this.#data) {
      throw new InputError(
        `${folder}: ${data.name} are not the data it began with: put those back, or start it again with --force`,
      )
    }
  }

  /** What a recorder goes on from. */
  get recorded(): Recorded {
    return this.#found?.state.recorded ?? { rows: {}, weights: [] }
  }

  /** Sets companion and scheduler back to that moment; the rows recorded up to it. */
  begin(seeing: Seeing): Rows {
    this.#seeing = seeing
    seeing.companion?.restore?.(this.#found?.state.companion)
    if (!this.#found) return { training: [], information: [] }
    const { state, tensors } = this.#found
    const { moment } = state
    const training = readRows<TrainingRow>(join(this.#folder, 'training.arrows'))
    const information = readRows<InformationRow>(join(this.#folder, 'information.arrows'))
    // an epoch is told of when all networks have been measured
    const half = moment.measured > 0 && moment.measured < moment.seeds.length
    const waiting = (row: InformationRow) => half && row.epoch === moment.epoch && moment.seeds.includes(row.seed)
    this.from = { moment, networks: tensors, rows: information.filter(waiting) }
    return { training, information: information.filter((row) => !waiting(row)) }
  }

  async keep(moment: Moment, networks: () => Promise<Tensor[]>, worthwhile: boolean): Promise<void> {
    if (!worthwhile && performance.now() - this.#at < 1000 * often) return
    this.#last = { moment: structuredClone(moment), tensors: await networks() }
    this.again()
  }

  /** The same moment once more: the companion has gone on after it. */
  again(): void {
    if (!this.#last) return
    const { recorder, companion, guard } = this.#seeing!
    const { moment, tensors } = this.#last
    guard()
    this.#files.write({
      tensors,
      state: { moment, recorded: recorder.recorded(), data: this.#data, companion: companion?.state?.() },
    })
    this.#at = performance.now()
  }

  /** After the end, when nobody needs them any more. */
  remove(): void {
    this.#files.remove()
  }
}

function hashOf({ inputs, labels }: DataSet): string {
  const hash = createHash('sha256')
  for (const { buffer, byteOffset, byteLength } of [inputs, labels])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  return hash.digest('hex')
}
