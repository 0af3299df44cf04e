/** Rows as they come, sorted into groups, with everything that must hold of samples whatever file they came from. */
import { InputError } from '../errors.js'
import { Codes } from './codes.js'
import { componentName } from './columns.js'
import type { ChosenColumns } from './columns.js'
import { Growing } from './growing.js'
import type { Samples } from './samples.js'
import type { Floats, Portion, Scalar } from './source.js'
import { missingValue, notNumber, quoted, ragged, shown } from './wording.js'

/** Samples that share the values of the columns named in `by`; text in keys is the file's own, not escaped. */
export interface SampleGroup {
  keys: Record<string, number | string>
  samples: Samples
}

export class Groups {
  readonly #chosen: ChosenColumns
  readonly #expected: number
  readonly #groups = new Map<string, Group>()
  #rows = 0
  #width: number | null = null

  /** @param rows of the file, null if unknown */
  constructor(chosen: ChosenColumns, rows: number | null) {
    this.#chosen = chosen
    this.#expected = chosen.by.length === 0 ? (rows ?? 0) : 0
  }

  /** Throws InputError at another width than before, at NaN and infinity, and at null where there must be a value. */
  add(portion: Portion): void {
    const { rows, s } = portion
    this.#width ??= s.width
    if (s.width !== this.#width) throw ragged(this.#rows, this.#chosen.s[0], s.width, this.#width)
    checkFinite(s.values, s.width, this.#rows, this.#chosen)
    const by = this.#chosen.by.map((name) => portion.scalars.get(name)!)
    for (let from = 0, to = 0; from < rows; from = to) {
      to = by.length === 0 ? rows : endOfRun(by, from, rows)
      this.#groupOf(by, from, s.values).append(portion, from, to, this.#rows)
    }
    this.#rows += rows
  }

  /** In the order of first appearance. Throws InputError at no rows, and where rows of one input contradict each other. */
  finish(): SampleGroup[] {
    if (this.#rows === 0) throw new InputError('no rows: expected at least one sample; was the file written whole?')
    const groups = [...this.#groups.values()]
    this.#groups.clear()
    return groups.map((group) => ({ keys: group.keys, samples: group.finish() }))
  }

  #groupOf(by: ArrayLike<Scalar>[], row: number, like: Floats): Group {
    const names = this.#chosen.by
    const values = by.map((column, j) => keyOf(column[row], names[j], this.#rows + row))
    const id = JSON.stringify(values)
    const known = this.#groups.get(id)
    if (known) return known
    const keys = Object.fromEntries(names.map((name, j) => [name, values[j]]))
    const group = new Group(keys, this.#chosen, like, this.#width!, this.#expected)
    this.#groups.set(id, group)
    return group
  }
}

class Group {
  readonly keys: Record<string, number | string>
  readonly #chosen: ChosenColumns
  readonly #width: number
  readonly #s: Growing<Floats>
  readonly #x: Codes | null
  readonly #y: Codes | null
  readonly #weights: Growing<Float64Array>
  #count = 0

  constructor(keys: Group['keys'], chosen: ChosenColumns, like: Floats, width: number, expected: number) {
    const single = like instanceof Float32Array
    this.keys = keys
    this.#chosen = chosen
    this.#width = width
    this.#s = new Growing<Floats>((n) => (single ? new Float32Array(n) : new Float64Array(n)), expected * width)
    this.#x = chosen.x === null ? null : new Codes(chosen.x, expected)
    this.#y = chosen.y === null ? null : new Codes(chosen.y, expected)
    this.#weights = new Growing((n) => new Float64Array(n), chosen.weights === null ? 0 : expected)
  }

  /** Rows `from` .. `to` of a portion that begins at row `first` of the file. */
  append({ rows, s, scalars }: Portion, from: number, to: number, first: number): void {
    const { x, y, weights } = this.#chosen
    const whole = from === 0 && to === rows
    this.#s.append(whole ? s.values : s.values.subarray(from * s.width, to * s.width))
    this.#count += to - from
    this.#x?.append(scalars.get(x!)!, from, to, first)
    this.#y?.append(scalars.get(y!)!, from, to, first)
    if (weights !== null) this.#weights.append(weightsOf(scalars.get(weights)!, from, to, first, weights))
  }

  finish(): Samples {
    const x = this.#x?.finish() ?? null
    // Where no row has a label (infoflow writes such a column for data without labels) there are none.
    const y = this.#y && this.#y.names.length > 0 ? this.#y.finish() : null
    const weights = this.#chosen.weights === null ? null : this.#weights.finish()
    if (x && y) this.#checkSame(x, y, 'label', this.#chosen.y!, (code) => quoted(this.#y!.names[code]))
    if (x && weights) this.#checkSame(x, weights, 'weight', this.#chosen.weights!, String)
    if (weights?.every((weight) => weight === 0)) {
      throw new InputError(
        `${this.#place()}column ${shown(this.#chosen.weights!)} is 0 in all rows: expected a sum > 0`,
      )
    }
    return { count: this.#count, width: this.#width, s: this.#s.finish(), x, y, weights }
  }

  #checkSame(
    x: Uint32Array,
    of: ArrayLike<number>,
    what: string,
    column: string,
    say: (value: number) => string,
  ): void {
    const first = new Float64Array(this.#x!.names.length).fill(NaN)
    for (let i = 0; i < x.length; i++) {
      const before = first[x[i]]
      if (Number.isNaN(before)) first[x[i]] = of[i]
      else if (before !== of[i]) {
        const input = `${shown(this.#x!.column)} ${quoted(this.#x!.names[x[i]])}`
        throw new InputError(
          `${this.#place()}${input} has the ${what} ${say(before)} in one row and ${say(of[i])} in another: ` +
            `expected the same ${shown(column)} in all rows of an input; mend the column, or name another`,
        )
      }
    }
  }

  #place(): string {
    const keys = Object.entries(this.keys).map(([name, value]) => `${shown(name)} ${quoted(value)}`)
    return keys.length === 0 ? '' : `${keys.join(', ')}: `
  }
}

function checkFinite(values: Floats, width: number, firstRow: number, chosen: ChosenColumns): void {
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) < Infinity) continue
    const place = `row ${firstRow + Math.floor(i / width)}: ${componentName(chosen, i % width)} is ${values[i]}`
    throw new InputError(`${place}: expected finite numbers; drop the row, or look at why the network gave it`)
  }
}

function endOfRun(by: ArrayLike<Scalar>[], from: number, rows: number): number {
  let to = from + 1
  while (to < rows && by.every((column) => column[to] === column[from])) to++
  return to
}

function keyOf(value: Scalar, column: string, row: number): number | string {
  if (value === null || Number.isNaN(value)) throw missingValue(row, column)
  return typeof value === 'number' ? value : String(value)
}

function weightsOf(values: ArrayLike<Scalar>, from: number, to: number, first: number, column: string): Float64Array {
  const weights = new Float64Array(to - from)
  for (let i = from; i < to; i++) {
    const value = values[i]
    if (value === null) throw missingValue(first + i, column)
    if (typeof value !== 'number' && typeof value !== 'bigint') throw notNumber(first + i, column, value)
    if (!(value >= 0 && value < Infinity)) throw badWeight(first + i, column, Number(value))
    weights[i - from] = Number(value)
  }
  return weights
}

const badWeight = (row: number, column: string, value: number) =>
  new InputError(`row ${row} of ${shown(column)}: ${value}: expected a weight, a finite number >= 0`)
