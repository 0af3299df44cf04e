// What f32 does to a measurement: the same samples summed in f64 differ by no more than the bounds say. Sums over other inputs' centers
// are held to theirs in test/summation/summation.test.ts.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import { jackknife } from '../../src/information/jackknife.js'
import { regularSums } from '../../src/information/regular-sums.js'
import { ownRounding } from '../../src/information/rounding.js'
import { buffersOf, ownCenters } from '../../src/information/sampling.js'
import { ownSumsOf } from '../../src/information/summing.js'
import type { Machine } from '../../src/plan.js'
import { dataOf, measurerOf } from '../truth/fixed-network.js'
import { normals } from '../truth/plain-estimator.js'

const inputs = 40
const options = { layers: [2], replicas: 16, ownReplicas: 64, batches: 8, queries: 2, tolerance: 0 }
const queries = options.batches * options.queries

for (const dimension of [1, 3, 10]) {
  test(`${dimension} dimensions: sums and mi within their bounds of f64`, async () => {
    const noiseStd = 0.02
    const { measurer, machine, close: done } = await network(dimension, noiseStd)
    const row = (await measurer.measure(0))[0]
    const own = await machine.read(ownSumsOf(2))
    const exact = await sumAgain(machine, dimension, noiseStd)
    done()
    within(own, exact.own, ownRounding(dimension, options.ownReplicas / options.batches))
    const truth = jackknife(regularSums({ ...shape(dimension, noiseStd), ...exact }))
    close(row.mi_corrected!, truth.mi.corrected, row.numerical_error!, 'mi_corrected')
    assert.ok(
      row.numerical_error! < 1e-3 && truth.mi.corrected < Math.log(inputs) - 0.1,
      'a bar, and clouds that overlap',
    )
  })
}

/** Relative, with room for what is below the smallest f32. */
function within(found: ArrayLike<number>, exact: ArrayLike<number>, bound: number): void {
  close(
    found,
    exact,
    Array.from(exact, (sum) => bound * sum + 1e-36),
    'sums over own centers',
  )
}

/** Two linear layers: inputs some noiseStd apart, and clouds that widen a little. */
function network(dimension: number, noiseStd: number) {
  const normal = normals(dimension)
  const spread = (3 * noiseStd) / Math.sqrt(dimension)
  const rows = Array.from({ length: inputs }, () => Array.from({ length: dimension }, () => 0.5 + spread * normal()))
  const identity = Array.from({ length: dimension ** 2 }, (_, i) => (i % (dimension + 1) === 0 ? 1 : 0))
  const zeros = Array<number>(dimension).fill(0)
  const layers = [dimension, dimension, 1].map((width) => ({ width, activation: 'linear' as const }))
  const parameters = [...identity, ...zeros, ...identity.map((w) => 0.7 * w), ...zeros, ...zeros, 0]
  return measurerOf({ data: dataOf(rows), network: { inputWidth: dimension, layers, noiseStd }, parameters, options })
}

function shape(dimension: number, noiseStd: number) {
  const { replicas, ownReplicas, batches, queries: queriesPerBatch } = options
  return {
    ...{ inputs, batches, queriesPerBatch, dimension, noiseStd, ownReplicas, replicas, batchedCenters: true },
    noiseEnergy: new Float64Array(inputs * queries),
    labels: Array.from({ length: inputs }, (_, x) => x % 2),
    ...{ ownRounding: 0, othersRounding: 0 },
  }
}

/** The sums over the same f32 samples, in f64. Labels alternate. */
async function sumAgain(machine: Machine, dimension: number, noiseStd: number) {
  const { queryS, queryZ, centers } = buffersOf(2)
  const [s, z, shared] = [await machine.read(queryS), await machine.read(queryZ), await machine.read(centers)]
  const ownSamples = await machine.read(ownCenters(2))
  const { batches, replicas, ownReplicas } = options
  const own = new Float64Array(inputs * queries * batches)
  const others = new Float64Array(own.length * 2)
  const rangeSum = (query: number, from: ArrayLike<number>, first: number, count: number) => {
    let sum = 0
    for (let center = first; center < first + count; center++) {
      let toCenter = 0
      for (let k = 0; k < dimension; k++) {
        const t = s[query * dimension + k] - from[center * dimension + k]
        toCenter += t * (t + 2 * z[query * dimension + k])
      }
      sum += Math.exp(-toCenter / (2 * noiseStd ** 2))
    }
    return sum
  }
  for (let at = 0; at < own.length; at++) {
    const [query, batch] = [Math.floor(at / batches), at % batches]
    const input = Math.floor(query / queries)
    const [ownShare, share] = [ownReplicas / batches, replicas / batches]
    own[at] = rangeSum(query, ownSamples, input * ownReplicas + batch * ownShare, ownShare)
    for (let other = 0; other < inputs; other++) {
      if (other === input) continue
      others[2 * at + (other % 2 === input % 2 ? 0 : 1)] += rangeSum(
        query,
        shared,
        other * replicas + batch * share,
        share,
      )
    }
  }
  return { own, others }
}

test.run()
