// The certificate against sums from which a known part was left out: the worst that METHOD 2.2 allows, in f64.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import { informationRow } from '../../src/information/information-row.js'
import { jackknife, type KernelSums } from '../../src/information/jackknife.js'

const [inputs, batches, dimension] = [3, 8, 2]

test('the lowest noisy layer: what was left out is just what the certificate says', () => {
  for (const left of [1e-6, 1e-2, 1]) {
    const [whole, computed] = [exactSums(left), exactSums(0)]
    const change = jackknife(computed).mi.corrected - jackknife(whole).mi.corrected
    close(change / certificate(computed, left), 1, 0.002, `e = ${left}`)
    assert.ok(change <= certificate(computed, left))
  }
})

test('above it: a bound on the corrected value also where one batch of centers holds most of a sum', () => {
  for (const near of [0, 1, 50]) {
    for (const left of [1e-6, 1e-3]) {
      const [whole, computed] = [batchedSums(near, left), batchedSums(near, 0)]
      const change = Math.abs(jackknife(computed).mi.corrected - jackknife(whole).mi.corrected)
      const bound = certificate(computed, left)
      assert.ok(
        change <= bound,
        `${near} in one batch, e = ${left}: mi_corrected changes by ${change}, certified ${bound}`,
      )
    }
  }
})

test('a bound of nothing is 0', () => {
  assert.is(certificate(exactSums(0), 0), 0)
  assert.is(certificate(batchedSums(1, 0), 0), 0)
})

/** One sample an input; every query misses `left` in units of its own center. */
function exactSums(left: number): KernelSums {
  const queries = Array.from({ length: inputs * batches }, (_, i) => i)
  return { ...shape(false), own: queries.map(() => 1), others: queries.flatMap(() => [0, left]) }
}

/**
 * One center an input and batch, far from its input's other ones; beside the query's own it finds `near` in the batch after
 * its own, and every center of one other input adds `left`.
 */
function batchedSums(near: number, left: number): KernelSums {
  const [own, others]: number[][] = [[], []]
  for (let query = 0; query < inputs * batches; query++) {
    for (let b = 0; b < batches; b++) {
      const batch = query % batches
      own.push(b === batch ? 1 : 0)
      others.push(b === (batch + 1) % batches ? near : 0, left)
    }
  }
  return { ...shape(true), own, others }
}

function shape(batchedCenters: boolean) {
  const centers = batchedCenters ? batches : 1
  return {
    ...{ inputs, batches, queriesPerBatch: 1, dimension, noiseStd: 1, ownReplicas: centers, replicas: centers },
    ...{ batchedCenters, noiseEnergy: new Float64Array(inputs * batches).fill(1), labelProbability: () => 1 / 3 },
    ...{ ownRounding: 0, othersRounding: 0 },
  }
}

/** As a row states it where the skipped tiles of every input hold at most `left`, in means. */
function certificate(sums: KernelSums, left: number): number {
  const layers = [1, dimension, 1].map((width) => ({ width, activation: 'linear' as const }))
  const labels = Uint32Array.of(0, 1, 2)
  const data = { name: 'test', count: inputs, width: 1, classes: 3, inputs: new Float32Array(inputs), labels }
  const options = { layers: [2], replicas: 8, ownReplicas: 8, batches, queries: 1, tolerance: left }
  const about = { seed: 1, epoch: 0, data, network: { inputWidth: 1, layers, noiseStd: 1 }, options }
  return informationRow(about, 2, { sums, skipped: new Float64Array(inputs).fill(left) }).certificate!
}

test.run()
