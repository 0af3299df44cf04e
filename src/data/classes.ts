/**
 * Labels as classes 0..C-1. Whole numbers from 0 on are classes already; other whole numbers, strings and booleans become the
 * classes of the training rows in sorted order. What is measured on a scale is no class, and is told so.
 */
import { InputError } from '../errors.js'
import type { Scalar } from '../samples/source.js'
import { listed, missingValue, quoted, shown } from '../samples/wording.js'
import type { LabelRows } from './file-rows.js'

export interface Classes {
  /** Those of the training rows, then those of the test rows. */
  labels: Uint32Array
  classes: number
  /** By class, where a label is not its class already. */
  classNames?: string[]
}

/** Labels below this many are classes without anyone saying how many there are; 2024 is rather a name. */
const mostUnsaid = 1000

/**
 * Numbers ascending, false before true, strings by code point; text among numbers makes all of them strings.
 * @param classes how many there are; by default one more than the largest label, or as many as there are different names
 * @throws InputError at a label that is missing, no class, out of range, or none of those of the training rows
 */
export function classesOf(training: LabelRows, test: LabelRows | null, classes?: number): Classes {
  if (classes !== undefined && !(Number.isInteger(classes) && classes >= 1)) {
    throw new InputError(`data.classes: ${classes}: expected a whole number >= 1`)
  }
  const parts = test ? [training, test] : [training]
  for (const part of parts) each(part, (label, row) => requireClass(label, row, part))
  const names = new Set<Scalar>()
  each(training, (label) => names.add(label))
  const below = classes === undefined ? mostUnsaid : Infinity
  const own = [...names].every((name) => typeof name === 'number' && name >= 0 && name < below)
  return own ? asTheyAre(parts, classes) : named(parts, names, classes)
}

function asTheyAre(parts: LabelRows[], classes?: number): Classes {
  const end = classes ?? mostUnsaid
  let largest = 0
  const labels = translated(parts, (label, row, part) => {
    if (!(typeof label === 'number' && label >= 0 && label < end)) throw outOfRange(label, row, part, end)
    largest = Math.max(largest, label)
    return label
  })
  return { labels, classes: classes ?? largest + 1 }
}

function named(parts: LabelRows[], found: Set<Scalar>, classes?: number): Classes {
  const text = [...found].some((name) => typeof name === 'string')
  const keyOf = text ? String : (label: Scalar) => label
  const names = [...new Set([...found].map(keyOf))].sort((a, b) =>
    text ? byCodePoint(a as string, b as string) : a! < b! ? -1 : 1,
  )
  const classNames = names.map(String)
  if (classes !== undefined && names.length > classes) throw tooMany(classNames, parts[0], classes)
  const codes = new Map(names.map((name, code) => [name, code]))
  const labels = translated(parts, (label, row, part) => {
    const code = codes.get(keyOf(label))
    if (code === undefined) throw unknown(label, row, part, classNames)
    return code
  })
  return { labels, classes: classes ?? names.length, classNames }
}

function each({ portions }: LabelRows, see: (label: Scalar, row: number) => void): void {
  let row = 0
  for (const labels of portions) for (let i = 0; i < labels.length; i++) see(labels[i], row++)
}

function translated(parts: LabelRows[], code: (label: Scalar, row: number, part: LabelRows) => number): Uint32Array {
  const labels = new Uint32Array(parts.reduce((all, { rows }) => all + rows, 0))
  let at = 0
  for (const part of parts) each(part, (label, row) => (labels[at++] = code(label, row, part)))
  return labels
}

function requireClass(label: Scalar, row: number, part: LabelRows): void {
  if (label === null || Number.isNaN(label)) {
    throw new InputError(`${shown(part.path, 400)}: ${missingValue(row, part.column).message}`)
  }
  if (typeof label !== 'number' || Number.isInteger(label)) return
  const expected = 'expected a class: a whole number, a string or a boolean'
  throw wrong(row, part, `${label}: ${expected}; make classes of it (numpy.digitize), or name another column`)
}

/** As Python and every database sort text; JavaScript would put U+1F600 before U+FF5E. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((character, i) => character !== right[i])
  if (at < 0) return left.length - right.length
  return at < right.length ? left[at].codePointAt(0)! - right[at].codePointAt(0)! : 1
}

const wrong = (row: number, { path, column }: LabelRows, what: string) =>
  new InputError(`${shown(path, 400)}: row ${row} of ${shown(column)}: ${what}`)

const outOfRange = (label: Scalar, row: number, part: LabelRows, end: number) =>
  wrong(row, part, `label ${quoted(label)}: expected 0 to ${end - 1}; repair it, or set data.classes`)

const unknown = (label: Scalar, row: number, part: LabelRows, names: string[]) =>
  wrong(row, part, `label ${quoted(label)}: expected one of the training rows' labels (${listed(names)}); repair it`)

const tooMany = (names: string[], { path, column }: LabelRows, classes: number) =>
  new InputError(
    `${shown(path, 400)}: ${names.length} different labels in ${shown(column)} (${listed(names)}): ` +
      `expected ${classes}, as data.classes says; repair them, or set data.classes`,
  )
