/** The tables of one run, in its folder: streams while it goes on, files at the end. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Schema } from 'apache-arrow'
import { batchOfActivations, batchOfRows } from './batch.js'
import { diskError } from './disk.js'
import type {
  ActivationRows,
  BinnedEntropyRow,
  ClusteringRow,
  EntropyRow,
  HistogramRow,
  InformationRow,
  NoiseLevelRow,
  Recorder,
  RivalRow,
  ScatterRow,
  Tensor,
  TrainingRow,
} from './rows.js'
import { writeSafetensors } from './safetensors.js'
import {
  activationSchema,
  binnedEntropySchema,
  clusteringSchema,
  entropySchema,
  histogramSchema,
  informationSchema,
  noiseLevelSchema,
  rivalSchema,
  scatterSchema,
  trainingSchema,
} from './schema.js'
import type { TableMetadata } from './schema.js'
import { TableWriter } from './stream.js'

const rowsPerBatch = 65_536

export class RunRecorder implements Recorder {
  readonly folder: string
  readonly #metadata: TableMetadata
  readonly #seeds: readonly number[]
  readonly #training: TableWriter
  readonly #information: TableWriter
  /** Tables that not every run has, in the order of their first rows. */
  readonly #asked = new Map<string, TableWriter>()
  readonly #activations = new Map<number, TableWriter>()
  readonly #weights: string[] = []

  /**
   * Begins training.arrows and information.arrows in the run's folder.
   * @param metadata goes into every table: `configuration_hash`, and for instance a title
   * @param seeds of the run: the weights of several lie in a folder each
   */
  constructor(folder: string, seeds: readonly number[], metadata: TableMetadata) {
    this.folder = folder
    this.#seeds = seeds
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
    this.#append('noise-levels', noiseLevelSchema, [row])
  }

  entropy(...rows: EntropyRow[]): void {
    this.#append('entropies', entropySchema, rows)
  }

  rival(...rows: RivalRow[]): void {
    this.#append('rivals', rivalSchema, rows)
  }

  clustering(...rows: ClusteringRow[]): void {
    this.#append('clustering', clusteringSchema, rows)
  }

  binnedEntropy(...rows: BinnedEntropyRow[]): void {
    this.#append('binned-entropies', binnedEntropySchema, rows)
  }

  histogram(...rows: HistogramRow[]): void {
    this.#append('histograms', histogramSchema, rows)
  }

  scatter(...rows: ScatterRow[]): void {
    const kept = rows.filter(({ seed }) => seed === this.#seeds[0])
    if (kept.length === 0) return
    const neurons = Object.keys(kept[0]).filter((name) => /^s\d+$/.test(name)).length
    this.#append('scatter', (metadata) => scatterSchema(neurons, metadata), kept)
  }

  activations(rows: ActivationRows): void {
    const writer = this.#activations.get(rows.layer) ?? this.#beginActivations(rows)
    for (let from = 0; from < rows.count; from += rowsPerBatch) {
      const to = Math.min(from + rowsPerBatch, rows.count)
      writer.append(batchOfActivations(writer.schema, rows, from, to))
    }
  }

  weights(epoch: number, seed: number, tensors: Tensor[]): void {
    const own = this.#seeds.length > 1 ? `seed-${seed}` : ''
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
    return [this.#training, this.#information, ...this.#asked.values(), ...this.#activations.values()]
  }

  /** NAME.arrow, begun with its first rows; all rows of a call go to the disk together. */
  #append(name: string, schemaFor: (metadata: TableMetadata) => Schema, rows: readonly object[]): void {
    if (rows.length === 0) return
    const path = join(this.folder, `${name}.arrows`)
    const writer = this.#asked.get(name) ?? new TableWriter(path, schemaFor(this.#metadata))
    this.#asked.set(name, writer)
    writer.append(batchOfRows(writer.schema, rows))
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
