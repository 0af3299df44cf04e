/** Which columns of a file are the samples, and which say where each row belongs. */
import { InputError } from '../errors.js'
import { missingColumn, shown } from './wording.js'

/** Names of columns. Without a name: s is `s` or s0, s1, ...; x and y are the columns so named, if there are any. */
export interface SampleColumns {
  s?: string
  x?: string
  y?: string
  weights?: string
  by?: string[]
}

export interface ChosenColumns {
  /** One column of lists (or of numbers: width 1), or the columns of the components in order. */
  s: string[]
  wide: boolean
  x: string | null
  y: string | null
  weights: string | null
  by: string[]
  /** Integers of up to 16 bits as f32, which holds them exactly, instead of f64. */
  compact?: boolean
}

/** Throws InputError where a name is not among `names`, a component is missing, or a name stands there twice. */
export function chooseColumns(names: readonly string[], columns: SampleColumns): ChosenColumns {
  const s = componentColumns(names, columns.s ?? 's', '--s (lists, or without its number one of s0, s1, ...)')
  const one = (name: string | undefined, option: string, byDefault = '') => {
    if (name !== undefined && !names.includes(name)) throw missingColumn(name, option, names)
    return name ?? (names.includes(byDefault) && !s.includes(byDefault) ? byDefault : null)
  }
  const chosen: ChosenColumns = {
    s,
    wide: s.length > 1 || !names.includes(columns.s ?? 's'),
    x: one(columns.x, '--x', 'x'),
    y: one(columns.y, '--y', 'y'),
    weights: one(columns.weights, '--weights'),
    by: [...new Set(columns.by)].map((name) => one(name, '--by')!),
  }
  checkUnique([...s, ...scalarColumns(chosen)], names)
  for (const name of scalarColumns(chosen)) checkNoSamples(name, s)
  return chosen
}

/** The columns with one value a row, each once. */
export function scalarColumns({ x, y, weights, by }: ChosenColumns): string[] {
  return [...new Set([x, y, weights, ...by])].filter((name) => name !== null)
}

/** What a person calls component j of a sample: `component 2 of s`, or the column's own name. */
export const componentName = ({ s, wide }: ChosenColumns, j: number) =>
  wide ? shown(s[j]) : `component ${j} of ${shown(s[0])}`

/**
 * The column of that name, or the columns s0, s1, ... of its components in order. Throws InputError where neither is there
 * (`option`: what names another) and where a component is missing.
 */
export function componentColumns(names: readonly string[], s: string, option: string): string[] {
  if (names.includes(s)) return [s]
  const indices = names.filter((name) => isComponent(name, s))
  if (indices.length === 0) throw missingColumn(s, option, names)
  const last = indices.reduce((most, name) => Math.max(most, Number(name.slice(s.length))), 0)
  const there = new Set(indices)
  for (let i = 0; i <= last; i++) {
    if (there.has(`${s}${i}`)) continue
    throw new InputError(
      `no column '${shown(s)}${i}': expected all of ${shown(s)}0 to ${shown(s)}${last}, one for each component`,
    )
  }
  return Array.from({ length: last + 1 }, (_, i) => `${s}${i}`)
}

/** Whether a name is s and a number. */
export const isComponent = (name: string, s: string) =>
  name.startsWith(s) && /^(0|[1-9]\d*)$/.test(name.slice(s.length))

function checkNoSamples(name: string, s: string[]): void {
  if (!s.includes(name)) return
  throw new InputError(`column '${shown(name)}' holds samples: expected another one as x, y, weights or group`)
}

/** Throws InputError where two columns have one of the names that were chosen. */
export function checkUnique(chosen: readonly string[], names: readonly string[]): void {
  const [wanted, seen] = [new Set(chosen), new Set<string>()]
  const name = names.find((one) => wanted.has(one) && seen.size === seen.add(one).size)
  if (name === undefined) return
  throw new InputError(`two columns are named '${shown(name)}': expected names that tell columns apart; rename one`)
}
