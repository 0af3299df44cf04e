/**
 * A mistake in what came from outside: an option, a file, a name, the machine's environment.
 * Shown as one line (place, what was found, what was expected, what to do), exit code 2, no stack trace.
 * Every other exception is our fault: exit code 1 and a way to report it.
 *
 * Messages quote files, and files are of anybody's making: what a terminal would obey instead of print is escaped here, once,
 * for all of them.
 */
export class InputError extends Error {
  override readonly name = 'InputError'

  constructor(message: string) {
    super(message.slice(0, longest).replace(obeyed, escaped))
  }
}

const longest = 20_000
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu
const escaped = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`

/**
 * The candidate nearest to a mistyped name (Levenshtein distance at most a third of its length, or 2), else null. No two names are
 * nearer than their lengths, so that names of megabytes, out of anybody's file, cost nothing.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** One line for a name that is not among the known ones: "unknown kernel 'x': did you mean 'y'? Known: …". */
export function unknownName(what: string, name: string, known: readonly string[]): InputError {
  const near = nearest(name, known)
  return new InputError(
    `unknown ${what} '${name}': ${near ? `did you mean '${near}'? ` : ''}known: ${known.join(', ')}`,
  )
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}
