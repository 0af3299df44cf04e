/**
 * Sums, moments and the quantiles behind every printed interval, in f64.
 * A quantile is found by inverting its own distribution function in the lower tail, where that function keeps its
 * relative accuracy, and is mirrored for p > 1/2: one solver, no tables of coefficients to mistype.
 */

/** Sum of the values with Neumaier's compensation: its error does not grow with the count. Empty: 0. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const next = total + values[i]
    lost += Math.abs(total) >= Math.abs(values[i]) ? total - next + values[i] : values[i] - next + total
    total = next
  }
  return total + lost
}

/** Arithmetic mean. Empty: NaN. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length
}

/** Unbiased covariance of pairs (divisor n - 1), two passes. Fewer than two pairs: NaN; unequal lengths throw. */
export function covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`covariance: ${a.length} values against ${b.length}`)
  const meanA = mean(a)
  const meanB = mean(b)
  return sum(Float64Array.from(a, (value, i) => (value - meanA) * (b[i] - meanB))) / (a.length - 1)
}

/** Unbiased variance (divisor n - 1). Fewer than two values: NaN. */
export function variance(values: ArrayLike<number>): number {
  return covariance(values, values)
}

/** Standard error of the mean of independent values: sqrt(variance / n). Fewer than two values: NaN. */
export function standardError(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values) / values.length)
}

/** Sample quantile at p in [0, 1], linear between order statistics (Hyndman and Fan's type 7). Empty: NaN. */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile: p = ${p} is not in [0, 1]`)
  if (values.length === 0) return NaN
  const sorted = Float64Array.from(values).sort()
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** Middle value, or the mean of the two middle ones. Empty: NaN. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** P(N(0,1) <= x), relative error about 1e-14 in both tails. */
export function normalCdf(x: number): number {
  const tail = upperGammaHalf((x * x) / 2) / 2
  return x < 0 ? tail : 1 - tail
}

/** The x with normalCdf(x) = p; -Infinity at 0, Infinity at 1, RangeError outside [0, 1]. */
export function normalQuantile(p: number): number {
  return symmetricQuantile(p, normalCdf, (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI))
}

/** P(t <= x) for Student's t with dof > 0 degrees of freedom, whole or not: I_{dof/(dof+x^2)}(dof/2, 1/2) / 2. */
export function studentTCdf(x: number, dof: number): number {
  checkDof(dof)
  if (dof === Infinity) return normalCdf(x)
  if (Number.isNaN(x)) return NaN
  const square = x * x
  const tail = square === Infinity ? 0 : betaHalf(dof / 2, dof / (dof + square), square / (dof + square)) / 2
  return x < 0 ? tail : 1 - tail
}

/** The x with studentTCdf(x, dof) = p; dof = Infinity is the normal quantile. RangeError for p outside [0, 1]. */
export function studentTQuantile(p: number, dof: number): number {
  checkDof(dof)
  if (dof === Infinity) return normalQuantile(p)
  const scale = gammaRatio(dof / 2) / Math.sqrt(dof * Math.PI)
  const density = (x: number): number => scale * Math.exp((-(dof + 1) / 2) * Math.log1p((x * x) / dof))
  return symmetricQuantile(p, (x) => studentTCdf(x, dof), density)
}

function checkDof(dof: number): void {
  if (!(dof > 0)) throw new RangeError(`degrees of freedom: ${dof} is not > 0`)
}

/** Newton's method on log cdf, held inside a bracket that halves when a step leaves it. */
function symmetricQuantile(p: number, cdf: (x: number) => number, density: (x: number) => number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile: p = ${p} is not in [0, 1]`)
  if (p === 0.5) return 0
  if (p > 0.5) return -symmetricQuantile(1 - p, cdf, density)
  if (p === 0) return -Infinity
  let low = -1
  while (cdf(low) > p) low *= 2
  let high = low === -1 ? 0 : low / 2
  for (let x = (low + high) / 2, step = 0; step < 200; step++) {
    const value = cdf(x)
    if (value > p) high = x
    else low = x
    const newton = x - (Math.log(value / p) * value) / density(x)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= 1e-15 * Math.abs(x)) return next
    x = next
  }
  return (low + high) / 2
}

/** Gamma(a + 1/2) / Gamma(a): asymptotic series above 20, recurrence below; no difference of large log-gammas. */
function gammaRatio(a: number): number {
  if (a < 20) return (gammaRatio(a + 1) * a) / (a + 0.5)
  const u = 1 / a
  const series = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432]
  return Math.sqrt(a) * series.reduceRight((tail, coefficient) => tail * u + coefficient, 0)
}

/** Regularised incomplete beta I_x(a, 1/2); y = 1 - x is given too, so that neither is rounded away. */
function betaHalf(a: number, x: number, y: number): number {
  if (x === 0) return 0
  if (y === 0) return 1
  const logX = y < 0.5 ? Math.log1p(-y) : Math.log(x)
  const front = (Math.exp(a * logX) * Math.sqrt(y) * gammaRatio(a)) / Math.sqrt(Math.PI)
  if (x < (a + 1) / (a + 2.5)) return (front * betaFraction(a, 0.5, x)) / a
  return 1 - (front * betaFraction(0.5, a, y)) / 0.5
}

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  return lentz((n) => {
    if (n === 1) return [1, 1]
    const m = Math.floor((n - 1) / 2)
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    return [n % 2 === 0 ? odd : even, 1]
  })
}

/** Regularised upper incomplete gamma Q(1/2, x) = erfc(sqrt x): series (DLMF 8.7.1) or continued fraction (8.9.2). */
function upperGammaHalf(x: number): number {
  if (Number.isNaN(x)) return NaN
  if (x > 750) return 0
  const front = Math.exp(-x) * Math.sqrt(x / Math.PI)
  if (x < 1.5) {
    let term = 2
    let series = 2
    for (let n = 1; term > series * 1e-17; n++) series += term *= x / (n + 0.5)
    return 1 - front * series
  }
  return front * lentz((n) => [n === 1 ? 1 : -(n - 1) * (n - 1.5), x + 2 * n - 1.5])
}

/** a1/(b1 + a2/(b2 + ...)), terms [a, b] counted from 1, to rounding (modified Lentz). */
function lentz(term: (n: number) => [number, number]): number {
  const tiny = 1e-300
  let value = tiny
  let c = tiny
  let d = 0
  for (let n = 1; n <= 100000; n++) {
    const [a, b] = term(n)
    d = 1 / (b + a * d || tiny)
    c = b + a / c || tiny
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return value
}
