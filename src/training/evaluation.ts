/**
 * Passes of a network without noise or dropout over many inputs, a chunk of rows at a time: losses, accuracies and activations. A chunk
 * holds all inputs where they are few.
 */
import type { DataSet } from '../data/dataset.js'
import { crossEntropyForward } from '../kernels/cross-entropy-forward.js'
import { meanSquaredErrorForward } from '../kernels/mean-squared-error-forward.js'
import { layerTable, type NetworkSpec } from '../network/network.js'
import { forwardBuffers, forwardCommands, outputOf, type Loss, type Pass } from '../network/plans.js'
import { dispatch, type BufferSpec, type Machine, type Plan } from '../plan.js'

export interface EvaluationSetup {
  data: DataSet
  network: NetworkSpec
  loss: Loss
  /** Buffers of all inputs (count x width), their labels and the parameters. */
  buffers: { inputs: string; labels: string; parameters: string }
}

/** Numbers that the layers of a chunk may take on the device. */
const mostNumbers = 2 ** 24

export class Evaluator {
  readonly #machine: Machine
  readonly #setup: EvaluationSetup
  readonly #pass: Pass
  readonly #forward: Plan
  readonly #whole: Plan

  private constructor(machine: Machine, setup: EvaluationSetup) {
    const { data, network, buffers } = setup
    const rows = chunkRows(data, network)
    const input = rows === data.count ? buffers.inputs : 'evaluate.x'
    this.#machine = machine
    this.#setup = setup
    this.#pass = { network, prefix: 'evaluate', rows, input, parameters: buffers.parameters, draw: null }
    this.#forward = forwardCommands(this.#pass)
    const results = { loss: 'evaluate.loss', correct: 'evaluate.correct' }
    const logits = outputOf(this.#pass, network.layers.length)
    const labels = rows === data.count ? buffers.labels : 'evaluate.labels'
    const kernel = setup.loss === 'mse' ? meanSquaredErrorForward : crossEntropyForward
    this.#whole = [...this.#forward, dispatch(kernel, { rows, classes: data.classes }, { logits, labels, ...results })]
  }

  static async create(machine: Machine, setup: EvaluationSetup): Promise<Evaluator> {
    const evaluator = new Evaluator(machine, setup)
    machine.allocate(evaluator.#buffers())
    await Promise.all([evaluator.#forward, evaluator.#whole].map((plan) => machine.prepare(plan)))
    return evaluator
  }

  /** Loss of every input, and 1 where it is classified rightly. */
  async losses(): Promise<{ loss: Float32Array; correct: Uint32Array }> {
    const { data, buffers } = this.#setup
    const { rows } = this.#pass
    const [loss, correct] = [new Float32Array(data.count), new Uint32Array(data.count)]
    for (let first = 0; first < data.count; first += rows) {
      const count = Math.min(rows, data.count - first)
      if (rows < data.count) {
        this.#machine.copy(buffers.inputs, first * data.width, 'evaluate.x', 0, count * data.width)
        this.#machine.copy(buffers.labels, first, 'evaluate.labels', 0, count)
      }
      this.#machine.run(this.#whole)
      loss.set((await this.#machine.read('evaluate.loss', 0, count)) as Float32Array, first)
      correct.set((await this.#machine.read('evaluate.correct', 0, count)) as Uint32Array, first)
    }
    return { loss, correct }
  }

  /** S_l of the inputs named, all by default: rows x width for each layer. */
  async activations(layers: readonly number[], inputs?: Uint32Array): Promise<Float32Array[]> {
    const { data, network } = this.#setup
    const widths = layers.map((layer) => layerTable(network)[layer - 1].width)
    const total = inputs?.length ?? data.count
    const results = widths.map((width) => new Float32Array(total * width))
    if (this.#pass.rows === data.count) await this.#atOnce(layers, widths, results, inputs)
    else await this.#inChunks(layers, widths, results, inputs ?? Uint32Array.from({ length: total }, (_, i) => i))
    return results
  }

  async #atOnce(
    layers: readonly number[],
    widths: number[],
    results: Float32Array[],
    inputs?: Uint32Array,
  ): Promise<void> {
    this.#machine.run(this.#forward)
    for (const [i, layer] of layers.entries()) {
      const all = (await this.#machine.read(outputOf(this.#pass, layer))) as Float32Array
      if (!inputs) results[i].set(all)
      else
        inputs.forEach((row, to) =>
          results[i].set(all.subarray(row * widths[i], (row + 1) * widths[i]), to * widths[i]),
        )
    }
  }

  async #inChunks(
    layers: readonly number[],
    widths: number[],
    results: Float32Array[],
    inputs: Uint32Array,
  ): Promise<void> {
    const { data } = this.#setup
    const { rows } = this.#pass
    for (let first = 0; first < inputs.length; first += rows) {
      const chunk = inputs.subarray(first, first + rows)
      const x = new Float32Array(chunk.length * data.width)
      chunk.forEach((row, to) => x.set(data.inputs.subarray(row * data.width, (row + 1) * data.width), to * data.width))
      this.#machine.write('evaluate.x', x)
      this.#machine.run(this.#forward)
      for (const [i, layer] of layers.entries()) {
        const s = await this.#machine.read(outputOf(this.#pass, layer), 0, chunk.length * widths[i])
        results[i].set(s as Float32Array, first * widths[i])
      }
    }
  }

  #buffers(): Record<string, BufferSpec> {
    const { rows } = this.#pass
    const { data, network } = this.#setup
    const chunk: Record<string, BufferSpec> = {
      'evaluate.x': { type: 'f32', length: rows * data.width },
      'evaluate.labels': { type: 'u32', length: rows },
    }
    return {
      ...(rows < data.count ? chunk : {}),
      ...forwardBuffers(this.#pass, 1, network.layers.length),
      'evaluate.loss': { type: 'f32', length: rows },
      'evaluate.correct': { type: 'u32', length: rows },
    }
  }
}

/** A power of two, or all. */
function chunkRows({ count }: DataSet, network: NetworkSpec): number {
  const numbers = layerTable(network).reduce(
    (sum, { width, activation }) => sum + width * (activation === 'linear' ? 1 : 2),
    0,
  )
  const most = Math.max(1, Math.floor(mostNumbers / numbers))
  return count <= most ? count : 2 ** Math.floor(Math.log2(most))
}
