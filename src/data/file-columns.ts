/** Which columns of a file are the inputs, and which is the labels: those a person named, or those that have a usual name. */
import { InputError } from '../errors.js'
import { checkUnique, componentColumns, isComponent } from '../samples/columns.js'
import type { ChosenColumns } from '../samples/columns.js'
import { listed, missingColumn, shown } from '../samples/wording.js'

const usual = { inputs: ['x', 'inputs', 'images'], labels: ['y', 'labels', 'label'] }

/** What is wanted of a file: a name, or undefined for the usual ones; null: none of these. */
export interface Wanted {
  inputs: { column: string | undefined } | null
  /** `key` of the data that names a file of labels instead. */
  labels: { column: string | undefined; key: string } | null
}

/** Throws InputError where a column is not there, twice there, or inputs and labels at once. */
export function chooseDataColumns(names: readonly string[], { inputs, labels }: Wanted): ChosenColumns {
  const y = labels && labelColumn(names, labels, inputs === null)
  const s = inputs ? inputColumns(names, inputs.column, y) : []
  if (y !== null && s.includes(y)) {
    throw new InputError(`column '${shown(y)}' holds the inputs: expected another one as labelColumn`)
  }
  checkUnique([...s, ...(y === null ? [] : [y])], names)
  const wide = s.length > 1 || (inputs?.column !== undefined && s[0] !== inputs.column)
  return { s, wide, x: null, y, weights: null, by: [], compact: true }
}

function inputColumns(names: readonly string[], column: string | undefined, labels: string | null): string[] {
  const option = 'inputColumn (lists, or without its number one of x0, x1, ...)'
  if (column !== undefined) return componentColumns(names, column, option)
  const others = names.filter((name) => name !== labels)
  const found = usual.inputs.find((s) => others.some((name) => name === s || isComponent(name, s)))
  if (found !== undefined) return componentColumns(others, found, option)
  if (others.length === 1) return others
  throw new InputError(`no column ${orOf(usual.inputs)}: columns: ${listed(names)}; name one of them with ${option}`)
}

/** @param alone whether the file is there for its labels only: then a single column is them, whatever its name */
function labelColumn(names: readonly string[], { column, key }: NonNullable<Wanted['labels']>, alone: boolean): string {
  const option = alone ? 'labelColumn' : `labelColumn, or a file of labels with ${key}`
  if (column !== undefined && !names.includes(column)) throw missingColumn(column, option, names)
  const found = column ?? usual.labels.find((name) => names.includes(name)) ?? (alone && names.length === 1 && names[0])
  if (found) return found
  throw new InputError(`no column ${orOf(usual.labels)}: columns: ${listed(names)}; name one of them with ${option}`)
}

const orOf = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
