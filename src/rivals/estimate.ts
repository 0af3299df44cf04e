/** What every rival answers: a number of nats and how sure it is. */
import { mean, standardError } from '../math/statistics.js'

export interface Estimate {
  /** Nats; null where the points are too few to say anything. */
  value: number | null
  /** Standard error over the points, taken as independent; null where there is none. */
  se: number | null
}

export const nothing: Estimate = { value: null, se: null }

/** The mean of one term for each point. An infinite term makes it infinite, without an error. */
export function meanOf(terms: ArrayLike<number>): Estimate {
  if (terms.length === 0) return nothing
  const infinite = Array.prototype.find.call(terms, (term: number) => !Number.isFinite(term)) as number | undefined
  if (infinite !== undefined) return { value: infinite, se: null }
  return { value: mean(terms), se: terms.length > 1 ? standardError(terms) : null }
}

/** (d/2) log(2 pi e beta^2): entropy of N(0, beta^2 I) in d dimensions; -Infinity for beta = 0. */
export function noiseEntropy(dimension: number, noiseStd: number): number {
  return (dimension / 2) * Math.log(2 * Math.PI * Math.E * noiseStd * noiseStd)
}
