/**
 * Representations of the reference at each measurement, for the conditions that come after it: on disk, so that a run that died in one
 * of those can go on, and in memory where there is no folder.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { diskError } from '../tables/disk.js'
import { readSafetensors, writeSafetensors } from '../tables/safetensors.js'

/** Activations without noise: of each layer rows x width, a row for each input named. */
export interface Representation {
  inputs: Uint32Array
  layers: number[]
  s: Float32Array[]
}

const own = /^seen-\d+-\d+\.safetensors(\.tmp)?$/

export class ReferenceStore {
  readonly #folder: string | null
  readonly #memory = new Map<string, Representation>()

  /** @param run the folder of the run */
  constructor(run: string | null) {
    this.#folder = run === null ? null : join(run, 'checkpoints')
  }

  put(seed: number, epoch: number, { inputs, layers, s }: Representation): void {
    const path = this.#path(seed, epoch)
    if (path === null) {
      this.#memory.set(`${seed} ${epoch}`, { inputs, layers, s })
      return
    }
    // inputs are below 2^24, so that f32 holds them
    const index = { name: 'inputs', shape: [inputs.length], data: Float32Array.from(inputs) }
    const tensors = layers.map((layer, i) => {
      return { name: `layer-${layer}`, shape: [inputs.length, s[i].length / inputs.length], data: s[i] }
    })
    try {
      mkdirSync(this.#folder!, { recursive: true })
      writeSafetensors(path, [index, ...tensors], { format: 'infoflow representation' })
    } catch (error) {
      throw diskError(error, `${path}: cannot write`, 'the tables are kept')
    }
  }

  /** Null where none was put. */
  get(seed: number, epoch: number): Representation | null {
    const path = this.#path(seed, epoch)
    if (path === null) return this.#memory.get(`${seed} ${epoch}`) ?? null
    if (!existsSync(path)) return null
    const [index, ...layers] = readSafetensors(path).tensors
    const numbers = layers.map(({ name }) => Number(name.slice('layer-'.length)))
    return { inputs: Uint32Array.from(index.data), layers: numbers, s: layers.map(({ data }) => data) }
  }

  /** When no other condition comes; the folder too, where nothing else is in it. */
  remove(): void {
    if (this.#folder === null || !existsSync(this.#folder)) return
    for (const name of readdirSync(this.#folder)) if (own.test(name)) rmSync(join(this.#folder, name))
    if (readdirSync(this.#folder).length === 0) rmdirSync(this.#folder)
  }

  #path(seed: number, epoch: number): string | null {
    return this.#folder === null ? null : join(this.#folder, `seen-${seed}-${epoch}.safetensors`)
  }
}
