/** A machine that notes what the host asks of it, and when: what a profile shows beside the device's own times. */
import type { Listed, Numbers } from '../kernels/kernel.js'
import type { BufferSpec, Machine, Plan } from '../plan.js'

/** `submit`, `upload`, `copy` and `buffers` keep the host busy; it may do other things during the rest. */
export type CallKind = 'submit' | 'upload' | 'copy' | 'buffers' | 'readback' | 'wait' | 'prepare'

export interface Call {
  kind: CallKind
  /** The buffer, or the kernels of the plan. */
  what: string
  /** Milliseconds of performance.now(). */
  start: number
  end: number
  /** Of an upload, a copy or a readback. */
  bytes: number
}

export class ObservedMachine implements Machine {
  readonly calls: Call[] = []
  readonly #machine: Machine

  constructor(machine: Machine) {
    this.#machine = machine
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
    this.#note('buffers', `${Object.keys(buffers).length} made`, 0, () => this.#machine.allocate(buffers))
  }

  release(names?: readonly string[]): void {
    this.#note('buffers', names ? `${names.length} freed` : 'all freed', 0, () => this.#machine.release(names))
  }

  write(buffer: string, data: Numbers, at?: number): void {
    this.#note('upload', buffer, 4 * data.length, () => this.#machine.write(buffer, data, at))
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    this.#note('copy', `${from} to ${to}`, 4 * length, () => this.#machine.copy(from, at, to, toAt, length))
  }

  async read(buffer: string, at?: number, length?: number): Promise<Float32Array | Uint32Array> {
    const start = performance.now()
    const data = await this.#machine.read(buffer, at, length)
    this.calls.push({ kind: 'readback', what: buffer, start, end: performance.now(), bytes: data.byteLength })
    return data
  }

  prepare(plan: Plan): Promise<void> {
    return this.#noteOpen('prepare', kernelsOf(plan), () => this.#machine.prepare(plan))
  }

  run(plan: Plan, times?: number, listed?: Listed): void {
    this.#note('submit', kernelsOf(plan), 0, () => this.#machine.run(plan, times, listed))
  }

  finish(): Promise<void> {
    return this.#noteOpen('wait', 'all work so far', () => this.#machine.finish())
  }

  /** Frees the buffers; the machine goes on. */
  destroy(): void {
    this.release()
  }

  #note(kind: CallKind, what: string, bytes: number, call: () => void): void {
    const start = performance.now()
    call()
    this.calls.push({ kind, what, start, end: performance.now(), bytes })
  }

  async #noteOpen(kind: CallKind, what: string, call: () => Promise<void>): Promise<void> {
    const start = performance.now()
    await call()
    this.calls.push({ kind, what, start, end: performance.now(), bytes: 0 })
  }
}

function kernelsOf(plan: Plan): string {
  return [...new Set(plan.map(({ kernel }) => kernel.name))].join(', ')
}
