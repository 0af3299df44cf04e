/** What a sweep leaves to pick, picked on its first task, and what it will take, told from the first and the last of its settings. */
import { calibrate, type Calibration } from '../calibration.js'
import { applyData, applyMode, settle, toDraft } from '../experiments/settle.js'
import { at } from '../experiments/tree.js'
import { openDevice, type OpenDevice } from '../gpu/device.js'
import { GpuMachine } from '../machine/gpu.js'
import type { Plan } from '../sweep/plan.js'
import { keysLeftOpen, taskRun, type TaskRun } from '../sweep/task-config.js'

interface Look {
  settled: object
  seconds: number
}

export class SweepCost {
  #open: OpenDevice | null = null
  #gpu: GpuMachine | null = null
  #first: Look | null = null

  /** Values for what the configuration leaves open, by dotted key. @throws InputError: no adapter, data that are not there */
  async pick(first: TaskRun): Promise<Record<string, unknown>> {
    const open = keysLeftOpen(first)
    if (open.length === 0) return {}
    this.#first = await this.#look(first)
    return Object.fromEntries(open.map((key) => [key, at(this.#first!.settled, key.split('.'))]))
  }

  /** Expected seconds of all tasks, one after the other, on this adapter; null for an experiment without a network. */
  async seconds(plan: Plan): Promise<number | null> {
    this.#first ??= await this.#look(await taskRun(plan, 0))
    const last = plan.settings.length > 1 ? await this.#look(await taskRun(plan, plan.tasks.length - 1)) : this.#first
    return this.#first && last && (plan.tasks.length * (this.#first.seconds + last.seconds)) / 2
  }

  /** What it computes on, null before it was asked. */
  get adapter(): string | null {
    return this.#open?.adapter.describe() ?? null
  }

  close(): void {
    this.#open?.destroy()
  }

  async #look(run: TaskRun): Promise<Look | null> {
    if (run.kind === 'study') return null
    const { definition, config } = run
    const moded = applyMode(config, definition)
    const data = await definition.data(moded, (line) => process.stderr.write(`${line}\n`))
    const resolved = applyData(moded, data)
    const { conditions } = (await definition.panel?.(resolved, data)) ?? { conditions: [{ config: resolved }] }
    const draft = toDraft(conditions.at(-1)!.config, data, definition.weights)
    const picked: Calibration = await calibrate(await this.#machine(config.adapter), draft, config.mode)
    return { settled: settle(resolved, picked), seconds: picked.seconds * conditions.length }
  }

  /** The one that the first task asks for. */
  async #machine(adapter: string | undefined): Promise<GpuMachine> {
    this.#open ??= await openDevice({ name: adapter, onError: () => undefined })
    return (this.#gpu ??= new GpuMachine(this.#open))
  }
}
