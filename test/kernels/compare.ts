/**
 * Runs one kernel on a device and on its f64 reference. Every buffer of the device goes on for some elements past its
 * end, and these, like the whole of a buffer that is only written, hold poison beforehand: an element that was never
 * written, or read or written past an end, cannot pass. A kernel runs with each workgroup size that some adapter gets.
 */
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import type { Constants, Kernel } from '../../src/kernels/kernel.js'
import { specialise } from '../../src/machine/check.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { dispatch, type BufferSpec, type Command } from '../../src/plan.js'
import { close } from '../close.js'

type F32OrU32 = Float32Array | Uint32Array
type Content = F32OrU32 | BufferSpec
type Contents = Record<string, Content>
type Tolerance = number | ArrayLike<number>

export interface Case<P extends string, B extends string> {
  params: Record<P, number>
  /** What lies in each buffer before; of one that is only written, its size. */
  buffers: Partial<Record<B, Content>>
  constants?: Constants
}

export interface Results<B extends string> {
  actual: Record<B, F32OrU32>
  /** By the f64 reference, not rounded to f32. */
  expected: Record<B, Float64Array | Uint32Array>
  workgroup: number
}

const guard = 67
const poisonWord = 0xdeadbeef

export const f32 = (length: number): BufferSpec => ({ type: 'f32', length })
export const u32 = (length: number): BufferSpec => ({ type: 'u32', length })

/** The best adapter's machine: one for each test file, destroyed after its last test. */
export async function openMachine(): Promise<GpuMachine> {
  return new GpuMachine(await openDevice())
}

/** Every buffer that the kernel writes agrees with the reference within its tolerance. */
export async function compare<P extends string, B extends string>(
  machine: GpuMachine,
  kernel: Kernel<P, B>,
  { params, buffers, constants }: Case<P, B>,
  tolerances: Partial<Record<B, Tolerance>>,
): Promise<void> {
  for (const { actual, expected, workgroup } of await runBoth(machine, kernel, { params, buffers, constants })) {
    const size = JSON.stringify(params)
    for (const [name, tolerance] of Object.entries(tolerances) as [B, Tolerance][]) {
      close(actual[name], expected[name], tolerance, `${kernel.name} ${name}, workgroup ${workgroup}, ${size}`)
    }
  }
}

/** What device and reference leave in the buffers that the kernel writes, once for each workgroup size. */
export async function runBoth<P extends string, B extends string>(
  machine: GpuMachine,
  kernel: Kernel<P, B>,
  { params, buffers, constants = {} }: Case<P, B>,
): Promise<Results<B>[]> {
  const contents = buffers as Contents
  const expected = onReference(kernel, params, contents, constants)
  const results: Results<B>[] = []
  for (const workgroup of workgroups(kernel as unknown as Kernel)) {
    const sized = { ...kernel, workgroup: { software: workgroup, hardware: workgroup } }
    // The size among the constants, which the shader does not use, gives each its own pipeline.
    const command = dispatch(sized, params, {}, { ...constants, SIZE_UNDER_TEST: workgroup })
    const actual = await onDevice(machine, command, contents)
    results.push({ actual: actual as Record<B, F32OrU32>, expected, workgroup })
  }
  return results
}

function workgroups({ workgroup }: Kernel): number[] {
  if (!workgroup) return [64]
  const software = workgroup.software === 'simd' ? [4, 8] : [workgroup.software]
  return [...new Set([...software, workgroup.hardware])]
}

function onReference<P extends string, B extends string>(
  kernel: Kernel<P, B>,
  params: Record<P, number>,
  buffers: Contents,
  constants: Constants,
): Record<B, Float64Array | Uint32Array> {
  const arrays = mapValues(buffers, (content, name) => {
    const array = withPoison(content, 0)
    const isResult = (kernel.writes as readonly string[]).includes(name)
    return isResult && array instanceof Float32Array ? Float64Array.from(array) : array
  })
  kernel.reference(params, arrays as Record<B, F32OrU32>, constants)
  return arrays as Record<B, Float64Array | Uint32Array>
}

async function onDevice(machine: GpuMachine, command: Command, contents: Contents): Promise<Record<string, F32OrU32>> {
  const names = mapValues(contents, (_, binding) => binding)
  const plan = [{ ...command, buffers: names }]
  writesAreDeclared(plan[0])
  machine.allocate(Object.fromEntries(Object.keys(contents).map((b) => [names[b], guarded(contents[b])])))
  for (const [binding, content] of Object.entries(contents)) machine.write(names[binding], withPoison(content, guard))
  await machine.prepare(plan)
  machine.run(plan)
  const read: Record<string, F32OrU32> = {}
  for (const binding of command.kernel.writes.filter((name) => name in contents)) {
    const all = await machine.read(names[binding])
    const { length } = contents[binding]
    assert.ok(all.subarray(length).every(isPoison), `${command.kernel.name} writes past the end of ${binding}`)
    read[binding] = all.subarray(0, length)
  }
  machine.release()
  return read
}

const checked = new Set<string>()

/** The host half's `writes` are the bindings that the shader may write. */
function writesAreDeclared(command: Command): void {
  const variant = JSON.stringify([command.kernel.name, command.constants])
  if (checked.has(variant)) return
  checked.add(variant)
  const { face } = specialise(command, 64)
  const writable = face.buffers.filter((buffer) => buffer.access === 'read_write').map((buffer) => buffer.name)
  const declared = command.kernel.writes.filter((name) => face.buffers.some((buffer) => buffer.name === name))
  assert.equal(writable.sort(), [...declared].sort(), `${command.kernel.name}: writes`)
}

function guarded(content: Content): BufferSpec {
  return { type: typeOf(content), length: content.length + guard }
}

function typeOf(content: Content): 'f32' | 'u32' {
  if (!ArrayBuffer.isView(content)) return content.type
  return content instanceof Float32Array ? 'f32' : 'u32'
}

/** The content with `extra` poisoned elements after it; poison alone where there is only a size. */
function withPoison(content: Content, extra: number): F32OrU32 {
  const length = content.length + extra
  const array =
    typeOf(content) === 'f32' ? new Float32Array(length).fill(NaN) : new Uint32Array(length).fill(poisonWord)
  if (ArrayBuffer.isView(content)) array.set(content)
  return array
}

function isPoison(value: number): boolean {
  return Number.isNaN(value) || value === poisonWord
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}
