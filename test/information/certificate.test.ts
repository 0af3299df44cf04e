// The certificate against sums from which a known part was left out: the worst that METHOD 2.2 allows, in f64.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import { amplification, boundsFor, certificateOf } from '../../src/information/certificate.js'
import { informationRow } from '../../src/information/information-row.js'
import { jackknife } from '../../src/information/jackknife.js'
import { regularSums, type RegularSums } from '../../src/information/regular-sums.js'
import { normals } from '../truth/plain-estimator.js'

const [inputs, batches, dimension] = [3, 8, 2]
const labels = Uint32Array.of(0, 1, 2)

test('the lowest noisy layer: what was left out is just what the certificate says', () => {
  for (const left of [1e-6, 1e-2, 1]) {
    const [whole, computed] = [exactSums(left), exactSums(0)]
    const change = corrected(computed) - corrected(whole)
    close(change / certificate(computed, left), 1, 0.002, `e = ${left}`)
    assert.ok(change <= certificate(computed, left))
  }
})

test('above it: a bound on the corrected value also where one batch of centers holds most of a sum', () => {
  for (const near of [0, 1, 50]) {
    for (const left of [1e-6, 1e-3]) {
      const [whole, computed] = [batchedSums(near, left), batchedSums(near, 0)]
      const change = Math.abs(corrected(computed) - corrected(whole))
      const bound = certificate(computed, left)
      assert.ok(
        change <= bound,
        `${near} in one batch, e = ${left}: mi_corrected changes by ${change}, certified ${bound}`,
      )
    }
  }
})

test('moments: a relative error of either sign in every sum, own centers counted in, moves no more than is certified', () => {
  const [sums, sign] = [batchedSums(1, 0.3), normals(5)]
  for (const off of [1e-7, 1e-3]) {
    const bound = certificate(sums, 0, off)
    for (let trial = 0; trial < 50; trial++) {
      const ownOf = (i: number) => sums.own[i >> 1] * (i % 2 === 0 ? 1 : 0)
      const others = Array.from(sums.others, (sum, i) => sum + Math.sign(sign()) * off * (sum + ownOf(i)))
      const change = Math.abs(corrected({ ...sums, others }) - corrected(sums))
      assert.ok(change <= bound * (1 + 100 * off), `mi_corrected changes by ${change}, certified ${bound}`)
    }
  }
})

test('bounds for a summation: what they let be skipped, and the moments, stay within the certificate together', () => {
  for (const [columns, ownRatio, certified] of [
    [1, 1, 1e-6],
    [16, 4, 1e-6],
    [8, 1, 0.1],
  ]) {
    const [centers, amplified] = [{ ownWeight: 1 / ownRatio, total: 640 }, amplification(columns, ownRatio)]
    const { threshold, relative } = boundsFor(0.1, certified, amplified, centers)
    const most = centers.total * Math.exp(threshold)
    const reached = certificateOf(amplified, [most / centers.ownWeight], relative, [1])
    assert.ok(reached <= 1.001 * certified && reached > 0.9 * certified, `${reached} of ${certified}`)
  }
  assert.equal(boundsFor(0.1, 0, amplification(8, 2), { ownWeight: 1, total: 9 }), {
    ...{ noiseStd: 0.1, threshold: -Infinity, relative: 0 },
  })
})

test('a bound of nothing is 0', () => {
  assert.is(certificate(exactSums(0), 0), 0)
  assert.is(certificate(batchedSums(1, 0), 0), 0)
})

/** One sample an input; every query misses `left` in units of its own center. */
function exactSums(left: number): RegularSums {
  const queries = Array.from({ length: inputs * batches }, (_, i) => i)
  return { ...shape(false), own: queries.map(() => 1), others: queries.flatMap(() => [0, left]) }
}

/**
 * One center an input and batch, far from its input's other ones; beside the query's own it finds `near` in the batch after
 * its own, and every center of one other input adds `left`.
 */
function batchedSums(near: number, left: number): RegularSums {
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
    ...{ batchedCenters, noiseEnergy: new Float64Array(inputs * batches).fill(1), labels },
    ...{ ownRounding: 0, othersRounding: 0 },
  }
}

function corrected(sums: RegularSums): number {
  return jackknife(regularSums(sums)).mi.corrected
}

/** As a row states it where every query's skipped centers hold at most `left`, in means, and moments are off by `remainder`. */
function certificate(sums: RegularSums, left: number, remainder = 0): number {
  const layers = [1, dimension, 1].map((width) => ({ width, activation: 'linear' as const }))
  const data = {
    name: 'test',
    count: inputs,
    width: 1,
    classes: 3,
    enumerated: true,
    inputs: new Float32Array(inputs),
    labels,
  }
  const options = { layers: [2], replicas: 8, ownReplicas: 8, batches, queries: 1, tolerance: left }
  const about = { seed: 1, epoch: 0, data, network: { inputWidth: 1, layers, noiseStd: 1 }, options }
  const skipped = new Float64Array(inputs * batches).fill(left)
  return informationRow(about, 2, { sums, skipped, remainder }).certificate!
}

test.run()
