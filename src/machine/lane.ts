/**
 * A machine whose buffers have names of their own: the same plans beside one another, on the same device. Shared buffers keep their
 * names.
 */
import type { Listed, Numbers } from '../kernels/kernel.js'
import type { BufferSpec, Machine, Plan } from '../plan.js'

export class Lane implements Machine {
  readonly #machine: Machine
  readonly #prefix: string
  readonly #shared: ReadonlySet<string>
  readonly #own = new Set<string>()
  readonly #plans = new WeakMap<Plan, Plan>()

  constructor(machine: Machine, prefix: string, shared: readonly string[]) {
    this.#machine = machine
    this.#prefix = prefix
    this.#shared = new Set(shared)
  }

  get name(): string {
    return this.#machine.name
  }

  get software(): boolean {
    return this.#machine.software
  }

  get from(): string | undefined {
    return this.#machine.from
  }

  allocate(buffers: Record<string, BufferSpec>): void {
    this.#machine.allocate(Object.fromEntries(Object.entries(buffers).map(([name, spec]) => [this.#of(name), spec])))
    for (const name of Object.keys(buffers)) this.#own.add(name)
  }

  release(names: readonly string[] = [...this.#own]): void {
    this.#machine.release(names.map((name) => this.#of(name)))
    for (const name of names) this.#own.delete(name)
  }

  write(buffer: string, data: Numbers, at?: number): void {
    this.#machine.write(this.#of(buffer), data, at)
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    this.#machine.copy(this.#of(from), at, this.#of(to), toAt, length)
  }

  read(buffer: string, at?: number, length?: number): Promise<Float32Array | Uint32Array> {
    return this.#machine.read(this.#of(buffer), at, length)
  }

  prepare(plan: Plan): Promise<void> {
    return this.#machine.prepare(this.#planOf(plan))
  }

  run(plan: Plan, times?: number, listed?: Listed): void {
    this.#machine.run(this.#planOf(plan), times, listed)
  }

  finish(): Promise<void> {
    return this.#machine.finish()
  }

  /** Frees its buffers; the device goes on. */
  destroy(): void {
    this.release()
  }

  #of(name: string): string {
    return this.#shared.has(name) ? name : `${this.#prefix}.${name}`
  }

  #planOf(plan: Plan): Plan {
    const known = this.#plans.get(plan)
    if (known) return known
    const own = plan.map((command) => {
      const named = Object.entries(command.buffers).map(([binding, name]) => [binding, this.#of(name)])
      return { ...command, buffers: Object.fromEntries(named) as Record<string, string> }
    })
    this.#plans.set(plan, own)
    return own
  }
}
