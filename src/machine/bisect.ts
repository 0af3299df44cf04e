/**
 * Runs a plan on the references up to a kernel and on the GPU from there (GPU_FROM=<kernel>): a wrong gradient is found in
 * log2(commands) runs. Buffers travel between the two at the border, so this is slow and meant for looking only.
 */
import { unknownName } from '../errors.js'
import type { Numbers } from '../kernels/kernel.js'
import type { BufferSpec, Machine, Plan } from '../plan.js'
import { ReferenceMachine } from './reference.js'

export class BisectMachine implements Machine {
  readonly name: string
  readonly software: boolean
  readonly from: string
  readonly #references = new ReferenceMachine()
  readonly #gpu: Machine
  readonly #buffers = new Set<string>()
  readonly #tails = new WeakMap<Plan, Plan>()
  #pending = Promise.resolve()

  constructor(gpu: Machine, from: string) {
    this.#gpu = gpu
    this.from = from
    this.software = gpu.software
    this.name = `f64 references up to ${from}, then ${gpu.name}`
  }

  allocate(buffers: Record<string, BufferSpec>): void {
    this.#references.allocate(buffers)
    this.#gpu.allocate(buffers)
    for (const name of Object.keys(buffers)) this.#buffers.add(name)
  }

  release(names: readonly string[] = [...this.#buffers]): void {
    this.#references.release(names)
    this.#gpu.release(names)
    for (const name of names) this.#buffers.delete(name)
  }

  write(buffer: string, data: Numbers, at = 0): void {
    const copy = data.slice()
    this.#enqueue(async () => this.#references.write(buffer, copy, at))
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    this.#enqueue(async () => this.#references.copy(from, at, to, toAt, length))
  }

  async read(buffer: string, at = 0, length?: number): Promise<Float32Array | Uint32Array> {
    await this.#pending
    return this.#references.read(buffer, at, length)
  }

  async prepare(plan: Plan): Promise<void> {
    await this.#references.prepare(plan)
    const border = plan.findIndex((command) => command.kernel.name === this.from)
    const tail = border < 0 ? [] : plan.slice(border)
    await this.#gpu.prepare(tail)
    this.#tails.set(plan, tail)
  }

  run(plan: Plan, times = 1): void {
    if (!this.#tails.has(plan)) throw new Error('this plan was not prepared')
    for (let i = 0; i < times; i++) this.#enqueue(() => this.#once(plan))
  }

  async finish(): Promise<void> {
    await this.#pending
  }

  destroy(): void {
    this.#references.destroy()
    this.#gpu.destroy()
  }

  #enqueue(work: () => Promise<void>): void {
    this.#pending = this.#pending.then(work)
  }

  async #once(plan: Plan): Promise<void> {
    const tail = this.#tails.get(plan)!
    for (const command of plan.slice(0, plan.length - tail.length)) this.#references.execute(command)
    if (tail.length === 0) return
    for (const name of this.#buffers) this.#gpu.write(name, this.#references.array(name))
    this.#gpu.run(tail)
    for (const name of this.#buffers) this.#references.write(name, await this.#gpu.read(name))
  }
}

/** The machine that GPU_FROM asks for, or the given one where it is not set. @throws InputError: no such kernel */
export function bisected(gpu: Machine, kernels: readonly string[], from = process.env.GPU_FROM): Machine {
  if (!from) return gpu
  if (!kernels.includes(from)) throw unknownName('kernel in GPU_FROM', from, kernels)
  return new BisectMachine(gpu, from)
}
