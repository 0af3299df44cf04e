/** The tables of one run, in its folder: streams while it goes on, files at the end. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Schema } from 'apache-arrow'
import { batchOfActivations, batchOfRows } from './batch.js'
import { diskError } from './disk.js'
import { removeTable } from './reopen.js'
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

/** What a run has recorded at some moment; plain JSON. */
export interface Recorded {
  /** Rows of each table, by its path in the folder without `.arrows`, in the order in which the tables began. */
  rows: Record<string, number>
  /** Paths in the folder. */
  weights: string[]
}

const streamOf = (folder: string, name: string) => join(folder, `${name}.arrows`)

/** Tables that are alike in every run; `scatter` and `activations/layer-N` are not. */
const schemas: Record<string, (metadata: TableMetadata) => Schema> = {
  training: trainingSchema,
  information: informationSchema,
  'noise-levels': noiseLevelSchema,
  entropies: entropySchema,
  rivals: rivalSchema,
  clustering: clusteringSchema,
  'binned-entropies': binnedEntropySchema,
  histograms: histogramSchema,
}

export class RunRecorder implements Recorder {
  readonly folder: string
  readonly #metadata: TableMetadata
  readonly #seeds: readonly number[]
  readonly #guard: () => void
  /** By name, in the order of their first rows; training and information are there from the beginning. */
  readonly #tables = new Map<string, TableWriter>()
  readonly #weights: string[] = []

  /**
   * Begins training.arrows and information.arrows in the run's folder, or goes on from what was recorded at some moment: rows that came
   * after it are removed.
   * @param metadata goes into every table: `configuration_hash`, and for instance a title
   * @param seeds of the run: the weights of several lie in a folder each
   * @param guard called before anything is written; throws where that must not be
   */
  constructor(
    folder: string,
    seeds: readonly number[],
    metadata: TableMetadata,
    { from, guard = () => {} }: { from?: Recorded; guard?: () => void } = {},
  ) {
    this.folder = folder
    this.#seeds = seeds
    this.#metadata = metadata
    this.#guard = guard
    if (from) this.#goOn(from)
    for (const name of ['training', 'information']) this.#table(name)
  }

  #goOn({ rows, weights }: Recorded): void {
    for (const name of tablesIn(this.folder)) if (!Object.hasOwn(rows, name)) removeTable(streamOf(this.folder, name))
    for (const [name, count] of Object.entries(rows)) {
      this.#tables.set(name, TableWriter.reopen(streamOf(this.folder, name), count))
    }
    this.#weights.push(...weights.map((path) => join(this.folder, path)))
  }

  training(row: TrainingRow): void {
    this.#append('training', [row])
  }

  information(row: InformationRow): void {
    this.#append('information', [row])
  }

  noiseLevel(row: NoiseLevelRow): void {
    this.#append('noise-levels', [row])
  }

  entropy(...rows: EntropyRow[]): void {
    this.#append('entropies', rows)
  }

  rival(...rows: RivalRow[]): void {
    this.#append('rivals', rows)
  }

  clustering(...rows: ClusteringRow[]): void {
    this.#append('clustering', rows)
  }

  binnedEntropy(...rows: BinnedEntropyRow[]): void {
    this.#append('binned-entropies', rows)
  }

  histogram(...rows: HistogramRow[]): void {
    this.#append('histograms', rows)
  }

  scatter(...rows: ScatterRow[]): void {
    const kept = rows.filter(({ seed }) => seed === this.#seeds[0])
    if (kept.length === 0) return
    const neurons = Object.keys(kept[0]).filter((name) => /^s\d+$/.test(name)).length
    this.#append('scatter', kept, scatterSchema(neurons, this.#metadata))
  }

  activations(rows: ActivationRows): void {
    this.#guard()
    const { layer, width } = rows
    const name = `activations/layer-${layer}`
    const writer = this.#tables.get(name) ?? this.#begin(name, activationSchema(layer, width, this.#metadata))
    for (let from = 0; from < rows.count; from += rowsPerBatch) {
      const to = Math.min(from + rowsPerBatch, rows.count)
      writer.append(batchOfActivations(writer.schema, rows, from, to))
    }
  }

  weights(epoch: number, seed: number, tensors: Tensor[]): void {
    this.#guard()
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

  /** All of it is on disk. */
  recorded(): Recorded {
    const rows = Object.fromEntries([...this.#tables].map(([name, writer]) => [name, writer.rows]))
    return { rows, weights: this.#weights.map((path) => relative(this.folder, path)) }
  }

  /** Turns all streams into `.arrow` files. One that fails stays a stream, the others go on; then throws its error. */
  finish(): void {
    this.#guard()
    const failed: unknown[] = []
    for (const writer of this.#tables.values()) {
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
    const isSample = (name: string) => name.startsWith('activations/')
    const names = [...this.#tables.keys()].sort((a, b) => Number(isSample(a)) - Number(isSample(b)))
    const streams = names.map((name) => streamOf(this.folder, name))
    const tables = streams.map((path) => (existsSync(path) ? path : path.replace(/\.arrows$/, '.arrow')))
    return [...tables, ...this.#weights].map((path) => ({ path, bytes: statSync(path).size }))
  }

  /** The table, begun with its first rows; all rows of a call go to the disk together. */
  #append(name: string, rows: readonly object[], schema?: Schema): void {
    if (rows.length === 0) return
    this.#guard()
    const writer = this.#table(name, schema)
    writer.append(batchOfRows(writer.schema, rows))
  }

  #table(name: string, schema?: Schema): TableWriter {
    return this.#tables.get(name) ?? this.#begin(name, schema ?? schemas[name](this.#metadata))
  }

  #begin(name: string, schema: Schema): TableWriter {
    const path = streamOf(this.folder, name)
    try {
      mkdirSync(dirname(path), { recursive: true })
    } catch (error) {
      throw diskError(error, `${dirname(path)}: cannot create the folder`)
    }
    const writer = new TableWriter(path, schema)
    this.#tables.set(name, writer)
    return writer
  }
}

/** Names of the tables that a run may have, those of activations as far as they are there. */
function tablesIn(folder: string): string[] {
  const inner = join(folder, 'activations')
  const layers = existsSync(inner)
    ? readdirSync(inner).flatMap((name) => /^layer-\d+(?=\.arrows?$)/.exec(name) ?? [])
    : []
  return [...Object.keys(schemas), 'scatter', ...new Set(layers.map((layer) => `activations/${layer}`))]
}
