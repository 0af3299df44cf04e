// Dependencies. npm itself notes what it installed in node_modules/.package-lock.json, so no marker of our own is
// needed: what was installed by hand counts too, and an install cut short (no note, or an old one) does not.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './quiet.mjs'

/** Whether every package of package-lock.json lies in node_modules at its locked version (optional ones may lack). */
export function installIsCurrent(root) {
  const wanted = packages(join(root, 'package-lock.json'))
  const found = packages(join(root, 'node_modules/.package-lock.json'))
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const installed = found[path]
    if (!installed) return Boolean(entry.optional)
    return same(installed, entry) && existsSync(join(root, path))
  })
}

/** Installs exactly what package-lock.json says. */
export function install(root, say) {
  const first = !existsSync(join(root, 'node_modules'))
  say(`installing dependencies (npm ci)${first ? ', once: some minutes on a slow line' : ', they have changed'}`)
  npm(root, ['ci', '--include=dev', '--no-audit', '--no-fund'], 2)
}

function same(a, b) {
  return a.version === b.version && a.integrity === b.integrity
}

function packages(file) {
  if (!existsSync(file)) return {}
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
