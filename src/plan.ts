/**
 * A Plan is data: a list of commands, each a kernel with its numbers and the names of its buffers. The same list runs on a
 * GPU (machine/gpu.ts), on the f64 references (machine/reference.ts), or on the one up to a kernel and on the other
 * from there (machine/bisect.ts).
 */
import type { Constants, Kernel, Listed, Numbers } from './kernels/kernel.js'

export interface Command {
  kernel: Kernel
  constants: Constants
  params: Record<string, number>
  /** Binding name -> name of the machine's buffer. */
  buffers: Record<string, string>
}

export type Plan = readonly Command[]

/** One command; binding and parameter names are checked against the shader when a machine prepares the plan. */
export function dispatch<P extends string, B extends string>(
  kernel: Kernel<P, B>,
  params: Record<P, number>,
  buffers: Partial<Record<B, string>>,
  constants: Constants = {},
): Command {
  return { kernel: kernel as unknown as Kernel, params, buffers: buffers as Record<string, string>, constants }
}

export interface BufferSpec {
  type: 'f32' | 'u32'
  /** Elements of 4 bytes. */
  length: number
  /** The settings that make it smaller, for whoever has too little memory. */
  lower?: string
}

/** Buffers that are as large as they are because of a setting. */
export function lowering<Specs extends Record<string, BufferSpec>>(lower: string, buffers: Specs): Specs {
  return Object.fromEntries(Object.entries(buffers).map(([name, spec]) => [name, { lower, ...spec }])) as Specs
}

/** What plans run on. Work is done in the order of the calls. */
export interface Machine {
  readonly name: string
  /** No hardware GPU: the same machine's cores do the work. */
  readonly software: boolean
  /** The kernel up to which references compute (machine/bisect.ts); absent where nothing is looked for. */
  readonly from?: string
  /** Makes buffers, filled with zeros; a name is made once. */
  allocate(buffers: Record<string, BufferSpec>): void
  /** Frees these buffers, or all; plans must be prepared anew, compiled shaders stay. */
  release(names?: readonly string[]): void
  /** Copies into a buffer from element `at`; the data may be reused on return. */
  write(buffer: string, data: Numbers, at?: number): void
  /** Copies `length` elements between two buffers on the device, in the order of the calls. */
  copy(from: string, at: number, to: string, toAt: number, length: number): void
  /** Waits for all work before it and copies out `length` elements from `at`. */
  read(buffer: string, at?: number, length?: number): Promise<Float32Array | Uint32Array>
  /** Compiles and binds whatever the plan needs; a plan is prepared once. */
  prepare(plan: Plan): Promise<void>
  /** Starts the plan `times` over; returns at once. `listed` is for whoever counts the work. */
  run(plan: Plan, times?: number, listed?: Listed): void
  /** Waits for all work so far. */
  finish(): Promise<void>
  destroy(): void
}
