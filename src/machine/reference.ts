/**
 * Runs plans on the f64 references of the kernels. Buffers are f32 and u32, so that what one command hands to the next is
 * rounded just as on a GPU.
 */
import type { Numbers } from '../kernels/kernel.js'
import type { BufferSpec, Command, Machine, Plan } from '../plan.js'
import { checkCommand, checkRange, hostArray, specialise } from './check.js'

export class ReferenceMachine implements Machine {
  readonly name = 'f64 references'
  readonly software = true
  readonly #buffers = new Map<string, Float32Array | Uint32Array>()
  #prepared = new WeakSet<Plan>()

  allocate(buffers: Record<string, BufferSpec>): void {
    for (const [name, spec] of Object.entries(buffers)) {
      if (this.#buffers.has(name)) throw new Error(`the buffer '${name}' exists already`)
      this.#buffers.set(name, hostArray(spec))
    }
  }

  release(names: readonly string[] = [...this.#buffers.keys()]): void {
    for (const name of names) if (!this.#buffers.delete(name)) throw new Error(`no buffer '${name}'`)
    this.#prepared = new WeakSet()
  }

  write(buffer: string, data: Numbers, at = 0): void {
    const array = this.array(buffer)
    checkRange(buffer, at, data.length, array.length)
    array.set(data, at)
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    const [source, target] = [this.array(from), this.array(to)]
    checkRange(from, at, length, source.length)
    checkRange(to, toAt, length, target.length)
    target.set(source.subarray(at, at + length), toAt)
  }

  async read(buffer: string, at = 0, length?: number): Promise<Float32Array | Uint32Array> {
    const array = this.array(buffer)
    const count = length ?? array.length - at
    checkRange(buffer, at, count, array.length)
    return array.slice(at, at + count)
  }

  async prepare(plan: Plan): Promise<void> {
    for (const command of plan) checkCommand(command, specialise(command, 64).face, this.#buffers)
    this.#prepared.add(plan)
  }

  run(plan: Plan, times = 1): void {
    if (!this.#prepared.has(plan)) throw new Error('this plan was not prepared')
    for (let i = 0; i < times; i++) for (const command of plan) this.execute(command)
  }

  /** One command on its reference. */
  execute({ kernel, params, buffers, constants }: Command): void {
    const bound = Object.entries(buffers).map(([binding, name]) => [binding, this.array(name)])
    kernel.reference(params, Object.fromEntries(bound), constants)
  }

  /** The array itself, not a copy. */
  array(name: string): Float32Array | Uint32Array {
    const found = this.#buffers.get(name)
    if (!found) throw new Error(`no buffer '${name}'`)
    return found
  }

  async finish(): Promise<void> {}

  destroy(): void {
    this.#buffers.clear()
  }
}
