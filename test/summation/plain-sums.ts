/** Sums of Gaussian kernels as they are defined, pair by pair in f64. */
import type { Centers, Queries, SummationSetup } from '../../src/summation/summation.js'

export interface PlainSums {
  /** queries x columns x kinds. */
  sums: Float64Array
  /** queries x columns x kinds: of the query's own input, which sums over others leave out. */
  own: Float64Array
}

type Shape = Pick<SummationSetup, 'dimension' | 'columns' | 'others' | 'labelled'>

export function plainSums(shape: Shape, centers: Centers, queries: Queries, noiseStd: number): PlainSums {
  const { columns, others, labelled } = shape
  const kinds = others && labelled ? 2 : 1
  const found = [0, 1].map(() => new Float64Array(queries.count * columns * kinds))
  for (let q = 0; q < queries.count; q++) {
    for (let c = 0; c < centers.count; c++) {
      const own = queries.input[q] === centers.input[c]
      if (!others && !own) continue
      const kind = kinds === 2 && queries.label![q] !== centers.label![c] ? 1 : 0
      const at = (q * columns + (centers.column?.[c] ?? 0)) * kinds + kind
      found[others && own ? 1 : 0][at] += kernel(shape.dimension, centers, c, queries, q, noiseStd)
    }
  }
  return { sums: found[0], own: found[1] }
}

/** w exp( -(|s + z - c|^2 - |z|^2) / 2 beta^2 ) */
function kernel(d: number, centers: Centers, c: number, queries: Queries, q: number, noiseStd: number): number {
  let exponent = 0
  for (let k = 0; k < d; k++) {
    const t = queries.coordinates[q * d + k] - centers.coordinates[c * d + k]
    exponent -= t * (t + 2 * queries.noise[q * d + k])
  }
  return (centers.weight?.[c] ?? 1) * Math.exp(exponent / (2 * noiseStd * noiseStd))
}
