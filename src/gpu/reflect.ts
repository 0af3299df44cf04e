/** What a specialised shader binds: the WGSL is the only declaration of bindings and of the layout of its parameters. */
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js'
import type { Shader } from './shader.js'

export interface Binding {
  name: string
  binding: number
  access: 'read' | 'read_write'
}

export interface Parameter {
  name: string
  type: 'u32' | 'i32' | 'f32'
  /** Bytes from the start of the struct. */
  offset: number
}

export interface Interface {
  /** Storage buffers, without the uniform `params`. */
  buffers: Binding[]
  parameters: Parameter[]
  /** Bytes of the struct Params. */
  parameterBytes: number
}

/** Bindings of group 0 and the members of `params`, which is binding 0. */
export function reflect(shader: Shader): Interface {
  const reflection = new WgslReflect(declarations(shader.code))
  const params = reflection.uniforms.find((variable) => variable.name === 'params')
  if (!params) throw new Error(`shaders/${shader.stem}.wgsl binds no uniform 'params'`)
  const members =
    (params.type as { members?: { name: string; type: { name: string }; offset: number }[] }).members ?? []
  return {
    buffers: reflection.storage.map(({ name, binding, access }) => ({
      name,
      binding,
      access: access === 'read_write' ? 'read_write' : 'read',
    })),
    parameters: members.map((m) => ({ name: m.name, type: m.type.name as Parameter['type'], offset: m.offset })),
    parameterBytes: params.size,
  }
}

/** The code without its functions, whose bodies say nothing about bindings. */
function declarations(code: string): string {
  return code.replace(/^(@compute[^]*?)?^fn [^]*?^}/gm, '')
}

/** Writes values into the struct's bytes; a name that is missing or not known is one error that lists both. */
export function packParameters(stem: string, face: Interface, values: Record<string, number>, into: DataView): void {
  matchNames(
    stem,
    'parameters',
    face.parameters.map((p) => p.name),
    Object.keys(values),
  )
  for (const { name, type, offset } of face.parameters) {
    const value = values[name]
    const whole = Number.isInteger(value) && (type === 'i32' || value >= 0) && Math.abs(value) < 2 ** 32
    if (type === 'f32' ? Number.isNaN(value) : !whole)
      throw new Error(`${stem}: parameter ${name} = ${value} is no ${type}`)
    if (type === 'u32') into.setUint32(offset, value, true)
    else if (type === 'i32') into.setInt32(offset, value, true)
    else into.setFloat32(offset, value, true)
  }
}

/** One error for all names that are missing or not known. */
export function matchNames(stem: string, what: string, declared: readonly string[], given: readonly string[]): void {
  const missing = declared.filter((name) => !given.includes(name))
  const unknown = given.filter((name) => !declared.includes(name))
  if (missing.length + unknown.length === 0) return
  throw new Error(
    `${stem}: ${what} missing: ${missing.join(', ') || 'none'}; not known: ${unknown.join(', ') || 'none'}; ` +
      `declared: ${declared.join(', ')}`,
  )
}
