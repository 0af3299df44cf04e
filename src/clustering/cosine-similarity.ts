/**
 * How alike two networks represent the same inputs: the cosine of the angle between what a layer of the one and the same layer of the
 * other make of an input, from the origin, noise off (METHOD 5.4). 1: the same direction.
 */
import { mean } from '../math/statistics.js'
import { quantiles } from './quantiles.js'

/** Over inputs; null without any. */
export interface CosineFigures {
  /** Those of which neither vector is 0. */
  inputs: number
  cosine_mean: number | null
  cosine_q05: number | null
  cosine_q25: number | null
  cosine_median: number | null
  cosine_q75: number | null
  cosine_q95: number | null
}

/** Figures of the cosines of rows of a and b, each rows x width; exactly 1 where they are equal. Unequal lengths throw. */
export function cosineFigures(a: Float32Array, b: Float32Array, width: number): CosineFigures {
  const cosines = cosinesOf(a, b, width)
  const [q05, q25, median, q75, q95] = quantiles(cosines, [0.05, 0.25, 0.5, 0.75, 0.95])
  return {
    ...{ inputs: cosines.length, cosine_mean: cosines.length > 0 ? mean(cosines) : null },
    ...{ cosine_q05: q05, cosine_q25: q25, cosine_median: median, cosine_q75: q75, cosine_q95: q95 },
  }
}

function cosinesOf(a: Float32Array, b: Float32Array, width: number): Float64Array {
  if (a.length !== b.length) throw new RangeError(`cosineFigures: ${a.length} numbers against ${b.length}`)
  const found: number[] = []
  for (let from = 0; from < a.length; from += width) {
    let [product, left, right] = [0, 0, 0]
    for (let i = from; i < from + width; i++) {
      product += a[i] * b[i]
      left += a[i] * a[i]
      right += b[i] * b[i]
    }
    // the root of a product, not a product of roots: of equal rows it is the product itself
    if (left > 0 && right > 0) found.push(Math.max(-1, Math.min(1, product / Math.sqrt(left * right))))
  }
  return Float64Array.from(found)
}
