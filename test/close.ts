/**
 * The one comparison of numbers in the tests. An error counts as too large unless it is known to be small enough,
 * `!(error <= tolerance)`, so that NaN fails wherever it comes from. Every caller says where its tolerance comes from.
 */
type Numbers = ArrayLike<number>

/** Half a unit in the last place of f32, relative: what one rounding to nearest may change. */
export const rounding = 2 ** -24

/** `actual` lies within `tolerance` of `expected`, element by element; a tolerance may be one number, or one each. */
export function close(
  actual: Numbers | number,
  expected: Numbers | number,
  tolerance: Numbers | number,
  what: string,
): void {
  const [found, wanted] = [listOf(actual), listOf(expected)]
  if (found.length !== wanted.length) throw new Error(`${what}: ${found.length} numbers, expected ${wanted.length}`)
  const allowed = (i: number) => (typeof tolerance === 'number' ? tolerance : tolerance[i])
  const off = Array.from(wanted, (_, i) => i).filter((i) => !(Math.abs(found[i] - wanted[i]) <= allowed(i)))
  if (off.length === 0) return
  const i = off[0]
  const first = `[${i}] is ${found[i]}, expected ${wanted[i]} within ${allowed(i)}`
  throw new Error(`${what}: ${first}; ${off.length} of ${wanted.length} differ too much`)
}

function listOf(numbers: Numbers | number): Numbers {
  return typeof numbers === 'number' ? [numbers] : numbers
}
