/**
 * Times dispatches by the host's clock, for adapters that have none: each is started when all before it is done, and waited for. What
 * the host needs to start it and to hear of its end is in these times. Work is done in the order of the calls, as on any machine.
 */
import type { Listed, Numbers } from '../kernels/kernel.js'
import type { GpuMachine } from '../machine/gpu.js'
import type { TimedDispatch } from '../machine/pass-timer.js'
import type { BufferSpec, Command, Machine, Plan } from '../plan.js'

export class HostTimedMachine implements Machine {
  readonly dispatches: TimedDispatch[] = []
  readonly #gpu: GpuMachine
  readonly #single = new Map<Command, Plan>()
  #pending = Promise.resolve()

  constructor(gpu: GpuMachine) {
    this.#gpu = gpu
  }

  get name(): string {
    return this.#gpu.name
  }

  get software(): boolean {
    return this.#gpu.software
  }

  allocate(buffers: Record<string, BufferSpec>): void {
    this.#gpu.allocate(buffers)
  }

  release(names?: readonly string[]): void {
    this.#gpu.release(names)
  }

  write(buffer: string, data: Numbers, at?: number): void {
    const copy = data.slice()
    this.#enqueue(() => this.#gpu.write(buffer, copy, at))
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    this.#enqueue(() => this.#gpu.copy(from, at, to, toAt, length))
  }

  async read(buffer: string, at?: number, length?: number): Promise<Float32Array | Uint32Array> {
    await this.#pending
    return this.#gpu.read(buffer, at, length)
  }

  /** Each command is a plan of its own. */
  async prepare(plan: Plan): Promise<void> {
    await Promise.all(plan.map((command) => this.#gpu.prepare(this.#planOf(command))))
  }

  run(plan: Plan, times = 1, listed?: Listed): void {
    for (let i = 0; i < times; i++) {
      for (const command of plan) this.#enqueue(() => this.#time(command, listed))
    }
  }

  async finish(): Promise<void> {
    await this.#pending
    await this.#gpu.finish()
  }

  destroy(): void {
    this.#gpu.release()
  }

  #planOf(command: Command): Plan {
    const plan = this.#single.get(command) ?? [command]
    this.#single.set(command, plan)
    return plan
  }

  async #time(command: Command, listed?: Listed): Promise<void> {
    const { queue } = this.#gpu.device
    await queue.onSubmittedWorkDone()
    const begin = performance.now()
    this.#gpu.run(this.#planOf(command))
    await queue.onSubmittedWorkDone()
    this.dispatches.push({ command, listed, encoded: begin, begin, end: performance.now() })
  }

  #enqueue(work: () => void | Promise<void>): void {
    this.#pending = this.#pending.then(work)
  }
}
