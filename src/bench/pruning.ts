/** Pruned sums beside full ones, on the layers of a trained network. */
import { tileRounding } from '../information/rounding.js'
import type { Machine } from '../plan.js'
import type { Centers, Queries, Summed } from '../summation/summation.js'
import { spent, type Ladder, type Rung } from './ladder.js'
import { boundsOf, centersOf, certificate, columns, queriesOf, summationOf, type LayerScene } from './trained.js'

/** Queries that are held against sums in f64. */
const checked = 128

/** One layer: all its samples as centers, and so many queries. */
export async function pruningLadder(machine: Machine, scene: LayerScene, queryCount: number): Promise<Ladder> {
  const { layer, dimension, inputs, samples } = scene
  const count = samples.count
  const [centers, queries] = [centersOf(scene, count / inputs), queriesOf(scene, queryCount)]
  const summation = await summationOf(machine, scene, count, Math.max(queryCount, checked))
  const bounds = boundsOf(scene, count)
  const some = queriesOf(scene, checked)
  const exact = plainSums(scene, centers, some)
  const rung = (name: 'full' | 'pruned', how: string): Rung => ({
    ...{ name, kind: 'whole', how },
    check: async () => shareOf(scene, await summation.sum(centers, some, bounds[name]), exact),
    pass: (times) =>
      spent(async () => {
        for (let i = 0; i < times; i++) await summation.sum(centers, queries, bounds[name])
      }),
  })
  return {
    name: `pruning, layer ${layer}`,
    title: `sums over other inputs in layer ${layer} (${dimension} dimensions) of the trained network, ${queryCount} queries x ${count} centers`,
    reference: `plain sums in f64, ${checked} queries`,
    work: { count: count * queryCount, unit: 'pairs' },
    rungs: [
      rung('full', 'every pair, by tile-sums; trees and reading back included'),
      rung('pruned', `what ${certificate} nats allow to be skipped is; the rest by tiles and moments`),
    ],
    absent: [],
    close: async () => summation.release(),
  }
}

/** queries x columns x (same label, other labels), one pair after the other. */
function plainSums({ dimension, noiseStd }: LayerScene, centers: Centers, queries: Queries): Float64Array {
  const sums = new Float64Array(queries.count * columns * 2)
  const scale = 1 / (2 * noiseStd ** 2)
  for (let q = 0; q < queries.count; q++) {
    for (let c = 0; c < centers.count; c++) {
      if (centers.input[c] === queries.input[q]) continue
      let exponent = 0
      for (let k = 0; k < dimension; k++) {
        const t = queries.coordinates[q * dimension + k] - centers.coordinates[c * dimension + k]
        exponent -= scale * t * (t + 2 * queries.noise[q * dimension + k])
      }
      const kind = centers.label![c] === queries.label![q] ? 0 : 1
      sums[(q * columns + centers.column![c]) * 2 + kind] += Math.exp(exponent)
    }
  }
  return sums
}

/** Allowed is what was skipped, and rounding and remainder of what was summed, a query's own input included. */
function shareOf({ dimension, samples, inputs }: LayerScene, summed: Summed, exact: Float64Array): number {
  const relative = tileRounding(dimension, summed.additions) + summed.remainder
  const own = samples.count / inputs
  let worst = 0
  for (let i = 0; i < exact.length; i++) {
    const allowed = summed.skipped[Math.floor(i / (2 * columns))] + relative * (exact[i] + own) + 1e-30
    const share = Math.abs(summed.sums[i] - exact[i]) / allowed
    if (!(share <= worst)) worst = share
  }
  return worst
}
