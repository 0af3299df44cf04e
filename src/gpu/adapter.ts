/**
 * Opens adapters and lists them. The embedded driver is unpacked only when nothing above it on the ladder fits, or when
 * all are to be listed.
 */
import os from 'node:os'
import { InputError, nearest } from '../errors.js'
import { firstAdapter } from './dawn.js'
import { EMBEDDED_PACKAGE } from './embedded.js'
import { embeddedAdapters, systemAdapters, type KnownAdapter } from './ladder.js'

export interface OpenAdapter extends Pick<KnownAdapter, 'rung' | 'name' | 'kind' | 'backend'> {
  readonly software: boolean
  /** For one device; dawn.ts keeps the object that created it referenced, without which Node dies. */
  readonly adapter: GPUAdapter
  /** One line, the first thing a run prints. */
  describe(): string
}

export interface FoundAdapter extends Omit<KnownAdapter, 'gpu'> {
  /** The one that a run takes when none is named. */
  readonly chosen: boolean
}

/**
 * Opens the best adapter, or the first in order of preference whose name contains options.name, in whatever case.
 * @throws InputError: none on this machine, none of that name, a damaged package
 */
export async function openAdapter(options: { name?: string } = {}): Promise<OpenAdapter> {
  const { name } = options
  const fits = (known: KnownAdapter) => name === undefined || contains(known.name, name)
  const inSystem = (await systemAdapters()).find(fits)
  if (inSystem) return open(inSystem)
  const all = await everyAdapter()
  const found = all.find(fits)
  if (found) return open(found)
  throw name === undefined || all.length === 0 ? noAdapter() : unknownAdapter(name, all)
}

/** Every adapter of this machine in order of preference; an empty list where there is none. */
export async function listAdapters(): Promise<FoundAdapter[]> {
  const all = await everyAdapter()
  return all.map(({ gpu: _, ...known }, index) => ({ ...known, chosen: index === 0 }))
}

/** What to say when there is nothing to run on: one line, with the way out. */
export function noAdapter(platform: string = process.platform, arch: string = process.arch): InputError {
  const embedded =
    platform === 'linux' && arch === 'x64' ? `run 'npm i ${EMBEDDED_PACKAGE}' (software, 73 MB), or ` : ''
  const driver = platform === 'linux' ? 'install a Vulkan driver' : 'install a current graphics driver'
  return new InputError(`found no adapter, expected a GPU or a software one: ${embedded}${driver}`)
}

/** One line that lists those there are. A name is long, so what was typed is held against its parts as well. */
export function unknownAdapter(name: string, found: readonly { name: string; kind: string }[]): InputError {
  const names = found.map((one) => one.name)
  const near = nearest(
    name,
    names.flatMap((one) => partsLike(name, one)),
  )
  const hint = near ? `did you mean '${names.find((one) => contains(one, near))}'? ` : ''
  const list = found.map((one) => `'${one.name}' (${one.kind})`).join(', ')
  return new InputError(`unknown adapter '${name}': ${hint}known: ${list}`)
}

async function everyAdapter(): Promise<KnownAdapter[]> {
  return [...(await systemAdapters()), ...(await embeddedAdapters())]
}

/** A fresh GPUAdapter each time: one is used up by the device made from it. */
async function open(known: KnownAdapter): Promise<OpenAdapter> {
  const { name, backend, kind, rung, gpu } = known
  const adapter = await firstAdapter(gpu)
  if (!adapter) throw new InputError(`adapter '${name}' was found and does not open any more: see 'infoflow adapters'`)
  return { name, backend, kind, rung, software: kind === 'software', adapter, describe: () => describe(known) }
}

function describe({ name, kind, rung, backend }: Pick<KnownAdapter, 'name' | 'kind' | 'rung' | 'backend'>): string {
  if (kind === 'GPU') return `adapter: ${name} - GPU, ${backend}`
  const cores = os.availableParallelism()
  const from = rung === 'embedded' ? 'embedded' : 'system'
  return `adapter: ${name} - software, ${from}, ${cores} CPU ${cores === 1 ? 'core' : 'cores'}`
}

/** The name, its words, and the beginnings of those as long as what was typed: 'swift' for 'swfit'. */
function partsLike(typed: string, name: string): string[] {
  const words = name.split(/[^\w.-]+/).filter((word) => word.length > 2)
  return [name, ...words, ...(typed.length > 3 ? words.map((word) => word.slice(0, typed.length)) : [])]
}

function contains(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase())
}
