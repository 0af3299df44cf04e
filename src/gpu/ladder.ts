/**
 * The ladder of adapters, top first: a hardware GPU, the system's own software (lavapipe), the embedded SwiftShader.
 * The system and the embedded driver are asked apart, each with an environment that shows Dawn its drivers only: that
 * works with every version of the Vulkan loader, and says where an adapter comes from. Each is asked once a process:
 * a Dawn instance costs time, and some drivers make it print warnings.
 */
import { InputError } from '../errors.js'
import { adapterNames, createGpu, firstAdapter } from './dawn.js'
import { unpackEmbedded } from './embedded.js'
import { loadFailure, onlyDriver, systemEnvironment, systemManifests, withEnvironment } from './vulkan.js'

const RUNGS = ['hardware', 'system-software', 'embedded'] as const
export type Rung = (typeof RUNGS)[number]

/** The limits that decide what fits: bytes, invocations, counts. A device asks for all that its adapter has of them. */
export const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxStorageBuffersPerShaderStage',
] as const
export type Limit = (typeof LIMITS)[number]

/** The features that matter to a run or to whoever compares adapters. */
export const FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const

export interface KnownAdapter {
  /** As the driver calls it, e.g. 'SwiftShader Device (Subzero)'. */
  readonly name: string
  /** A software adapter is never called a GPU. */
  readonly kind: 'GPU' | 'software'
  /** vulkan, metal or d3d12. */
  readonly backend: string
  readonly rung: Rung
  /** Those of FEATURES that it has. */
  readonly features: string[]
  readonly limits: Record<Limit, number>
  /** The Dawn instance that selects this adapter. */
  readonly gpu: GPU
}

/** Adapters of the machine's own drivers, hardware first. */
export const systemAdapters = once(findSystem)

/** The packaged software adapter, or none. @throws InputError: a damaged package, no folder to unpack it in */
export const embeddedAdapters = once(findEmbedded)

/** The flag decides; the names stand by, because a software adapter called a GPU would spoil every time reported. */
export function isSoftware(name: string, adapter: { info: { isFallbackAdapter?: boolean } }): boolean {
  return adapter.info.isFallbackAdapter === true || /llvmpipe|lavapipe|swiftshader|basic render/i.test(name)
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined
  return () => {
    found ??= find().catch((error) => {
      found = undefined
      throw error
    })
    return found
  }
}

async function findSystem(): Promise<KnownAdapter[]> {
  if (process.platform === 'darwin') return find('metal', {}, false)
  if (process.platform === 'win32') return find('d3d12', {}, false)
  if (systemManifests().length === 0) return []
  if (loadFailure('libvulkan.so.1') !== null) {
    const packaged = unpackEmbedded() // a driver and no loader: the packaged one serves it
    if (!packaged || loadFailure(packaged.loader) !== null) return []
  }
  return find('vulkan', systemEnvironment(), false)
}

async function findEmbedded(): Promise<KnownAdapter[]> {
  const packaged = unpackEmbedded()
  if (!packaged) return []
  const failure = loadFailure('libvulkan.so.1') && loadFailure(packaged.loader)
  if (failure) {
    const way = 'set INFOFLOW_CACHE to a folder that code may be loaded from'
    throw new InputError(`the packaged Vulkan loader does not load: ${failure}: ${way}`)
  }
  return find('vulkan', onlyDriver(packaged.manifest), true)
}

/** What the drivers of this environment offer, hardware first; one that Dawn lists and then refuses is left out. */
async function find(backend: string, env: Record<string, string>, isEmbedded: boolean): Promise<KnownAdapter[]> {
  const names = await withEnvironment(env, () => adapterNames(backend))
  const known: KnownAdapter[] = []
  for (const name of names) {
    const gpu = createGpu(`backend=${backend}`, `adapter=${name}`)
    const adapter = await withEnvironment(env, () => firstAdapter(gpu)).catch(() => null)
    if (adapter) known.push(classify({ name, backend, gpu }, adapter, isEmbedded))
  }
  return known.sort((a, b) => RUNGS.indexOf(a.rung) - RUNGS.indexOf(b.rung))
}

function classify(
  found: Pick<KnownAdapter, 'name' | 'backend' | 'gpu'>,
  adapter: GPUAdapter,
  isEmbedded: boolean,
): KnownAdapter {
  const software = isEmbedded || isSoftware(found.name, adapter)
  return {
    ...found,
    kind: software ? 'software' : 'GPU',
    rung: isEmbedded ? 'embedded' : software ? 'system-software' : 'hardware',
    features: FEATURES.filter((feature) => adapter.features.has(feature)),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])) as Record<Limit, number>,
  }
}
