/**
 * The control variate of METHOD 2.1 as weights. With u = |z|^2 / 2 beta^2 - d/2, the value mean(log) - c mean(u), c = Cov(log, u) / Var(u), is
 * again a mean of the logarithms, in which query q counts g_q = 1 - (u_q - mean u) (mean u) / Var(u) times. The g know the noise
 * alone: what bounds each logarithm bounds such a mean as well.
 */
import type { KernelSums } from './kernel-sums.js'

/** Mean and variance of u over some queries. */
export interface Control {
  mean: number
  variance: number
}

/** Over the queries in columns that `has` names. Where samples come in batches the variance is the known one, d/2. */
export function controlOf(sums: KernelSums, has: (column: number) => boolean): Control {
  const { columnsAre, column, weight, noiseEnergy, dimension } = sums
  let [mass, first, second] = [0, 0, 0]
  for (let q = 0; q < sums.count; q++) {
    if (!has(column[q])) continue
    const u = noiseEnergy[q] - dimension / 2
    mass += weight[q]
    first += weight[q] * u
    second += weight[q] * u * u
  }
  const mean = first / mass
  // queries that are all alike have no variance, and then need none
  const variance = Math.max(second / mass - mean ** 2, 1e-6 * dimension)
  return { mean, variance: columnsAre === 'batches' ? dimension / 2 : variance }
}

/** g of a query whose noise has this u. */
export function gain({ mean, variance }: Control, u: number): number {
  return 1 - ((u - mean) * mean) / variance
}

/** g of a query in mi with column `left` out, or with none (`left` = columns). In batches mi does without a control variate. */
export function gains(sums: KernelSums): (query: number, left: number) => number {
  const { columnsAre, columns, noiseEnergy, dimension } = sums
  if (columnsAre === 'batches') return () => 1
  const without = Array.from({ length: columns + 1 }, (_, left) => controlOf(sums, (column) => column !== left))
  return (query, left) => gain(without[left], noiseEnergy[query] - dimension / 2)
}

/**
 * For bounds: each query's weight times the largest g that it has in whatever the corrected mi is made of, and less the smallest where that
 * is negative.
 */
export function boundingWeights(sums: KernelSums): Float64Array {
  const { columnsAre, columns, column, weight } = sums
  const gainOf = gains(sums)
  // only groups are left out for a correction
  const first = columnsAre === 'groups' ? 0 : columns
  return weight.map((w, query) => {
    let [most, least] = [0, 0]
    for (let left = first; left <= columns; left++) {
      if (left === column[query]) continue
      const g = gainOf(query, left)
      most = Math.max(most, g)
      least = Math.min(least, g)
    }
    return w * (most - least)
  })
}
