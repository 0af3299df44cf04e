/**
 * The one place that touches the webgpu package. Node dies (SIGSEGV, futex errors) when an object that create() returned is collected while
 * a device made from it lives, so each is kept here for the life of the process: there are few, one for each adapter that was asked for.
 * Never on globalThis.navigator: Node would not exit.
 */
import { create, globals } from 'webgpu'

Object.assign(globalThis, globals) // GPUBufferUsage, GPUMapMode and the like

const kept: GPU[] = []

/** allow_unsafe_apis: timestamps in full resolution instead of steps of 100 us. */
const DAWN_FEATURES = 'enable-dawn-features=allow_unsafe_apis'

export interface AdapterName {
  readonly backend: string
  readonly name: string
}

/** The first adapter that these flags of dawn.node ('backend=vulkan', 'adapter=NAME') select, or null. */
export function requestAdapter(...flags: string[]): Promise<GPUAdapter | null> {
  const gpu = create([...flags, DAWN_FEATURES])
  kept.push(gpu)
  return gpu.requestAdapter({ powerPreference: 'high-performance' })
}

/** Every adapter of a backend, in Dawn's order. Dawn tells them only in the error for an adapter that is not there. */
export async function adapterNames(backend: string): Promise<AdapterName[]> {
  const message = await requestAdapter(`backend=${backend}`, 'adapter=?').then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error))
  )
  return [...message.matchAll(/^ \* backend: '(.*?)', name: '(.*)'$/gm)].map(([, backend, name]) => ({ backend, name }))
}
