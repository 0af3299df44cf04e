/** What sums cost against the number of centers, layer by layer of a trained network: in full and pruned. */
import { median } from '../math/statistics.js'
import type { Machine } from '../plan.js'
import type { Summation } from '../summation/summation.js'
import type { ScalingRow } from '../tables/bench.js'
import type { ClimbObserver } from './climb.js'
import { spent } from './ladder.js'
import { boundsOf, centersOf, queriesOf, summationOf, type LayerScene } from './trained.js'

export interface ScalingPlan {
  /** Of every sum. */
  queries: number
  /** Centers at most, pruned and in full. */
  most: number
  mostInFull: number
  /** Sums of each kind that are timed. */
  repetitions: number
}

/** One row for each layer, method and number of centers, which doubles from one an input up to what the plan and the samples allow. */
export async function scaling(
  machine: Machine,
  layers: readonly LayerScene[],
  plan: ScalingPlan,
  observer: ClimbObserver = {},
): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = []
  for (const scene of layers) {
    const largest = Math.min(plan.most, scene.samples.count)
    const summation = await summationOf(machine, scene, largest, plan.queries)
    for (let centers = scene.inputs; centers <= largest; centers *= 2) {
      for (const method of ['pruned', 'full'] as const) {
        if (observer.signal?.aborted) break
        if (method === 'full' && centers > plan.mostInFull) continue
        observer.doing?.(`layer ${scene.layer}, ${centers} centers, ${method}`)
        rows.push(await rowOf(summation, scene, centers, method, plan))
      }
    }
    summation.release()
  }
  return rows
}

async function rowOf(
  summation: Summation,
  scene: LayerScene,
  count: number,
  method: 'full' | 'pruned',
  { queries: queryCount, repetitions }: ScalingPlan,
): Promise<ScalingRow> {
  const [centers, queries] = [centersOf(scene, count / scene.inputs), queriesOf(scene, queryCount)]
  const bounds = boundsOf(scene, count)[method]
  const [walls, processors]: number[][] = [[], []]
  let pairs = 0
  for (let i = 0; i < repetitions; i++) {
    const { wall, processor } = await spent(async () => {
      pairs = (await summation.sum(centers, queries, bounds)).pairs
    })
    walls.push(wall)
    processors.push(processor)
  }
  const { layer, dimension, noiseStd } = scene
  return {
    ...{ layer, dimension, noise_std: noiseStd, centers: count, queries: queryCount, method, repetitions },
    ...{ seconds: median(walls), seconds_low: Math.min(...walls), seconds_high: Math.max(...walls) },
    ...{ processor_seconds: median(processors), pairs, pairs_share: pairs / (count * queryCount) },
  }
}
