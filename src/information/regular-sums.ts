/** The sums of a measured layer, where every input has equally many centers and queries, in the form that the jackknife takes. */
import type { KernelSums } from './kernel-sums.js'

/** Query i is number i % (B Q) of input floor(i / (B Q)), of batch floor((i % (B Q)) / Q). */
export interface RegularSums {
  /** m. */
  inputs: number
  /** B. */
  batches: number
  /** Q. */
  queriesPerBatch: number
  dimension: number
  noiseStd: number
  /** K and R: centers behind `own` and behind each input of `others`. */
  ownReplicas: number
  replicas: number
  /** Whether centers come in batches too; else there is one batch of centers (lowest noisy layer, R = K = 1). */
  batchedCenters: boolean
  /** queries x center batches: sum over the input's own centers. */
  own: ArrayLike<number>
  /** queries x center batches x 2: sums over the centers of other inputs, of the same label and of other labels. */
  others: ArrayLike<number>
  /** queries: what was taken out of `others` again (src/summation/own-in-nodes.ts). */
  taken?: Float64Array
  /** queries: |z|^2 / 2 beta^2. */
  noiseEnergy: Float64Array
  /** inputs. */
  labels: ArrayLike<number>
  /** Bounds on the relative rounding error of a sum in `own` and in `others`. */
  ownRounding: number
  othersRounding: number
}

export function regularSums(sums: RegularSums): KernelSums {
  const { inputs, batches, queriesPerBatch, ownReplicas, replicas, batchedCenters, labels } = sums
  const perInput = batches * queriesPerBatch
  const count = inputs * perInput
  const [input, column, label] = [new Uint32Array(count), new Uint8Array(count), new Uint32Array(count)]
  for (let query = 0; query < count; query++) {
    input[query] = Math.floor(query / perInput)
    column[query] = Math.floor((query % perInput) / queriesPerBatch)
    label[query] = labels[input[query]]
  }
  return {
    ...{ count, columns: batches, columnsAre: batchedCenters ? 'batches' : 'queries' },
    ...{ dimension: sums.dimension, noiseStd: sums.noiseStd, fixed: null, groupMass: null },
    own: divided(sums.own, ownReplicas),
    others: divided(sums.others, replicas),
    taken: sums.taken && divided(sums.taken, replicas),
    ...{ input, column, label },
    weight: new Float64Array(count).fill(1 / count),
    logPrior: new Float64Array(count).fill(-Math.log(inputs)),
    labelMass: [labelProbabilities(labels)],
    ownKnown: !batchedCenters,
    noiseEnergy: sums.noiseEnergy,
    ...{ ownRounding: sums.ownRounding, othersRounding: sums.othersRounding },
  }
}

/** A loop: `from` with a function takes ten times as long. */
function divided(sums: ArrayLike<number>, by: number): Float64Array {
  const out = new Float64Array(sums.length)
  for (let i = 0; i < out.length; i++) out[i] = sums[i] / by
  return out
}

/** P(label), of equally likely inputs. */
export function labelProbabilities(labels: ArrayLike<number>): Float64Array {
  const counts: number[] = []
  for (let x = 0; x < labels.length; x++) counts[labels[x]] = (counts[labels[x]] ?? 0) + 1
  return Float64Array.from(counts, (n) => (n ?? 0) / labels.length)
}

/** H of these probabilities, nats. */
export function entropyOf(probabilities: ArrayLike<number>): number {
  return -Array.from(probabilities).reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)
}
