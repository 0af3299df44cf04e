/**
 * The lines that a person reads when samples cannot be read. Names and texts come from files of anybody's making, so
 * what a terminal would obey instead of print is escaped. Rows are counted from 0; readSamples puts the path in front.
 */
import { InputError, nearest } from '../errors.js'

const hostile = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu
const longest = 60
const namesShown = 20

/** A text from outside, fit for a terminal: control and invisible characters escaped, cut after 60 characters. */
export function shown(text: string, length = longest): string {
  const escaped = text.slice(0, length).replace(hostile, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
  return text.length > length ? `${escaped}…` : escaped
}

/** A value of a column as an error shows it. */
export const quoted = (value: unknown) => (typeof value === 'string' ? `'${shown(value)}'` : shown(String(value)))

export const missingValue = (row: number, column: string) =>
  new InputError(`row ${row} of ${shown(column)}: null: expected a value in every row; drop the row or fill it`)

export const missingNumber = (row: number, component: number, column: string) =>
  new InputError(
    `row ${row} of ${shown(column)}: component ${component} is null: expected a number; drop the row or fill it`,
  )

export const notNumber = (row: number, column: string, value: unknown, remedy = 'drop the row or repair it') =>
  new InputError(`row ${row} of ${shown(column)}: ${quoted(value)}: expected a number; ${remedy}`)

export const ragged = (row: number, column: string, found: number, expected: number) =>
  new InputError(
    `row ${row} of ${shown(column)}: ${found} numbers: expected ${expected}, as in the rows before; ` +
      'rows of different widths go into files of their own',
  )

export const emptyList = (row: number, column: string) =>
  new InputError(`row ${row} of ${shown(column)}: an empty list: expected at least one number`)

/** A column that is there but holds the wrong kind of thing. */
export const wrongType = (column: string, type: string, expected: string) =>
  new InputError(`column ${shown(column)} is ${shown(type)}: expected ${expected}`)

/** An array with too many or too few dimensions. */
export const wrongShape = (shape: readonly number[], name: string, expected: string) =>
  new InputError(`${shown(name)} has the shape (${shape.join(', ')}): expected ${expected}; reshape it and save again`)

export const unreadable = (format: string, found: string) =>
  new InputError(
    `cannot be read as ${format}: ${shown(found, 200)}: the file is cut or damaged; write or copy it again`,
  )

/** A column that was asked for and is not there. */
export function missingColumn(name: string, option: string, names: readonly string[]): InputError {
  const near = nearest(name, names)
  // Of two letters any name is near any other.
  const alike = near !== null && (name.length > 2 || near[0]?.toLowerCase() === name[0]?.toLowerCase())
  const guess = alike ? `did you mean '${shown(near)}'? ` : ''
  return new InputError(
    `no column '${shown(name)}': ${guess}columns: ${listed(names)}; name one of them with ${option}`,
  )
}

/** Names of columns, the first twenty of them. */
export function listed(names: readonly string[]): string {
  const some = names.slice(0, namesShown).map((name) => shown(name))
  const more = names.length - some.length
  return `${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Bytes for people: 1.5 GB. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}
