/** The tables of one run, in its folder: streams while it goes on, files at the end. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { batchOfActivations, batchOfRows } from './batch.js'
import { diskError } from './disk.js'
import type { ActivationRows, InformationRow, NoiseLevelRow, Recorder, RivalRow, Tensor, TrainingRow } from './rows.js'
import { writeSafetensors } from './safetensors.js'
import { activationSchema, informationSchema, noiseLevelSchema, rivalSchema, trainingSchema } from './schema.js'
import type { TableMetadata } from './schema.js'
import { TableWriter } from './stream.js'

const rowsPerBatch = 65_536

export class RunRecorder implements Recorder {
  readonly folder: string
  readonly #metadata: TableMetadata
  readonly #several: boolean
  readonly #training: TableWriter
  readonly #information: TableWriter
  #noiseLevels: TableWriter | null = null
  #rivals: TableWriter | null = null
  readonly #activations = new Map<number, TableWriter>()
  readonly #weights: string[] = []

  /**
   * Begins training.arrows and information.arrows in the run's folder.
   * @param metadata goes into every table: `configuration_hash`, and for instance a title
   * @param seeds of the run: the weights of several lie in a folder each
   */
  constructor(folder: string, seeds: readonly number[], metadata: TableMetadata) {
    this.folder = folder
    this.#several = seeds.length > 1
    this.#metadata = metadata
    this.#training = new TableWriter(join(folder, 'training.arrows'), trainingSchema(metadata))
    this.#information = new TableWriter(join(folder, 'information.arrows'), informationSchema(metadata))
  }

  training(row: TrainingRow): void {
    this.#training.append(batchOfRows(this.#training.schema, [row]))
  }

  information(row: InformationRow): void {
    this.#information.append(batchOfRows(this.#information.schema, [row]))
  }

  noiseLevel(row: NoiseLevelRow): void {
    const path = join(this.folder, 'noise-levels.arrows')
    this.#noiseLevels ??= new TableWriter(path, noiseLevelSchema(this.#metadata))
    this.#noiseLevels.append(batchOfRows(this.#noiseLevels.schema, [row]))
  }

  /** rivals.arrow, begun with its first rows; all rows of a call go to the disk together. */
  rival(...rows: RivalRow[]): void {
    this.#rivals ??= new TableWriter(join(this.folder, 'rivals.arrows'), rivalSchema(this.#metadata))
    this.#rivals.append(batchOfRows(this.#rivals.schema, rows))
  }

  activations(rows: ActivationRows): void {
    const writer = this.#activations.get(rows.layer) ?? this.#beginActivations(rows)
    for (let from = 0; from < rows.count; from += rowsPerBatch) {
      const to = Math.min(from + rowsPerBatch, rows.count)
      writer.append(batchOfActivations(writer.schema, rows, from, to))
    }
  }

  weights(epoch: number, seed: number, tensors: Tensor[]): void {
    const own = this.#several ? `seed-${seed}` : ''
    const path = join(this.folder, 'weights', own, `epoch-${epoch}.safetensors`)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeSafetensors(path, tensors, { format: 'pt', epoch: String(epoch), seed: String(seed) })
    } catch (error) {
      throw diskError(error, `${path}: cannot write the weights`, 'what was written before is kept')
    }
    this.#weights.push(path)
  }

  /** Turns all streams into `.arrow` files. One that fails stays a stream, the others go on; then throws its error. */
  finish(): void {
    const failed: unknown[] = []
    for (const writer of this.#writers()) {
      try {
        writer.finish()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed[0]
  }

  /** The same after a run has failed, say for want of space: what cannot become a file stays a stream, in silence. */
  salvage(): void {
    try {
      this.finish()
    } catch {
      return
    }
  }

  /** What lies on disk now: tables as streams or files, and weights, with their sizes in bytes. */
  paths(): { path: string; bytes: number }[] {
    const tables = this.#writers().map(({ path }) => (existsSync(path) ? path : path.replace(/\.arrows$/, '.arrow')))
    return [...tables, ...this.#weights].map((path) => ({ path, bytes: statSync(path).size }))
  }

  #writers(): TableWriter[] {
    const asked = [this.#noiseLevels, this.#rivals].filter((writer) => writer !== null)
    return [this.#training, this.#information, ...asked, ...this.#activations.values()]
  }

  #beginActivations({ layer, width }: ActivationRows): TableWriter {
    const path = join(this.folder, 'activations', `layer-${layer}.arrows`)
    try {
      mkdirSync(dirname(path), { recursive: true })
    } catch (error) {
      throw diskError(error, `${dirname(path)}: cannot create the folder`)
    }
    const writer = new TableWriter(path, activationSchema(layer, width, this.#metadata))
    this.#activations.set(layer, writer)
    return writer
  }
}
