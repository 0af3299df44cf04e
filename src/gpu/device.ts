/**
 * A device with everything its adapter can give: WebGPU's defaults (128 MiB bindings, 16 KiB of workgroup memory) are
 * far below what the kernels can use. What goes wrong in a device is told by events only: with nobody listening, a run
 * would go on and write wrong numbers.
 */
import { InputError } from '../errors.js'
import { openAdapter, type OpenAdapter } from './adapter.js'
import { createGpu, firstAdapter } from './dawn.js'
import { LIMITS } from './ladder.js'

export interface OpenDevice {
  readonly adapter: OpenAdapter
  readonly device: GPUDevice
  /** Tells whoever opened it what went wrong on it. */
  fail(error: Error): void
  destroy(): void
}

/** The device is gone: nothing on it can be used or read any more. No fault of what ran on it. */
export class DeviceLostError extends InputError {}

export interface DeviceOptions {
  /** Part of an adapter's name, in any case; the best adapter when absent. */
  name?: string
  /** Asked for where the adapter has them; look at device.features for what was given. */
  features?: readonly GPUFeatureName[]
  /** Told of errors that no error scope caught, and of a lost device. By default the process ends with the error. */
  onError?: (error: Error) => void
}

/**
 * Opens an adapter and a device on it with the adapter's own maxima of LIMITS.
 * @throws InputError: no adapter, none of that name
 */
export async function openDevice(options: DeviceOptions = {}): Promise<OpenDevice> {
  return deviceOf(await openAdapter(options), options)
}

/** A device that parses and validates WGSL and pipelines, and runs nothing: no result of it means anything. */
export async function openNullDevice(options: Pick<DeviceOptions, 'onError'> = {}): Promise<OpenDevice> {
  const adapter = await firstAdapter(createGpu('backend=null'))
  if (!adapter) throw new Error('the webgpu package has no null backend')
  const describe = () => 'adapter: none (validation only)'
  const nothing = { rung: 'embedded', name: 'null', kind: 'software', backend: 'null', software: true } as const
  return deviceOf({ ...nothing, adapter, describe }, options)
}

async function deviceOf(open: OpenAdapter, options: DeviceOptions): Promise<OpenDevice> {
  const { adapter } = open
  const wanted = options.features ?? ['timestamp-query', 'subgroups']
  const device = await adapter.requestDevice({
    label: open.name,
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  })
  let given = false
  const onError = options.onError ?? endTheProcess
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault() // Dawn would print it as well
    onError(new Error(`WebGPU: ${event.error.message}`, { cause: event.error }))
  })
  void device.lost.then(({ reason, message }) => {
    if (!given) onError(new DeviceLostError(`${open.name}: the device was lost: ${message || reason}`))
  })
  const destroy = () => {
    given = true
    device.destroy()
  }
  return { adapter: open, device, fail: onError, destroy }
}

function endTheProcess(error: Error): void {
  queueMicrotask(() => {
    throw error
  })
}
