import { openDevice } from '../gpu/device.js'
import { shaderStems } from '../gpu/shader.js'
import type { Machine } from '../plan.js'
import { bisected } from './bisect.js'
import { GpuMachine } from './gpu.js'

export interface MachineOptions {
  /** Part of an adapter's name, in any case; the best adapter of this computer when absent. */
  adapter?: string
  /** Told of errors on the device and of its loss; by default the process ends with the error. */
  onError?: (error: Error) => void
}

/**
 * Opens an adapter and a machine on it; `destroy()` gives both back. With GPU_FROM=<kernel> in the environment it runs
 * the f64 references up to that kernel (machine/bisect.ts).
 * @throws InputError: no adapter, none of that name, no such kernel in GPU_FROM
 */
export async function openMachine({ adapter, onError }: MachineOptions = {}): Promise<Machine> {
  return bisected(new GpuMachine(await openDevice({ name: adapter, onError })), shaderStems())
}
