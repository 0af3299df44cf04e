/**
 * The one place that touches the webgpu package. Node dies (SIGSEGV, futex errors) when an object that create()
 * returned is collected while a device made from it lives, so each is kept here for the life of the process: there are
 * few, one or two for each adapter found. Never on globalThis.navigator: Node would not exit.
 */
import { create, globals } from 'webgpu'

Object.assign(globalThis, globals) // GPUBufferUsage, GPUMapMode and the like

const kept: GPU[] = []

/** Timestamps in full resolution: else Dawn rounds them to steps of 66 us. */
const DAWN_FEATURES = ['enable-dawn-features=allow_unsafe_apis', 'disable-dawn-features=timestamp_quantization']

/** A Dawn instance; flags are dawn.node's own: 'backend=vulkan', 'adapter=PART OF NAME'. */
export function createGpu(...flags: string[]): GPU {
  const gpu = create([...flags, ...DAWN_FEATURES])
  kept.push(gpu)
  return gpu
}

/** The first adapter that the instance's flags select, or null. The first call looks for drivers before it returns. */
export function firstAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  return gpu.requestAdapter({ powerPreference: 'high-performance' })
}

/** Names of a backend's adapters, in Dawn's order. It tells them only in its error for an adapter that is not there. */
export async function adapterNames(backend: string): Promise<string[]> {
  const message = await firstAdapter(createGpu(`backend=${backend}`, 'adapter=?')).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return [...message.matchAll(/^ \* backend: '.*?', name: '(.*)'$/gm)].map((match) => match[1])
}
