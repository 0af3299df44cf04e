/**
 * Runs plans on a WebGPU device. Pipelines are built once per specialised shader, bind groups once per command; a step
 * then costs encoding only. Parameters of all commands of a plan lie in one uniform buffer.
 */
import { InputError } from '../errors.js'
import type { OpenDevice } from '../gpu/device.js'
import { packParameters, type Interface } from '../gpu/reflect.js'
import { compileShader, type Shader } from '../gpu/shader.js'
import type { Listed, Numbers, Workgroups } from '../kernels/kernel.js'
import type { BufferSpec, Command, Machine, Plan } from '../plan.js'
import { checkCommand, checkRange, hostArray, specialise } from './check.js'
import { dozing } from './dozing.js'
import type { PassTimer } from './pass-timer.js'

interface Held {
  gpu: GPUBuffer
  spec: BufferSpec
}

interface Encoded {
  pipeline: GPUComputePipeline
  bindings: GPUBindGroup
  workgroups: Workgroups
}

interface Pipeline {
  pipeline: GPUComputePipeline
  layout: GPUBindGroupLayout
  face: Interface
}

const uniformStride = 256

function start(pass: GPUComputePassEncoder, { pipeline, bindings, workgroups }: Encoded): void {
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindings)
  pass.dispatchWorkgroups(...workgroups)
}

function tooLarge(
  name: string,
  bytes: number,
  why: string,
  { lower = 'the number of inputs' }: BufferSpec,
): InputError {
  return new InputError(`buffer '${name}' needs ${bytesText(bytes)}: ${why}: lower ${lower}`)
}

const bytesText = (bytes: number) => (bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`)

export class GpuMachine implements Machine {
  readonly name: string
  readonly software: boolean
  readonly device: GPUDevice
  /** While it is set, every dispatch has a pass of its own, whose times are noted. */
  timer: PassTimer | null = null
  readonly #open: OpenDevice
  /** Lanes that one instruction computes; 4 where the adapter does not tell. */
  readonly #simd: number
  readonly #buffers = new Map<string, Held>()
  readonly #pipelines = new Map<string, Promise<Pipeline>>()
  readonly #plans = new Map<Plan, Encoded[]>()
  readonly #staging: GPUBuffer[] = []
  /** When it is known of all buffers whether they got their memory; the first that did not. */
  #allocated: Promise<void> = Promise.resolve()
  #lacking: InputError | null = null

  constructor(open: OpenDevice) {
    this.#open = open
    this.device = open.device
    this.name = open.adapter.name
    this.software = open.adapter.software
    this.#simd = open.device.adapterInfo.subgroupMinSize || 4
  }

  allocate(buffers: Record<string, BufferSpec>): void {
    for (const [name, spec] of Object.entries(buffers)) {
      if (this.#buffers.has(name)) throw new Error(`the buffer '${name}' exists already`)
      const size = Math.max(4, spec.length * 4)
      const limit = Math.min(this.device.limits.maxStorageBufferBindingSize, this.device.limits.maxBufferSize)
      if (size > limit) throw tooLarge(name, size, `${this.name} allows ${bytesText(limit)}`, spec)
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      this.#buffers.set(name, { gpu: this.#create(name, size, usage, spec), spec })
    }
  }

  /** Where there is no memory for it, an event tells, as of all that goes wrong on the device, and the next preparation. */
  #create(label: string, size: number, usage: number, spec: BufferSpec): GPUBuffer {
    this.device.pushErrorScope('out-of-memory')
    const buffer = this.device.createBuffer({ label, size, usage })
    const lacking = (error: GPUError | null) => {
      if (error === null) return
      this.#lacking ??= tooLarge(label, size, `${this.name} has no memory left for it`, spec)
      this.#open.fail(this.#lacking)
    }
    // of a device that is lost nothing is told here
    const known = this.device.popErrorScope().then(lacking, () => {})
    this.#allocated = this.#allocated.then(() => known)
    return buffer
  }

  release(names: readonly string[] = [...this.#buffers.keys()]): void {
    for (const name of names) {
      this.#held(name).gpu.destroy()
      this.#buffers.delete(name)
    }
    const released = new Set(names)
    const uses = (plan: Plan) => plan.some(({ buffers }) => Object.values(buffers).some((name) => released.has(name)))
    for (const plan of this.#plans.keys()) if (uses(plan)) this.#plans.delete(plan)
  }

  write(buffer: string, data: Numbers, at = 0): void {
    const { gpu, spec } = this.#held(buffer)
    checkRange(buffer, at, data.length, spec.length)
    const wanted = spec.type === 'f32' ? Float32Array : Uint32Array
    const bytes = (data instanceof wanted ? data : wanted.from(data)) as Float32Array<ArrayBuffer>
    this.device.queue.writeBuffer(gpu, at * 4, bytes)
  }

  copy(from: string, at: number, to: string, toAt: number, length: number): void {
    const [source, target] = [this.#held(from), this.#held(to)]
    checkRange(from, at, length, source.spec.length)
    checkRange(to, toAt, length, target.spec.length)
    const encoder = this.device.createCommandEncoder()
    encoder.copyBufferToBuffer(source.gpu, at * 4, target.gpu, toAt * 4, length * 4)
    this.device.queue.submit([encoder.finish()])
  }

  async read(buffer: string, at = 0, length?: number): Promise<Float32Array | Uint32Array> {
    const { gpu, spec } = this.#held(buffer)
    const count = length ?? spec.length - at
    checkRange(buffer, at, count, spec.length)
    const out = hostArray({ type: spec.type, length: count })
    if (out.length === 0) return out
    const staging = this.#stage(buffer, out.byteLength, spec)
    const encoder = this.device.createCommandEncoder()
    encoder.copyBufferToBuffer(gpu, at * 4, staging, 0, out.byteLength)
    this.device.queue.submit([encoder.finish()])
    await this.finish()
    await staging.mapAsync(GPUMapMode.READ, 0, out.byteLength)
    out.set(new (out.constructor as typeof Float32Array)(staging.getMappedRange(0, out.byteLength)))
    staging.unmap()
    this.#staging.push(staging)
    return out
  }

  async prepare(plan: Plan): Promise<void> {
    await this.#allocated
    if (this.#lacking) throw this.#lacking
    if (this.#plans.has(plan)) return
    const pipelines = await Promise.all(plan.map((command) => this.#pipeline(command)))
    plan.forEach((command, i) => checkCommand(command, pipelines[i].face, this.#buffers))
    const uniforms = this.device.createBuffer({
      label: 'params',
      size: Math.max(1, plan.length) * uniformStride,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    })
    const bytes = new ArrayBuffer(plan.length * uniformStride)
    plan.forEach(({ kernel, params }, i) =>
      packParameters(kernel.name, pipelines[i].face, params, new DataView(bytes, i * uniformStride, uniformStride)),
    )
    this.device.queue.writeBuffer(uniforms, 0, bytes)
    this.#plans.set(
      plan,
      plan.map((command, i) => this.#encode(command, pipelines[i], uniforms, i * uniformStride)),
    )
  }

  run(plan: Plan, times = 1, listed?: Listed): void {
    const commands = this.#plans.get(plan)
    if (!commands) throw new Error('this plan was not prepared')
    const encoder = this.device.createCommandEncoder()
    if (this.timer) {
      const { timer } = this
      for (let i = 0; i < times; i++) {
        commands.forEach((command, k) => {
          const pass = timer.begin(encoder, plan[k], listed)
          start(pass, command)
          pass.end()
        })
      }
    } else {
      const pass = encoder.beginComputePass()
      for (let i = 0; i < times; i++) for (const command of commands) start(pass, command)
      pass.end()
    }
    this.device.queue.submit([encoder.finish()])
  }

  async finish(): Promise<void> {
    await dozing(this.device.queue.onSubmittedWorkDone())
  }

  destroy(): void {
    this.#open.destroy()
  }

  #held(name: string): Held {
    const found = this.#buffers.get(name)
    if (!found) throw new Error(`no buffer '${name}'`)
    return found
  }

  /** A readback buffer that no other read is using: one for each read in flight, kept for the next. */
  #stage(buffer: string, bytes: number, spec: BufferSpec): GPUBuffer {
    const fit = this.#staging.findIndex((free) => free.size >= bytes)
    if (fit >= 0) return this.#staging.splice(fit, 1)[0]
    this.#staging.pop()?.destroy()
    return this.#create(`${buffer}, read back`, bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST, spec)
  }

  #workgroup(command: Command): number {
    const { workgroup } = command.kernel
    if (!workgroup) return 64
    if (!this.software) return workgroup.hardware
    return workgroup.software === 'simd' ? this.#simd : workgroup.software
  }

  #pipeline(command: Command): Promise<Pipeline> {
    const key = JSON.stringify([command.kernel.name, command.constants])
    let made = this.#pipelines.get(key)
    if (!made) this.#pipelines.set(key, (made = this.#build(specialise(command, this.#workgroup(command)))))
    return made
  }

  async #build({ shader, face }: { shader: Shader; face: Interface }): Promise<Pipeline> {
    const module = await compileShader(this.device, shader)
    const entries: GPUBindGroupLayoutEntry[] = face.buffers.map(({ binding, access }) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
    }))
    entries.push({ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } })
    const layout = this.device.createBindGroupLayout({ label: shader.stem, entries })
    const pipeline = await this.device.createComputePipelineAsync({
      label: shader.stem,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    })
    return { pipeline, layout, face }
  }

  #encode(command: Command, { pipeline, layout, face }: Pipeline, uniforms: GPUBuffer, offset: number): Encoded {
    const entries: GPUBindGroupEntry[] = face.buffers.map(({ name, binding }) => ({
      binding,
      resource: { buffer: this.#held(command.buffers[name]).gpu },
    }))
    entries.push({ binding: 0, resource: { buffer: uniforms, offset, size: face.parameterBytes } })
    const workgroups = command.kernel.workgroups(command.params, this.#workgroup(command), command.constants)
    return {
      pipeline,
      bindings: this.device.createBindGroup({ label: command.kernel.name, layout, entries }),
      workgroups,
    }
  }
}
