/** Inputs on the scale that a network is to see: (x - shift) / scale, from the training rows or from given numbers. */
import { InputError } from '../errors.js'
import type { InputRows } from './file-rows.js'

/**
 * none: numbers as they stand in the file, bytes 0..255. standard: each component less its mean, by its standard deviation (over
 * n) in the training rows. min-max: all components by the smallest and the largest number of the training rows, which become 0
 * and 1. mean and std: one number, or one a channel, in the file's units: for bytes, torchvision's numbers times 255.
 */
export type Normalise =
  'none' | 'standard' | 'min-max' | { mean: number | readonly number[]; std: number | readonly number[] }

/** For each component; the scale is never 0. */
export interface Scaling {
  shift: Float64Array
  scale: Float64Array
}

/** What is the same in all rows is shifted, not scaled. InputError where mean and std are not one a channel, or not finite. */
export function scalingOf(how: Normalise, training: InputRows, channels: number): Scaling {
  const { width } = training
  if (how === 'standard') return standard(training)
  if (how === 'min-max') return minMax(training)
  if (how === 'none') return { shift: new Float64Array(width), scale: new Float64Array(width).fill(1) }
  const { mean, std } = how
  const scale = perChannel('std', std, width, channels)
  if (!scale.every((value) => value > 0))
    throw new InputError(`data.normalise.std: ${listOf(std)}: expected numbers > 0`)
  return { shift: perChannel('mean', mean, width, channels), scale }
}

/** Writes the rows into `out` from number `at` on. Throws InputError, without a path, at what f32 does not hold. */
export function writeScaled(out: Float32Array, at: number, inputs: InputRows, { shift, scale }: Scaling): void {
  const { width, portions, component } = inputs
  const first = at
  for (const values of portions) {
    for (let i = 0, j = 0; i < values.length; i++, at++, j = j + 1 === width ? 0 : j + 1) {
      out[at] = (values[i] - shift[j]) / scale[j]
      if (Math.abs(out[at]) < Infinity) continue
      const place = `row ${Math.floor((at - first) / width)}: ${component(j)} is ${values[i]}`
      throw new InputError(`${place}: expected what 32 bits hold (up to 3.4e38) once normalised; set data.normalise`)
    }
  }
}

function standard({ portions, width, rows }: InputRows): Scaling {
  const [least, most, shift, squares] = [Infinity, -Infinity, 0, 0].map((value) => new Float64Array(width).fill(value))
  forEach(portions, width, (value, j) => {
    if (value < least[j]) least[j] = value
    if (value > most[j]) most[j] = value
    shift[j] += value / rows
  })
  for (let j = 0; j < width; j++) if (least[j] === most[j]) shift[j] = least[j]
  forEach(portions, width, (value, j) => {
    squares[j] += (value - shift[j]) ** 2
  })
  return { shift, scale: squares.map((sum, j) => (least[j] < most[j] ? Math.sqrt(sum / rows) || 1 : 1)) }
}

function minMax({ portions, width }: InputRows): Scaling {
  let [least, most] = [Infinity, -Infinity]
  forEach(portions, width, (value) => {
    if (value < least) least = value
    if (value > most) most = value
  })
  const range = most > least ? most - least : 1
  return { shift: new Float64Array(width).fill(least), scale: new Float64Array(width).fill(range) }
}

function forEach(
  portions: InputRows['portions'],
  width: number,
  see: (value: number, component: number) => void,
): void {
  for (const values of portions) {
    for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === width ? 0 : j + 1) see(values[i], j)
  }
}

function perChannel(key: string, given: number | readonly number[], width: number, channels: number): Float64Array {
  const values = typeof given === 'number' ? [given] : given
  const place = `data.normalise.${key}: ${listOf(given)}`
  if (!values.every(Number.isFinite)) throw new InputError(`${place}: expected finite numbers`)
  if (values.length !== 1 && values.length !== channels) {
    throw new InputError(`${place}: expected one number, or ${channels}, one a channel`)
  }
  return Float64Array.from(
    { length: width },
    (_, j) => values[values.length > 1 ? Math.floor((j * channels) / width) : 0],
  )
}

const listOf = (given: number | readonly number[]) =>
  typeof given === 'number' ? String(given) : `[${given.join(', ')}]`
