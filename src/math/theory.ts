/**
 * What the theory says before any sample is looked at (METHOD 2.3). Both bounds are for samples within [-1, 1]^d; for others
 * pass beta divided by half their widest range: information and bias do not change when samples and noise are scaled together.
 */
import { normalCdf, normalQuantile } from './statistics.js'

/**
 * Smallest number of samples that is not proven too small: with fewer, the estimate of h(T) has, for some distribution on
 * [-1, 1]^d, a bias of at least `delta` nats. Necessary in the worst case, never sufficient. At most Number.MAX_VALUE.
 * Goldfeld, Greenewald, Polyanskiy (arXiv 1810.11589v1), theorem 4, at `epsilon` or, without one, where it proves most.
 */
export function minimalSamples(d: number, beta: number, delta = 0.1, epsilon?: number): number {
  const most = epsilon === undefined ? bestExponent(d, beta) : exponent(d, resolution(d, beta, epsilon), epsilon)
  return Math.min(Number.MAX_VALUE, Math.floor(Math.exp(most - delta)) + 1)
}

/** Theorem 4's k: points an axis that noise of standard deviation beta leaves apart in all of d axes but for epsilon. */
export function resolution(d: number, beta: number, epsilon: number): number {
  const tail = -Math.expm1(Math.log1p(-epsilon) / d) / 2
  return Math.floor(1 / (beta * -normalQuantile(tail)))
}

/**
 * Bound on the root mean square error that a finite number of queries adds to h(T) and to I(X;T), samples held fixed: n samples,
 * nMc queries around each. Nats. Very loose: the measured standard error is what to rely on.
 */
export function queryErrorBound(d: number, beta: number, n: number, nMc: number): number {
  return Math.sqrt((4 * d) / (beta * beta * n * nMc))
}

/** log( k^{d (1 - epsilon)} exp(-H_b(epsilon)) ). */
function exponent(d: number, k: number, epsilon: number): number {
  return d * (1 - epsilon) * Math.log(k) - binaryEntropy(epsilon)
}

/**
 * The maximum over epsilon. For a fixed k the exponent is convex in epsilon, hence largest at an end; the upper end has the next
 * smaller k at its lower end, so that the smallest epsilon of each k is all there is to try. Epsilon = 1 gives 0.
 */
function bestExponent(d: number, beta: number): number {
  let best = 0
  for (const k of resolutions(beta)) best = Math.max(best, exponent(d, k, smallestEpsilon(k, d, beta)))
  return best
}

/** Values of k to try: all up to 1000, then steps of 0.1 %. Beyond 20 / beta points are a tenth of beta apart, and epsilon is 1. */
function resolutions(beta: number): number[] {
  const found = []
  for (let k = 2; k <= 20 / beta; k = k < 1000 ? k + 1 : Math.ceil(k * 1.001)) found.push(k)
  return found
}

/** Smallest epsilon at which `resolution` is k: 1 - (1 - 2 Q(1 / (beta k)))^d. */
function smallestEpsilon(k: number, d: number, beta: number): number {
  return -Math.expm1(d * Math.log1p(-2 * normalCdf(-1 / (beta * k))))
}

function binaryEntropy(p: number): number {
  if (p <= 0 || p >= 1) return 0
  return -p * Math.log(p) - (1 - p) * Math.log1p(-p)
}
