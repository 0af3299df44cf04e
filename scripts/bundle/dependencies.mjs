// The packages that a run may load, and of each the files that it may load: what other platforms, compilers, debuggers
// and readers want stays out. From package-lock.json's copy in node_modules, which says what is installed.
import { readFileSync, readdirSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

const platform = { os: 'linux', cpu: 'x64', libc: 'glibc' }

const unneeded = [
  /\.(map|flow|tsbuildinfo|ts|cts|mts|md|markdown)$/i,
  /(^|\/)(tests?|__tests__|docs|examples?|\.github)\//,
  /(^|\/)(darwin|win32|linux-arm64)[^/]*\//,
]
const licence = /^(licen[cs]e|copying|notice|unlicense)/i

/**
 * Packages that package.json's `dependencies` need, with what these need, for Linux on x64; optional ones of the root
 * (the browser that brings the software adapter) are left out.
 * @returns [{ path: 'node_modules/NAME', name, version, licence: 'MIT', source: address, licences: [texts] }] by path
 */
export function runtimePackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'))
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const found = new Set()
  const add = (from, names) => {
    for (const name of names) {
      const path = resolved(packages, from, name)
      if (path === null || found.has(path) || !fits(packages[path])) continue
      found.add(path)
      add(path, Object.keys({ ...packages[path].dependencies, ...packages[path].optionalDependencies }))
    }
  }
  add('', Object.keys(dependencies))
  const loaded = [...found].sort().filter((path) => runtimeFiles(root, path).length > 0)
  return loaded.map((path) => described(root, path))
}

/** Paths, relative to the package's folder and sorted, of the files that a run may load; none of a package of types. */
export function runtimeFiles(root, path) {
  const files = filesUnder(join(root, path)).filter((file) => !/(^|\/)node_modules\//.test(file))
  const kept = files.filter((file) => !unneeded.some((pattern) => pattern.test(file)) && !licence.test(file))
  return kept.some((file) => /\.([cm]?js|node)$/.test(file)) ? kept : [] // else nothing but types
}

/** Paths below a folder, relative to it, sorted, with forward slashes. */
export function filesUnder(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort()
}

/** Where Node would find package `name` from package `from`; null where it is not installed. */
function resolved(packages, from, name) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = posix.join(folder, 'node_modules', name)
    if (packages[path]) return path
    if (folder === '') return null
  }
}

function fits(entry) {
  return Object.entries(platform).every(([kind, ours]) => !entry[kind] || entry[kind].includes(ours))
}

function described(root, path) {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
  const texts = readdirSync(join(root, path)).filter((file) => licence.test(file))
  const licences = texts.sort().map((file) => readFileSync(join(root, path, file), 'utf8').trim())
  const source = repository?.url ?? repository ?? ''
  return { path, name, version, licence: license ?? 'see below', source, licences }
}
