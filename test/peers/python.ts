/** Pythons with a package, for tests beside other people's programs. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first python3 on the PATH that imports `module`, which need not be the first python3; else why there is none. */
export function findPython(module: string, debian: string): { python: string | null; reason: string } {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const pythons = folders.map((folder) => join(folder, 'python3')).filter((path) => existsSync(path))
  if (pythons.length === 0) return { python: null, reason: 'no python3 on the PATH' }
  const python = pythons.find((path) => spawnSync(path, ['-c', `import ${module}`]).status === 0)
  return { python: python ?? null, reason: `no python3 on the PATH has ${module} (Debian: ${debian})` }
}
