/** Gradients without calculus: what a function of many numbers gains when one of them moves. */

/** (f(values + h e_i) - f(values - h e_i)) / 2 h for every i; exact up to rounding where f is linear or quadratic in each number. */
export function centralDifferences(values: Float64Array, f: () => number, h = 2 ** -10): Float64Array {
  return values.map((value, i) => {
    values[i] = value + h
    const above = f()
    values[i] = value - h
    const below = f()
    values[i] = value
    return (above - below) / (2 * h)
  })
}

/** Sum of a_i b_i. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0)
}
