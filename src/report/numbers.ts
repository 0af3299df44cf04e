/**
 * How numbers and foreign text are written for a person: fixed decimals, so that columns line up; '-' for what a run
 * has no value for; and no text from data reaches a terminal with its control characters alive.
 */

/** Fixed decimals; '-' for null or a number that is not finite. */
export function fixed(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-'
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** '2.5134 ± 0.0312'; a half width that rounds to zero is '<0.0001', one that is not known leaves the value alone. */
export function withMargin(value: number | null, half: number | null, digits = 4): string {
  const centre = fixed(value, digits)
  if (centre === '-' || half === null || !Number.isFinite(half)) return centre
  const margin = fixed(half, digits)
  const tiny = half > 0 && Number(margin) === 0
  return `${centre} ± ${tiny ? `<${(10 ** -digits).toFixed(digits)}` : margin}`
}

/** Nats to bits; null stays null. */
export function bits(nats: number | null): number | null {
  return nats === null ? null : nats / Math.LN2
}

/** A share as '97.6 %'; '-' for null. */
export function percent(share: number | null, digits = 1): string {
  const text = fixed(share === null ? null : 100 * share, digits)
  return text === '-' ? text : `${text} %`
}

/** Seconds as '0.42 s', '12.3 s', '3 min 05 s' or '1 h 02 min'. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-'
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

/** Seconds as a clock, '0:42' or '1:02:03', for lines that are drawn again and again. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`
}

/** '3 rows', '1 row'. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Whole numbers in ascending order, three and more in a row as 'first to last': '0 to 5, 8, 9'. */
export function ranges(numbers: Iterable<number>): string {
  const runs: [number, number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && number === run[1] + 1) run[1] = number
    else runs.push([number, number])
  }
  return runs
    .map(([from, to]) => (to - from === 1 ? `${from}, ${to}` : from < to ? `${from} to ${to}` : from))
    .join(', ')
}

/** Text from outside, safe for a terminal and for XML: control, bidirectional and unpaired characters are escaped. */
export function visible(text: string): string {
  const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu
  return text.replace(harmful, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/** Words broken into lines of at most `width` characters; lines after the first begin with `indent` spaces. */
export function wrapped(text: string, width = 80, indent = 0): string {
  const [first, ...words] = text.trim().split(/ +/)
  const lines = [' '.repeat(Math.max(0, text.search(/\S/))) + first]
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`
    if (longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(' '.repeat(indent) + word)
  }
  return lines.join('\n')
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
