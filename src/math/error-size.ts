/**
 * How large errors are: the root mean square of repetitions, and how it falls with the size of the sample. Intervals are
 * delete-one-repetition jackknives of logarithms, so that they never reach below 0 and look the same on a logarithmic axis.
 */
import { mean, studentTQuantile } from './statistics.js'

export interface Range {
  value: number
  /** 95 %; NaN for fewer than 3 repetitions or where an error was exactly 0 throughout. */
  low: number
  high: number
}

/** Root mean square of the errors of independent repetitions. Empty: NaN. */
export function rootMeanSquare(errors: ArrayLike<number>): Range {
  const [value, half] = jackknifed(Array.from(errors), (some) => Math.log(root(some)))
  return { value: Math.exp(value), low: Math.exp(value - half), high: Math.exp(value + half) }
}

/**
 * The slope of log RMSE against log size, by least squares; `errors[r][k]`: repetition r at sizes[k]. Its interval is over the
 * repetitions, whether or not the sizes of one have anything to do with each other.
 */
export function errorSlope(sizes: readonly number[], errors: readonly (readonly number[])[]): Range {
  const places = sizes.map(Math.log)
  const slope = (some: readonly (readonly number[])[]) =>
    regression(
      places,
      sizes.map((_, k) => Math.log(root(some.map((row) => row[k])))),
    )
  const [value, half] = jackknifed(errors, slope)
  return { value, low: value - half, high: value + half }
}

function jackknifed<T>(all: readonly T[], statistic: (some: readonly T[]) => number): [value: number, half: number] {
  const value = statistic(all)
  const n = all.length
  if (n < 3) return [value, NaN]
  const without = all.map((_, i) => statistic(all.filter((_, j) => j !== i)))
  const middle = mean(without)
  const squares = without.reduce((sum, one) => sum + (one - middle) ** 2, 0)
  return [value, studentTQuantile(0.975, n - 1) * Math.sqrt(((n - 1) / n) * squares)]
}

function root(errors: readonly number[]): number {
  return Math.sqrt(mean(errors.map((error) => error ** 2)))
}

function regression(x: readonly number[], y: readonly number[]): number {
  const [middleX, middleY] = [mean(x), mean(y)]
  const products = x.map((place, i) => (place - middleX) * (y[i] - middleY))
  return mean(products) / mean(x.map((place) => (place - middleX) ** 2))
}
