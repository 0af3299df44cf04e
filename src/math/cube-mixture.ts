/**
 * One axis of a mixture whose components stand on the corners of {-1, 1}^d: S is -1 or 1, equally likely, plus N(0, spread^2), and
 * perhaps truncated to [-1, 1]. Axes are independent, so that entropies in d dimensions are d times what is here. Nats.
 */
import { integrate } from './quadrature.js'
import { normalCdf } from './statistics.js'

/**
 * h(S + Z) of one axis, Z ~ N(0, noiseStd^2), noiseStd > 0; spread >= 0 (0: the corners alone, truncated or not). Error about 1e-10.
 * Truncated, the density at t of the component of 1 is N(t; 1, v) P(-1 < U < 1) / P(-1 < S < 1), with v = spread^2 + noiseStd^2 and
 * U ~ N((noiseStd^2 + spread^2 t) / v, spread^2 noiseStd^2 / v): what S is, given t, before it was truncated.
 */
export function cubeMixtureEntropy(spread: number, noiseStd: number, truncated: boolean): number {
  const density = truncated && spread > 0 ? truncatedDensity(spread, noiseStd) : mixtureDensity(spread, noiseStd)
  const deviation = Math.hypot(spread, noiseStd)
  const surprise = (t: number) => {
    const p = (density(t) + density(-t)) / 2
    return p > 0 ? -p * Math.log(p) : 0
  }
  // the density is even, and its finest feature as wide as the noise
  const end = 1 + 9.5 * deviation
  const pieces = Math.ceil(end / noiseStd)
  let half = 0
  for (let k = 0; k < pieces; k++) half += integrate(surprise, (end * k) / pieces, (end * (k + 1)) / pieces, 1e-13)
  return 2 * half
}

/** Of the component of 1: N(1, spread^2 + noiseStd^2). */
function mixtureDensity(spread: number, noiseStd: number): (t: number) => number {
  const variance = spread ** 2 + noiseStd ** 2
  return (t) => Math.exp(-((t - 1) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
}

function truncatedDensity(spread: number, noiseStd: number): (t: number) => number {
  const whole = mixtureDensity(spread, noiseStd)
  const variance = spread ** 2 + noiseStd ** 2
  const width = (spread * noiseStd) / Math.sqrt(variance)
  const kept = 0.5 - normalCdf(-2 / spread)
  return (t) => {
    const centre = (noiseStd ** 2 + spread ** 2 * t) / variance
    return (whole(t) * between((-1 - centre) / width, (1 - centre) / width)) / kept
  }
}

/** P(a < N(0, 1) < b), from the tail that both lie in. */
function between(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a)
}
