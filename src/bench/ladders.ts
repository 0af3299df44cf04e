/** Which ladders there are, and how large: what two cores do in a minute or two, in some twenty, or what a GPU takes. */
import type { ConvShape } from '../kernels/conv2d.js'
import type { Machine } from '../plan.js'
import type { BenchRow } from '../tables/bench.js'
import type { TrainingSetup } from '../training/setup.js'
import { climb, type ClimbObserver, type Effort } from './climb.js'
import type { Ladder } from './ladder.js'
import { convolutionLadder, denseLadder } from './layers.js'
import { pairSums } from './pair-sums.js'
import type { Part } from './parts.js'
import { pruningLadder } from './pruning.js'
import type { LayerScene } from './trained.js'
import { trainingLadder } from './training.js'

export interface Sizes {
  /** Queries of the full sums, and as many centers. */
  pairs: number
  /** Rows of a batch of images; of all inputs of the trained network. */
  rows: number
  /** Epochs that the network has trained whose sums are pruned, replicas of each of its inputs, and queries. */
  epochs: number
  replicas: number
  queries: number
  effort: Effort
}

export function sizesOf(quick: boolean, software: boolean): Sizes {
  if (!software) {
    const effort = { rounds: quick ? 3 : 9, seconds: quick ? 20 : 60, shortest: 0.2 }
    return { pairs: 2 ** 16, rows: 1024, epochs: quick ? 1000 : 10_000, replicas: 32, queries: 2 ** 17, effort }
  }
  if (quick)
    return {
      pairs: 2 ** 11,
      rows: 16,
      epochs: 300,
      replicas: 8,
      queries: 2 ** 12,
      effort: { rounds: 3, seconds: 6, shortest: 0.05 },
    }
  return {
    pairs: 2 ** 13,
    rows: 64,
    epochs: 10_000,
    replicas: 32,
    queries: 2 ** 17,
    effort: { rounds: 7, seconds: 60, shortest: 0.2 },
  }
}

/** The second convolution of a network for MNIST, and its first dense layer. */
const convolution: ConvShape = { channels: 16, height: 12, width: 12, filters: 32, kernel: 5, stride: 1, padding: 0 }
const [images, neurons] = [512, 128]
/** Dimensions of the full sums: layer 1 of the SZT network. */
const dimension = 10

/** Makes the ladders of a part, one after the other; the next one's buffers come when the last one's are gone. */
export function laddersOf(
  machine: Machine,
  part: Part,
  { pairs, rows, queries }: Sizes,
  setup: TrainingSetup,
  layers: readonly LayerScene[],
): (() => Promise<Ladder>)[] {
  switch (part) {
    case 'sums':
      return [() => pairSums(machine, pairs, dimension)]
    case 'dense':
      return [
        () => denseLadder(machine, rows, images, neurons),
        () => denseLadder(machine, setup.data.count, setup.network.inputWidth, dimension),
      ]
    case 'convolution':
      return [() => convolutionLadder(machine, rows, convolution)]
    case 'training':
      return [() => trainingLadder(machine, setup)]
    case 'pruning':
      return layers.map((scene) => () => pruningLadder(machine, scene, queries))
  }
}

/** Climbs one after the other; `told` gets the rows of each as they come. */
export async function climbAll(
  makers: readonly (() => Promise<Ladder>)[],
  effort: Effort,
  observer: ClimbObserver,
  told: (rows: BenchRow[]) => void,
): Promise<void> {
  for (const make of makers) {
    if (observer.signal?.aborted) return
    const ladder = await make()
    try {
      const rows = await climb(ladder, effort, observer)
      if (rows.length > 0) told(rows)
    } finally {
      await ladder.close()
    }
  }
}

/** All layers' ladders as one: their medians added up. */
export function together(ladders: readonly BenchRow[][]): BenchRow[] {
  const whole = ladders.filter((rows) => rows.every(({ seconds }) => seconds !== null))
  if (whole.length < 2) return []
  const totals = whole[0].map((_, r) => ({
    work: total(whole.map((rows) => rows[r].work)),
    seconds: total(whole.map((rows) => rows[r].seconds!)),
    processor: total(whole.map((rows) => rows[r].processor_seconds!)),
  }))
  return whole[0].map((row, r) => ({
    ...row,
    ...{ ladder: 'pruning, all layers', title: `the ${whole.length} layers above together`, work: totals[r].work },
    ...{ note: 'medians above added up', error_share: Math.max(...whole.map((rows) => rows[r].error_share!)) },
    ...{ seconds: totals[r].seconds, seconds_low: null, seconds_high: null, processor_seconds: totals[r].processor },
    ...{ rate: totals[r].work / totals[r].seconds, speedup: totals[0].seconds / totals[r].seconds },
    ...{ speedup_low: null, speedup_high: null, processor_speedup: totals[0].processor / totals[r].processor },
  }))
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0)
