/** JSON of infoflow's own files, read as if anybody might have written them. */
import { readFileSync, statSync } from 'node:fs'

/** Of a file, in bytes; and of groups and lists within each other. */
const longest = 2 ** 24
const deepest = 64

/**
 * What the file holds, whatever it is.
 * @throws system errors, SyntaxError, and where that is too much RangeError: more bytes than `most`, numbers without end, groups too deep
 */
export function plainJson(path: string, most = longest): unknown {
  if (!(statSync(path).size <= most)) throw new RangeError(`more than ${most} bytes`)
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (isPlain(value, deepest)) return value
  throw new RangeError(`numbers without end, or groups more than ${deepest} deep`)
}

/** Numbers finite (1e999 is not), and nothing so deep that whoever walks through it falls. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isPlain(inner, depth - 1))
}
