/**
 * The ladder of adapters: a hardware GPU, then the system's own software (lavapipe), then the embedded SwiftShader.
 * The system is asked first and the embedded driver unpacked only when it is needed, or when all are to be listed.
 */
import os from 'node:os'
import { InputError, nearest } from '../errors.js'
import { adapterNames, requestAdapter, type AdapterName } from './dawn.js'
import { EMBEDDED_PACKAGE, unpackEmbedded, type Embedded } from './embedded.js'
import { loadLibrary, onlyDriver, systemEnvironment, systemManifests, withEnvironment } from './vulkan.js'

export type Rung = 'hardware' | 'system-software' | 'embedded'
const RUNGS: readonly Rung[] = ['hardware', 'system-software', 'embedded']

export interface OpenAdapter {
  readonly rung: Rung
  /** As the driver calls it, e.g. 'SwiftShader Device (Subzero)'. */
  readonly name: string
  /** A software adapter is never called a GPU. */
  readonly kind: 'GPU' | 'software'
  /** vulkan, metal or d3d12. */
  readonly backend: string
  readonly software: boolean
  /** Its creator is kept referenced by dawn.ts. */
  readonly adapter: GPUAdapter
  /** One line, the first thing a run prints. */
  describe(): string
}

/** The limits that decide what fits: bytes, except invocations, sizes and counts. A device asks for all an adapter has of them. */
export const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxStorageBuffersPerShaderStage'
] as const
export type Limit = (typeof LIMITS)[number]

/** The features that matter; a device asks for the first two where they are offered. */
export const FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const

export interface FoundAdapter {
  readonly name: string
  readonly kind: 'GPU' | 'software'
  readonly backend: string
  readonly rung: Rung
  /** Those of FEATURES that it has. */
  readonly features: string[]
  readonly limits: Record<Limit, number>
  /** The one a run takes when none is named. */
  readonly chosen: boolean
}

/**
 * Opens the best adapter, or the first in order of preference whose name contains options.name, in whatever case.
 * @throws InputError: none on this machine, or none of that name
 */
export async function openAdapter(options: { name?: string } = {}): Promise<OpenAdapter> {
  const { name } = options
  const fits = (found: OpenAdapter) => name === undefined || contains(found.name, name)
  const system = await findSystem()
  const first = system.find(fits)
  if (first) return first
  const all = [...system, ...(await findEmbedded())]
  const chosen = all.find(fits)
  if (chosen) return chosen
  if (all.length === 0) throw noAdapter()
  throw unknownAdapter(name!, all)
}

/** Every adapter of this machine in order of preference; an empty list where there is none. */
export async function listAdapters(): Promise<FoundAdapter[]> {
  const all = [...(await findSystem()), ...(await findEmbedded())]
  return all.map(({ name, kind, backend, rung, adapter }, index) => ({
    name,
    kind,
    backend,
    rung,
    features: FEATURES.filter(feature => adapter.features.has(feature)),
    limits: Object.fromEntries(LIMITS.map(limit => [limit, adapter.limits[limit]])) as Record<Limit, number>,
    chosen: index === 0
  }))
}

/** What to say when there is nothing to run on: one line, with the way out. */
export function noAdapter(): InputError {
  const software = process.platform === 'linux' && process.arch === 'x64'
  const embedded = software ? `run 'npm i ${EMBEDDED_PACKAGE}' (software, 73 MB), or ` : ''
  const driver = process.platform === 'linux' ? 'install a Vulkan driver' : 'update the graphics driver'
  return new InputError(`no adapter found, expected a GPU or a software adapter: ${embedded}${driver}`)
}

/** One line that lists those there are. A name is long, so what was typed is held against its words as well. */
export function unknownAdapter(name: string, found: readonly { name: string; kind: string }[]): InputError {
  const names = found.map(one => one.name)
  const words = names.flatMap(one => [one, ...one.split(/[^\w.-]+/).filter(Boolean)])
  const near = nearest(name, words)
  const hint = near ? `did you mean '${names.find(one => contains(one, near))}'? ` : ''
  const list = found.map(one => `'${one.name}' (${one.kind})`).join(', ')
  return new InputError(`--adapter: found none whose name contains '${name}': ${hint}Here are: ${list}`)
}

async function findSystem(): Promise<OpenAdapter[]> {
  if (process.platform === 'darwin') return find('metal', {}, false)
  if (process.platform === 'win32') return find('d3d12', {}, false)
  if (systemManifests().length === 0) return []
  if (!loadLibrary('libvulkan.so.1') && !loadEmbeddedLoader()) return []
  return find('vulkan', systemEnvironment(), false)
}

/** The packaged loader, for a machine that has a driver but no loader. */
function loadEmbeddedLoader(): boolean {
  const embedded = unpackEmbedded()
  return embedded !== null && loadLibrary(embedded.loader)
}

async function findEmbedded(embedded: Embedded | null = unpackEmbedded()): Promise<OpenAdapter[]> {
  if (!embedded) return []
  if (!loadLibrary('libvulkan.so.1') && !loadLibrary(embedded.loader)) return []
  return find('vulkan', onlyDriver(embedded.manifest), true)
}

async function find(backend: string, env: Record<string, string>, embedded: boolean): Promise<OpenAdapter[]> {
  const names = await withEnvironment(env, () => adapterNames(backend))
  const opened: OpenAdapter[] = []
  for (const found of names) {
    const flags = [`backend=${backend}`, `adapter=${found.name}`]
    const adapter = await withEnvironment(env, () => requestAdapter(...flags)).catch(() => null)
    if (adapter) opened.push(wrap(found, adapter, embedded))
  }
  return opened.sort((a, b) => RUNGS.indexOf(a.rung) - RUNGS.indexOf(b.rung))
}

function wrap({ name, backend }: AdapterName, adapter: GPUAdapter, embedded: boolean): OpenAdapter {
  const software = embedded || isSoftware(name, adapter)
  const rung = embedded ? 'embedded' : software ? 'system-software' : 'hardware'
  const kind = software ? 'software' : 'GPU'
  const cores = os.availableParallelism()
  const where = `${rung === 'embedded' ? 'embedded' : 'system'}, ${cores} CPU ${cores === 1 ? 'core' : 'cores'}`
  const describe = () => `adapter: ${name} - ${software ? `software, ${where}` : `GPU, ${backend}`}`
  return { rung, name, kind, backend, software, adapter, describe }
}

/** The flag decides; the names are there because calling a software adapter a GPU would spoil every time that is reported. */
export function isSoftware(name: string, adapter: { info: { isFallbackAdapter?: boolean } }): boolean {
  return adapter.info.isFallbackAdapter === true || /llvmpipe|lavapipe|swiftshader|basic render|warp/i.test(name)
}

function contains(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase())
}
