/**
 * A mistake in what came from outside: an option, a file, a name, the machine's environment.
 * Shown as one line (place, what was found, what was expected, what to do), exit code 2, no stack trace.
 * Every other exception is our fault: exit code 1 and a way to report it.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** The candidate nearest to a mistyped name (Levenshtein distance at most a third of its length, or 2), else null. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
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
