import { matchNames, reflect, type Interface } from '../gpu/reflect.js'
import { loadShader, type Shader } from '../gpu/shader.js'
import type { BufferSpec, Command } from '../plan.js'

export interface Specialised {
  shader: Shader
  face: Interface
}

/** The command's shader with its constants and workgroup size, and what it binds. */
export function specialise(command: Command, workgroup: number): Specialised {
  const shader = loadShader(command.kernel.name, { ...command.constants, WORKGROUP: workgroup })
  return { shader, face: reflect(shader) }
}

/** Names of bindings, parameters and buffers must be just those that the shader and the machine know. */
export function checkCommand(command: Command, face: Interface, buffers: ReadonlyMap<string, unknown>): void {
  const { kernel } = command
  matchNames(
    kernel.name,
    'buffers',
    face.buffers.map((b) => b.name),
    Object.keys(command.buffers),
  )
  matchNames(
    kernel.name,
    'parameters',
    face.parameters.map((p) => p.name),
    Object.keys(command.params),
  )
  for (const [binding, name] of Object.entries(command.buffers)) {
    if (!buffers.has(name))
      throw new Error(`${kernel.name}: ${binding} names the buffer '${name}', which was never allocated`)
  }
  const aliased = kernel.writes.find((w) => w in command.buffers && sharers(command, command.buffers[w]) > 1)
  if (aliased)
    throw new Error(
      `${kernel.name}: writes ${aliased} into the buffer '${command.buffers[aliased]}' that it also binds elsewhere`,
    )
}

function sharers(command: Command, buffer: string): number {
  return Object.values(command.buffers).filter((name) => name === buffer).length
}

/** Elements at .. at + count - 1 must lie inside a buffer of `length` elements. */
export function checkRange(buffer: string, at: number, count: number, length: number): void {
  if (at >= 0 && count >= 0 && at + count <= length) return
  throw new Error(`${count} elements from ${at} on do not fit '${buffer}' of ${length}`)
}

/** A fresh array of a buffer's type. */
export function hostArray({ type, length }: BufferSpec): Float32Array | Uint32Array {
  return type === 'f32' ? new Float32Array(length) : new Uint32Array(length)
}
