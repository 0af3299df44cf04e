// Queries in pairs +z, -z and the control variate |z|^2 / 2 beta^2: what they gain, that intervals stay honest, and that bounds on the sums
// hold with the weights that the control variate makes.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { amplification, certificateOf } from '../../src/information/certificate.js'
import { boundingWeights, gains } from '../../src/information/control-variate.js'
import { designQueries, groupsOf, type Columns } from '../../src/information/design.js'
import { estimateInformation } from '../../src/information/estimate.js'
import { groupByInput } from '../../src/information/grouping.js'
import { drawNoise, mirror, noiseEnergies } from '../../src/information/host-samples.js'
import { jackknife, type KernelSums } from '../../src/information/jackknife.js'
import { queryError } from '../../src/information/query-error.js'
import { openMachine } from '../../src/machine/open.js'
import { mean, sum, variance } from '../../src/math/statistics.js'
import type { Samples } from '../../src/samples/samples.js'
import { close } from '../close.js'
import { normals } from '../truth/plain-estimator.js'
import { drawClouds, groupedSums } from './clouds.js'

const machine = await openMachine()
test.after(() => machine.destroy())

/** Errors of f64 through some ten thousand terms of a size of a few nats. */
const rounding = 1e-11
const batches: Columns = { are: 'queries', count: 16 }

test('queries of more than one come in pairs, on one sample and in one column, and weigh p(x)', () => {
  const weights = Float64Array.of(1, 30, 100, 3000)
  const grouping = groupByInput({ ...samplesOf([[0], [1], [2], [3]]), weights })
  for (const columns of [batches, groupsOf(4, 1)]) {
    const { row, input, column, weight, mirrored } = designQueries(grouping, columns, 1000)
    const noise = mirror(drawNoise(row.length, 3, 0.1, 1, 0), 3, mirrored)
    const of = [0, 0, 0, 0]
    row.forEach((_, q) => {
      of[input[q]] += weight[q]
      const next = mirrored[q + 1] === 1
      if (mirrored[q] === 0 && !next) return assert.is(weight[q], grouping.probability[input[q]] / (1 + last(column)))
      const [first, second] = next ? [q, q + 1] : [q - 1, q]
      assert.equal(
        [row, input, column].map((part) => part[first]),
        [row, input, column].map((part) => part[second]),
      )
      for (let k = 0; k < 3; k++) assert.is(noise[3 * first + k], -noise[3 * second + k])
    })
    close(of, grouping.probability, 1e-12, 'weights by input')
    assert.ok(sum(mirrored) > 0.45 * row.length, 'nearly all queries are in pairs')
  }
  const replicas = groupByInput({ ...samplesOf([[0], [1], [2], [3]]), x: Uint32Array.of(0, 0, 1, 1) })
  assert.is(sum(designQueries(replicas, { are: 'batches', count: 2 }, 1000).mirrored), 0, 'none in batches of samples')
})

test('two points through noise: over 200 repetitions the interval covers, and is a tenth of that of independent queries', () => {
  const truth = 0.33683082
  const paired = Array.from({ length: 200 }, (_, i) => twoPoints(1000 + i, true))
  const independent = Array.from({ length: 20 }, (_, i) => twoPoints(1000 + i, false))
  const widths = [paired, independent].map((all) => mean(all.map(({ mi }) => mi.high - mi.low)))
  const covered = paired.filter(({ mi }) => mi.low <= truth && truth <= mi.high).length / 200
  assert.ok(widths[0] < widths[1] / 10, `${widths}`)
  assert.ok(covered >= 0.91 && covered <= 0.985, `${covered} of the intervals hold the truth`)
  const spread = Math.sqrt(variance(paired.map(({ mi }) => mi.corrected)))
  close(Math.sqrt(mean(paired.map(({ error }) => error ** 2))) / spread, 1, 0.2, 'error of the queries')
})

test('the error of the queries is not known from one pair', () => {
  const sums = twoPointSums(1, true, 64)
  assert.is(queryError({ ...sums, count: 2 }), Infinity)
  assert.ok(queryError(sums) < 1)
})

test('mi is h_t - h_t_given_x and label_mi is h_t - h_t_given_y, all inputs given or a sample of them', async () => {
  // 2 B - 1 = 31 values make a corrected one
  for (const inputs of ['all', 'sample'] as const) {
    const a = await estimateInformation(machine, scene(), { noiseStd: 0.5, inputs })
    for (const as of ['', '_corrected'] as const) {
      close(a[`h_t${as}`]! - a[`h_t_given_x${as}`]!, a[`mi${as}`]!, 31 * rounding, `mi${as}, ${inputs}`)
      close(a[`h_t${as}`]! - a[`h_t_given_y${as}`]!, a[`label_mi${as}`]!, 31 * rounding, `label_mi${as}, ${inputs}`)
    }
    assert.ok(a.mi! > 0.5 && a.mi! < Math.log(a.inputs) - 0.5, `clouds that overlap: ${a.mi}`)
  }
})

test('nothing overlaps: the entropy of the inputs to the last digits, and no error', async () => {
  const apart = samplesOf(Array.from({ length: 32 }, (_, i) => [100 * i, 0]))
  const { mi, mi_se } = await estimateInformation(machine, apart, { noiseStd: 0.5, inputs: 'all' })
  close([mi!, mi_se!], [Math.log(32), 0], rounding, 'mi, SE')
})

test('a certificate of 1e-2: against the same queries with nothing skipped, mi changes by no more', async () => {
  for (const inputs of ['all', 'sample'] as const) {
    const asked = { noiseStd: 0.1, inputs }
    const found = await estimateInformation(machine, scene(), { ...asked, certificate: 1e-2 })
    const whole = await estimateInformation(machine, scene(), { ...asked, certificate: 0 })
    const change = Math.abs(found.mi_corrected! - whole.mi_corrected!)
    assert.ok(change > 0 && change <= found.certificate!, `${inputs}: ${change}, certified ${found.certificate}`)
    assert.ok(found.certificate! <= 1.001e-2 && whole.certificate === 0)
  }
})

test('the mean with the control variate is a mean with the weights g', () => {
  const sums = groupedSums(overlapping(3), 8)
  const gain = gains(sums)
  const logs = Array.from(sums.input, (_, q) => {
    const others = Array.from({ length: 16 }, (_, i) => sums.others[16 * q + i])
    return -sums.logPrior[q] - Math.log1p(sum(others) / sums.own[q])
  })
  const weighted = logs.map((log, q) => sums.weight[q] * gain(q, 8) * log)
  close(sum(weighted), jackknife(sums).mi.raw, 1e-12, 'mi')
})

for (const kind of ['queries', 'groups'] as const) {
  test(`columns of ${kind}: what is skipped where g is largest stays within the bound, which plain weights would not give`, () => {
    let beyond = 0
    for (let seed = 0; seed < 20; seed++) {
      const sums = kind === 'groups' ? groupedSums(overlapping(seed), 8) : twoPointSums(seed, true, 64)
      const weight = boundingWeights(sums)
      const most = sums.weight.reduce((best, w, q) => (weight[q] / w > weight[best] / sums.weight[best] ? q : best), 0)
      const amplified = amplification(kind === 'groups' ? 8 : 1, 1)
      // all that other inputs hold at one query is skipped
      const width = sums.others.length / sums.count
      const others = sums.others.map((value, i) => (Math.floor(i / width) === most ? 0 : value))
      const lost = sum(sums.others.subarray(most * width, (most + 1) * width)) / sums.own[most]
      const skipped = Array.from(sums.input, (_, q) => (q === most ? lost : 0))
      const change = Math.abs(jackknife({ ...sums, others }).mi.corrected - jackknife(sums).mi.corrected)
      assert.ok(change <= certificateOf(amplified, skipped, 0, weight), `${change} at seed ${seed}`)
      if (change > certificateOf(amplified, skipped, 0, sums.weight)) beyond++
    }
    if (kind === 'queries') assert.is(beyond, 20, 'changes larger than a bound that knows no g')
  })
}

test('numerical_error with groups of inputs left out is the worst that rounding can do, and no more', () => {
  const sums = { ...groupedSums(overlapping(5), 8), ownKnown: true, ownRounding: 0, othersRounding: 1e-6 }
  const exact = jackknife(sums)
  const step = 1e-5
  const effects = sums.others.map((value, i) => {
    const others = sums.others.slice()
    others[i] = value * (1 + step)
    return Math.abs(jackknife({ ...sums, others }).mi.corrected - exact.mi.corrected) / step
  })
  close((sum(effects) * 1e-6) / exact.numericalError, 1, 0.01, 'all errors with the worst signs')
})

const last = (values: ArrayLike<number>) => values[values.length - 1]

function samplesOf(points: number[][]): Samples {
  const s = Float64Array.from(points.flat())
  return { count: points.length, width: points[0].length, s, x: null, y: null, weights: null }
}

/** 200 points of a plane with three labels. */
function scene(): Samples {
  const normal = normals(9)
  const samples = samplesOf(Array.from({ length: 200 }, () => [normal(), normal()]))
  return { ...samples, y: Uint32Array.from({ length: 200 }, (_, i) => i % 3) }
}

function overlapping(seed: number) {
  const normal = normals(100 + seed)
  const points = Array.from({ length: 8 }, () => [normal(), normal()])
  return drawClouds(
    points,
    [0, 1, 0, 1, 0, 1, 0, 1],
    { batches: 2, replicas: 2, ownReplicas: 2, queries: 2 },
    [0, 0.5],
    normal,
  )
}

/** -1 and 1 through noise of standard deviation 1, summed in f64. */
function twoPointSums(seed: number, paired: boolean, wanted: number): KernelSums {
  const noiseStd = 1
  const grouping = groupByInput(samplesOf([[-1], [1]]))
  const { input, column, weight, mirrored } = designQueries(grouping, batches, wanted)
  const noise = drawNoise(input.length, 1, noiseStd, seed, 0)
  if (paired) mirror(noise, 1, mirrored)
  return {
    ...{ count: input.length, columns: 16, columnsAre: 'queries', dimension: 1, noiseStd, fixed: null },
    own: new Float64Array(input.length).fill(1),
    others: Float64Array.from({ length: 2 * input.length }, (_, i) => {
      const t = input[i >> 1] === 0 ? -2 : 2
      return i % 2 === 0 ? 0 : Math.exp((-t * (t + 2 * noise[i >> 1])) / (2 * noiseStd ** 2))
    }),
    ...{ input, column, weight, mirrored: paired ? mirrored : undefined },
    logPrior: new Float64Array(input.length).fill(-Math.LN2),
    ...{ label: null, labelMass: [new Float64Array(0)], groupMass: null, ownKnown: true },
    noiseEnergy: noiseEnergies(noise, 1, noiseStd),
    ...{ ownRounding: 0, othersRounding: 0 },
  }
}

function twoPoints(seed: number, paired: boolean) {
  const sums = twoPointSums(seed, paired, 2 ** 12)
  return { mi: jackknife(sums).mi, error: queryError(sums) }
}

test.run()
