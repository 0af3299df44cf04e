/** What an input is as a picture, channels x height x width: as the file says it, or as a person does. */
import { InputError } from '../errors.js'
import { wrongShape } from '../samples/wording.js'

export type Shape = readonly [channels: number, height: number, width: number]

const expected = 'n x width, n x height x width or n x channels x height x width'

/**
 * Of an array whose first dimension counts the inputs: none of n x width, 1 x height x width of n x height x width. InputError
 * at other dimensions, and at pictures that seem to have their channels last; not where the shape is `given` otherwise.
 */
export function shapeOfArray(array: readonly number[] | undefined, name: string, given: boolean): Shape | undefined {
  if (array === undefined || given) return undefined
  const [, ...sides] = array
  if (array.length < 1 || array.length > 4) throw wrongShape(array, name, expected)
  if (sides.length === 3 && seemsChannelsLast(sides)) throw channelsLast(array, name)
  return shapeOfIdx(sides)
}

/** Of the sides of an input; IDX and NumPy agree on their order. */
export function shapeOfIdx(sides: readonly number[]): Shape | undefined {
  const [channels, height, width] = [...(sides.length === 2 ? [1] : []), ...sides]
  return sides.length < 2 ? undefined : [channels, height, width]
}

/** InputError where the numbers are not whole, or their product is not `width`. */
export function requireShape(shape: Shape, width: number): void {
  const product = shape.reduce((all, side) => all * side, 1)
  const whole = shape.length === 3 && shape.every((side) => Number.isInteger(side) && side >= 1)
  const said = `data.shape: [${shape.join(', ')}]`
  if (!whole) throw new InputError(`${said}: expected three whole numbers >= 1, channels, height and width`)
  if (product === width) return
  const found = `${said} makes inputs of ${product} numbers, and those of the file have ${width}`
  throw new InputError(`${found}: expected channels x height x width = ${width}; give that, or leave shape out`)
}

/** A picture with 1, 3 or 4 columns and more channels than those is none that anybody takes. */
const seemsChannelsLast = ([first, , last]: readonly number[]) => [1, 3, 4].includes(last) && first > 4

function channelsLast(array: readonly number[], name: string): InputError {
  const { message } = wrongShape(array, name, 'n x channels x height x width, and this seems to have its channels last')
  return new InputError(message.replace(/; .*$/, `; save ${name}.transpose(0, 3, 1, 2), or give data.shape`))
}
