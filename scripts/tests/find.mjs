// Which test files a run takes.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Sorted paths of the *.test.ts files below `dir`: those in dir/long if `long`, else the others; by `patterns`. */
export function findTests(dir, { long, patterns }) {
  if (!existsSync(dir)) return []
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  const tests = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  const paths = tests
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
  return paths.filter((path) => isLong(dir, path) === long && matches(path, patterns)).sort()
}

function isLong(dir, path) {
  return relative(dir, path).split(sep)[0] === 'long'
}

function matches(path, patterns) {
  return patterns.length === 0 || patterns.some((pattern) => path.split(sep).join('/').includes(pattern))
}
