/** Names of inputs or labels as dense codes, 0 upwards in the order of first appearance. */
import { InputError } from '../errors.js'
import { Growing } from './growing.js'
import type { Scalar } from './source.js'
import { missingValue, quoted, shown } from './wording.js'

export class Codes {
  readonly column: string
  /** By code. */
  readonly names: Scalar[] = []
  readonly #codes = new Map<Scalar, number>()
  readonly #rows: Growing<Uint32Array>
  #firstNull = -1

  constructor(column: string, expected: number) {
    this.column = column
    this.#rows = new Growing((length) => new Uint32Array(length), expected)
  }

  /** Values `from` .. `to`; the first of `values` stands in row `first` of the file. Throws InputError at 0.5. */
  append(values: ArrayLike<Scalar>, from: number, to: number, first: number): void {
    const codes = new Uint32Array(to - from)
    for (let i = from; i < to; i++) codes[i - from] = this.#code(values[i], first + i)
    this.#rows.append(codes)
  }

  /** Codes of all rows. Throws InputError where a row has no value. */
  finish(): Uint32Array {
    if (this.#firstNull >= 0) throw missingValue(this.#firstNull, this.column)
    return this.#rows.finish()
  }

  #code(name: Scalar, row: number): number {
    const known = this.#codes.get(name)
    if (known !== undefined) return known
    if (name === null) {
      if (this.#firstNull < 0) this.#firstNull = row
      return 0
    }
    if (typeof name === 'number' && !Number.isInteger(name)) throw notWhole(row, this.column, name)
    const code = this.names.push(name) - 1
    this.#codes.set(name, code)
    return code
  }
}

const notWhole = (row: number, column: string, value: number) =>
  new InputError(
    `row ${row} of ${shown(column)}: ${quoted(value)}: expected whole numbers or text, ` +
      'the same in all rows of one input or label; name another column with --x or --y, or rename this one',
  )
