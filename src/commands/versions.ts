import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, both from src/ and from dist/. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Of what numbers depend on, beside the adapter: infoflow itself, Node, and Dawn by way of the webgpu package. */
export function versions(): Record<'infoflow' | 'node' | 'webgpu', string> {
  return { infoflow: versionIn(`${packageFolder}/package.json`), node: process.versions.node, webgpu: webgpuVersion() }
}

function webgpuVersion(): string {
  try {
    return versionIn(createRequire(import.meta.url).resolve('webgpu/package.json'))
  } catch {
    return 'missing'
  }
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(path, 'utf8')).version
}
