/**
 * What Dawn needs on Linux to find a Vulkan driver: the loader libvulkan.so.1 in this process, and driver manifests.
 *
 * Dawn dlopens the loader by its bare name. A machine may have drivers and no loader (NVIDIA containers), or neither.
 * A library already in the process answers to its soname, so the packaged loader is loaded here by path, and Dawn finds
 * that one: no copy beside dawn.node, which may be read-only, and no second process with LD_LIBRARY_PATH.
 * process.dlopen is the only dlopen Node has; it throws, because the loader is no Node module, and closes the library
 * again, which RTLD_NODELETE forbids.
 */
import { readdirSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'

const RTLD_NODELETE = 0x1000 // glibc's; not among os.constants.dlopen

/** Where container runtimes mount NVIDIA's driver; the Vulkan loader does not look there by itself. */
const OUTSIDE_LOADER_PATH = ['/usr/local/nvidia/share/vulkan/icd.d']

/** Loads a shared library for good, by path or bare name. Null, or why it does not load. */
export function loadFailure(file: string): string | null {
  try {
    process.dlopen({ exports: {} }, file, os.constants.dlopen.RTLD_NOW | RTLD_NODELETE)
    return null
  } catch (error) {
    const { message } = error as Error
    return message.includes('did not self-register') ? null : message
  }
}

/** Driver manifests the loader would read, or should: without any, asking Dawn only prints its warnings. */
export function systemManifests(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES
  if (named) return named.split(':')
  const home = env.HOME ?? ''
  const bases = [
    env.XDG_CONFIG_HOME || join(home, '.config'),
    ...(env.XDG_CONFIG_DIRS || '/etc/xdg').split(':'),
    '/etc',
    env.XDG_DATA_HOME || join(home, '.local/share'),
    ...(env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':'),
  ]
  const folders = [...bases.map((base) => join(base, 'vulkan/icd.d')), ...OUTSIDE_LOADER_PATH]
  return [...(env.VK_ADD_DRIVER_FILES?.split(':') ?? []), ...folders.flatMap(manifestsIn)]
}

/** Environment for the system's own drivers: theirs as it is, plus those the loader would overlook. */
export function systemEnvironment(): Record<string, string> {
  const overlooked = OUTSIDE_LOADER_PATH.flatMap(manifestsIn)
  if (overlooked.length === 0) return {}
  const added = process.env.VK_ADD_DRIVER_FILES
  return { VK_ADD_DRIVER_FILES: [...(added ? [added] : []), ...overlooked].join(':') }
}

/** Environment for one driver and no other; the second name is for loaders before 1.3.207. */
export function onlyDriver(manifest: string): Record<string, string> {
  return { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest }
}

/** Runs with these environment variables and puts the old ones back. Synchronous, so that no two of them interleave. */
export function withEnvironment<T>(variables: Record<string, string>, run: () => T): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  try {
    return run()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

function manifestsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
