/**
 * One file of a data set as it is read: its inputs as rows of numbers, portion by portion, and its labels as whatever values
 * stand there. Nothing is scaled or made a class here; numbers keep the precision of the file until they are scaled.
 */
import { InputError } from '../errors.js'
import { componentName } from '../samples/columns.js'
import type { ChosenColumns } from '../samples/columns.js'
import { withSource } from '../samples/open.js'
import type { Floats, Portion, Scalar, Source } from '../samples/source.js'
import { ragged, shown, size } from '../samples/wording.js'
import { chooseDataColumns } from './file-columns.js'
import type { Wanted } from './file-columns.js'
import { idxDimensions, readIdx } from './idx.js'
import { shapeOfArray, shapeOfIdx } from './input-shape.js'
import type { Shape } from './input-shape.js'

export interface InputRows {
  path: string
  rows: number
  /** Numbers of a row. */
  width: number
  /** Of a row, where the file says it. */
  shape?: Shape
  /** Finite, row-major. */
  portions: (Floats | Uint8Array)[]
  /** What a person calls component j. */
  component(j: number): string
}

export interface LabelRows {
  path: string
  column: string
  rows: number
  portions: ArrayLike<Scalar>[]
}

export const remedies = 'take fewer rows or components, f32 instead of f64, or Feather instead of CSV or Parquet'

/** Inputs take their place twice: as the file has them, and as f32. */
const copies = 2

/**
 * The inputs of a file and, where `labels` is not null, its labels.
 * @param shaped whether the data's shape is given, so that the file's own need not make sense
 * @param memory bytes that the inputs may take
 */
export async function readInputs(
  path: string,
  wanted: Wanted,
  shaped: boolean,
  memory: number,
): Promise<{ inputs: InputRows; labels: LabelRows | null }> {
  if (idxDimensions(path) !== null) return { inputs: idxInputs(path, wanted, memory), labels: null }
  const opening = { name: wanted.inputs?.column ?? 'inputs', holds: 'inputs', remedies }
  return withSource(path, opening, async (source, file) => {
    const chosen = chooseDataColumns(source.names, wanted)
    const shape = chosen.wide ? undefined : shapeOfArray(source.shape?.(chosen.s[0]), chosen.s[0], shaped)
    const { samples, portion } = source.extent(chosen)
    checkMemory(file.size, copies * samples + portion, memory)
    const { inputs, labels } = await collected(path, source, chosen)
    return { inputs: { ...inputs, shape }, labels }
  })
}

/** The labels of a file of their own. */
export async function readLabels(path: string, column: string | undefined): Promise<LabelRows> {
  if (idxDimensions(path) !== null) {
    const { shape, values } = readIdx(path, 1)
    return { path, column: 'labels', rows: shape[0], portions: [values] }
  }
  const opening = { name: column ?? 'labels', holds: 'labels', remedies }
  return withSource(path, opening, async (source) => {
    const chosen = chooseDataColumns(source.names, { inputs: null, labels: { column, key: 'labels' } })
    return (await collected(path, source, chosen)).labels!
  })
}

async function collected(path: string, source: Source, chosen: ChosenColumns) {
  const component = (j: number) => componentName(chosen, j)
  const inputs: InputRows = { path, rows: 0, width: 0, portions: [], component }
  const labels: LabelRows = { path, column: chosen.y ?? '', rows: 0, portions: [] }
  for await (const { rows, s, scalars } of source.portions(chosen)) {
    if (rows === 0) continue
    if (chosen.s.length > 0) add(inputs, { rows, s, scalars }, chosen)
    if (chosen.y !== null) labels.portions.push(scalars.get(chosen.y)!)
    inputs.rows += rows
    labels.rows += rows
  }
  if (inputs.rows === 0) throw new InputError('no rows: expected at least one; was the file written whole?')
  return { inputs, labels: chosen.y === null ? null : labels }
}

function add(inputs: InputRows, { s }: Portion, chosen: ChosenColumns): void {
  const name = chosen.s[0]
  if (s.width < 1) throw new InputError(`${shown(name)} has rows of no numbers: expected at least one`)
  if (inputs.rows > 0 && s.width !== inputs.width) throw ragged(inputs.rows, name, s.width, inputs.width)
  inputs.width = s.width
  requireFinite(s.values, inputs)
  inputs.portions.push(s.values)
}

/** Values of the portion that comes after the rows so far. */
function requireFinite(values: Floats, { rows, width, component }: InputRows): void {
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) < Infinity) continue
    const place = `row ${rows + Math.floor(i / width)}: ${component(i % width)} is ${values[i]}`
    throw new InputError(`${place}: expected finite numbers; drop the row or repair it`)
  }
}

/** Bytes 0..255 as they are. A file of labels in their place is refused, as is an array of more than four dimensions. */
function idxInputs(path: string, { labels }: Wanted, memory: number): InputRows {
  const dimensions = idxDimensions(path)
  const { shape, values } = readIdx(path, dimensions === 2 || dimensions === 4 ? dimensions : 3)
  if (labels !== null) {
    const found = `${shown(path, 400)}: an IDX file of inputs, which holds no labels`
    throw new InputError(`${found}: expected a file of labels beside it; name one with ${labels.key}`)
  }
  const [rows, ...sides] = shape
  const width = sides.reduce((all, side) => all * side, 1)
  if (5 * values.length > memory) throw tooLarge(values.length, 5 * values.length, memory, `${shown(path, 400)}: `)
  const component = (j: number) => `component ${j}`
  return { path, rows, width, shape: shapeOfIdx(sides), portions: [values], component }
}

function checkMemory(bytes: number, need: number, limit: number): void {
  if (need > limit) throw tooLarge(bytes, need, limit)
}

const tooLarge = (bytes: number, need: number, limit: number, place = '') =>
  new InputError(
    `${place}a file of ${size(bytes)}, whose inputs take ${size(need)} of memory, ${size(limit)} at most: ${remedies}`,
  )
