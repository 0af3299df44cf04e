/** Gaussian signals: T = A X + N(0, between^2 I) + N(0, noiseStd^2 I), X ~ N(0, I), drawn from, never listed. */
import { applied, gram, logDeterminant, type Matrix } from '../math/linear-algebra.js'
import type { CaseOptions, ValidationCase } from './case.js'
import { draws } from './draws.js'

export interface GaussianCase {
  name: string
  a: Matrix
  noiseStd: number
  /** Inputs drawn, and samples of each; more than one where there is noise between. */
  inputs: number
  replicas?: number
  between?: number
  enough?: boolean
  options?: CaseOptions
}

/** I(X;T) = log det( I + A A' / (noiseStd^2 + between^2) ) / 2. */
export function gaussian(given: GaussianCase): ValidationCase {
  const { name, a, noiseStd, inputs, replicas = 1, between = 0, enough = true, options } = given
  return {
    name,
    regime: 'sample',
    truth: information(a, noiseStd ** 2 + between ** 2),
    enough,
    options: { ...options, noiseStd, inputs: 'sample' },
    draw: (seed) => {
      const { normal } = draws(seed)
      const count = inputs * replicas
      const s = new Float64Array(count * a.length)
      for (let input = 0; input < inputs; input++) {
        const signal = applied(a, Array.from(a[0], normal))
        for (let r = 0; r < replicas; r++) {
          const row = between ? signal.map((value) => value + between * normal()) : signal
          s.set(row, (input * replicas + r) * a.length)
        }
      }
      const x = replicas > 1 ? Uint32Array.from({ length: count }, (_, i) => Math.floor(i / replicas)) : null
      return { count, width: a.length, s, x, y: null, weights: null }
    },
  }
}

/** The identity times `scale`. */
export function diagonal(d: number, scale = 1): number[][] {
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? scale : 0)))
}

function information(a: Matrix, variance: number): number {
  const signal = gram(a)
  return logDeterminant(signal.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) + value / variance))) / 2
}
