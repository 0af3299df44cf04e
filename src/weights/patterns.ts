/**
 * Paths with `*` and `?` (any characters, one character of a name) and `**` (folders of any depth), expanded here
 * because quotes keep a shell from it, and Windows' shell never does it. Few lines in place of a dependency: nothing
 * else is needed in such paths, and what exists under a name is taken by its letters.
 */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, parse, sep } from 'node:path'

/**
 * What exists under that name, else what matches it, sorted; names that begin with a dot only where the pattern does.
 * @param folder that the pattern is relative to, and that is put in front
 */
export function matching(pattern: string, folder = ''): string[] {
  const whole = join(folder, pattern)
  if (existsSync(whole)) return [whole]
  const { root } = parse(pattern)
  const parts = pattern.slice(root.length).split(sep === '/' ? '/' : /[\\/]/)
  const told = parts.filter((part, i) => part !== '' && (part !== '**' || parts[i - 1] !== '**'))
  return [...new Set(expand(root || folder, told))].sort()
}

function expand(folder: string, [part, ...rest]: string[]): string[] {
  if (part === undefined) return existsSync(folder) ? [folder] : []
  if (part === '**')
    return [...expand(folder, rest), ...foldersIn(folder).flatMap((one) => expand(one, [part, ...rest]))]
  if (!/[*?]/.test(part)) {
    const path = join(folder, part)
    return existsSync(path) ? expand(path, rest) : []
  }
  return entries(folder)
    .filter((name) => matches(part, name))
    .flatMap((name) => expand(join(folder, name), rest))
}

function matches(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`, 'su').test(name)
}

/** Links are not followed: they could lead round in a circle. */
function foldersIn(folder: string): string[] {
  const real = (name: string) => !name.startsWith('.') && isRealFolder(join(folder, name))
  return entries(folder)
    .filter(real)
    .map((name) => join(folder, name))
}

const isRealFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Empty where there is no such folder, or none that may be read. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder || '.').sort()
  } catch {
    return []
  }
}

export const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The last folder on the way of a path or pattern that exists, and the names in it. */
export function whatLiesAt(pattern: string): { folder: string; names: string[] } {
  let folder = pattern
  while ((/[*?]/.test(folder) || !isFolder(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return { folder, names: entries(folder) }
}
