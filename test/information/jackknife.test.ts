// From kernel sums to estimates: against the estimator as it is defined, laws that hold exactly, and worst cases of rounding.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import { jackknife, type Estimate, type Estimates, type KernelSums } from '../../src/information/jackknife.js'
import { regularSums } from '../../src/information/regular-sums.js'
import { quantities, type Quantity } from '../../src/tables/rows.js'
import { normals } from '../truth/plain-estimator.js'
import { drawClouds, groupedSums, inputsOf, mean, plugIn, share, sumsOf, type Clouds } from './clouds.js'

/** Errors of f64 through some thousand terms of a size of a few nats. */
const rounding = 1e-11
/** Student's t, 97.5 %, with 7 degrees of freedom. */
const t7 = 2.3646242515927853

const triangle = [
  [0, 0],
  [1, 0],
  [0.3, 0.8],
  [1.2, 0.7],
  [-0.5, 0.4],
]
const labels = [0, 1, 0, 2, 0]
const shape = { batches: 8, replicas: 8, ownReplicas: 24, queries: 2 }

function overlapping(seed: number): Clouds {
  return drawClouds(triangle, labels, shape, [0.4, 0.3], normals(seed))
}

test('value, bias, error and interval are those of the definition', () => {
  for (const seed of [1, 2, 3]) {
    const clouds = overlapping(seed)
    const found = jackknife(sumsOf(clouds))
    const batches = range(8)
    const all = plugIn(clouds, batches)
    const without = batches.map((b) =>
      plugIn(
        clouds,
        batches.filter((c) => c !== b),
      ),
    )
    for (const q of quantities)
      agrees(
        found[q],
        all[q],
        without.map((one) => one[q]),
        8 * all[q] - 7 * meanOf(without, q),
        q,
      )
  }
})

test('the lowest noisy layer: batches of queries only, no bias to correct, h(T|X) known', () => {
  const clouds = drawClouds(
    triangle,
    labels,
    { batches: 8, replicas: 8, ownReplicas: 8, queries: 3 },
    [0, 0.3],
    normals(4),
  )
  const found = jackknife(sumsOf(clouds, false))
  const batches = range(8)
  const only = { centerBatches: [0], inBatches: false }
  const all = plugIn(clouds, batches, only)
  const without = batches.map((b) =>
    plugIn(
      clouds,
      batches.filter((c) => c !== b),
      only,
    ),
  )
  for (const q of quantities.filter((name) => name !== 'h_t_given_x')) {
    agrees(
      found[q],
      all[q],
      without.map((one) => one[q]),
      all[q],
      q,
    )
  }
  const known = Math.log(2 * Math.PI * Math.E * 0.3 ** 2)
  assert.equal(found.h_t_given_x, { raw: known, corrected: known, se: 0, low: known, high: known })
  assert.is(found.stepRatio, null)
})

test('groups of inputs, left out with their queries and centers', () => {
  const normal = normals(6)
  const places = range(24).map(() => [1.2 * normal(), 1.2 * normal()])
  const classes = places.map((_, x) => Math.floor(x / 8) % 2)
  const spread = { batches: 2, replicas: 4, ownReplicas: 6, queries: 2 }
  const clouds = drawClouds(places, classes, spread, [0.3, 0.3], normal)
  const found = jackknife(groupedSums(clouds, 8))
  const all = plugIn(clouds, [0, 1], { inBatches: false })
  const without = range(8).map((group) =>
    plugIn(
      inputsOf(clouds, (x) => x % 8 !== group),
      [0, 1],
      { inBatches: false },
    ),
  )
  for (const q of quantities) {
    const partial = without.map((one) => one[q])
    agrees(found[q], all[q], partial, 8 * all[q] - 7 * mean(partial), q)
  }
  assert.is(found.stepRatio, null)
})

test('inputs with fewer centers than batches: what is fixed counts whatever is left out', () => {
  const sums = sumsOf(overlapping(23))
  const fixed = Float64Array.from({ length: 3 * sums.count }, (_, i) => 0.01 * (1 + (i % 7)))
  const found = jackknife({ ...sums, fixed })
  // a part that is the same in every batch, and in every choice of batches counts as much as its share of them
  const each = (values: Float64Array, kinds: number, first: number) =>
    values.map((value, i) => {
      const query = Math.floor(i / (8 * kinds))
      return value + fixed[3 * query + first + (i % kinds)] / 8
    })
  const spread = jackknife({ ...sums, own: each(sums.own, 1, 0), others: each(sums.others, 2, 1) })
  for (const q of quantities) close(Object.values(found[q]), Object.values(spread[q]), rounding, q)
})

test('clusters apart: log m and H(Y) to rounding, no error, nothing divided by 0', () => {
  const far = triangle.map(([x, y]) => [1000 * x, 1000 * y])
  const found = jackknife(sumsOf(drawClouds(far, labels, shape, [30, 0.3], normals(5))))
  close(found.mi.corrected, Math.log(5), rounding, 'mi')
  close(found.label_mi.corrected, labelEntropy(labels), rounding, 'label_mi')
  close([found.mi.se, found.label_mi.se, found.numericalError], [0, 0, 0], rounding, 'errors')
  assert.is(found.stepRatio, null)
  const numbers = quantities.flatMap((q) => Object.values(found[q]) as number[])
  assert.ok(numbers.every(Number.isFinite), `${numbers}`)
})

test("an input on its own: every batch but the query's own sums to 0", () => {
  const sums = sumsOf(overlapping(6))
  const own = sums.own.map((_, i) => (i % 8 === Math.floor(((i / 8) % 16) / 2) ? 1 : 0))
  const alone = jackknife({ ...sums, own, others: sums.others.map(() => 0) })
  close(alone.mi.corrected, Math.log(5), rounding, 'mi')
  assert.ok(Object.values(alone.h_t_given_x).every(Number.isFinite) && Number.isFinite(alone.numericalError))
  assert.ok(alone.numericalError < 1e-12, `f64's own rounding alone: ${alone.numericalError}`)
})

test('points that coincide hold no information, and no value is clamped', () => {
  const same = triangle.map(() => [0, 0])
  const found = jackknife(sumsOf(drawClouds(same, labels, shape, [0, 0.3], normals(7))))
  close([found.mi.raw, found.mi.corrected, found.label_mi.corrected], [0, 0, 0], rounding, 'mi')
  const nearly = Array.from({ length: 12 }, (_, seed) =>
    jackknife(sumsOf(drawClouds(same, labels, shape, [0.1, 0.3], normals(seed)))),
  )
  assert.ok(
    nearly.some(({ mi }) => mi.corrected < 0),
    'noise about 0 goes both ways',
  )
})

test('with a noise energy at its mean everywhere, I(X;T) = h(T) - h(T|X) and I(Y;T) = h(T) - h(T|Y)', () => {
  const sums = sumsOf(overlapping(8))
  const flat = jackknife({ ...sums, noiseEnergy: sums.noiseEnergy.map(() => 1) })
  for (const key of ['raw', 'corrected'] as const) {
    close(flat.h_t[key] - flat.h_t_given_x[key], flat.mi[key], rounding, `mi, ${key}`)
    close(flat.h_t[key] - flat.h_t_given_y[key], flat.label_mi[key], rounding, `label_mi, ${key}`)
  }
})

test('bounds: raw values never exceed log m and H(Y); a layer knows no more of Y than of X', () => {
  for (let seed = 10; seed < 20; seed++) {
    const found = jackknife(sumsOf(overlapping(seed)))
    assert.ok(found.mi.raw <= Math.log(5) && found.label_mi.raw <= labelEntropy(labels))
    const allowed = 4 * Math.hypot(found.mi.se, found.label_mi.se)
    assert.ok(
      found.label_mi.corrected <= found.mi.corrected + allowed,
      `${found.label_mi.corrected} ${found.mi.corrected}`,
    )
  }
})

test('step_ratio: 1/2 where the excess is 1/R, more where it falls more slowly, and the 1/R law is corrected away', () => {
  const small = 1e-3
  const inverse = jackknife(withOwnSums((batch, other) => (batch === other ? 1 + 8 * small : 1)))
  close(inverse.stepRatio!, 0.5, 2 * small, '1/R')
  close(inverse.mi.raw - withoutBias, 0.75 * small, 5 * small ** 2, 'a bias of 3/4 small')
  close(inverse.mi.corrected, withoutBias, 5 * small ** 2, 'what is left of it')
  const slow = jackknife(withOwnSums(halving((batches) => 1 + small * Math.sqrt(8 / batches))))
  close(slow.stepRatio!, Math.SQRT1_2, 2 * small, '1/sqrt R')
  assert.is(jackknife(withOwnSums(() => 1)).stepRatio, null, 'nothing falls: no ratio')
})

test('step_ratio is told only where it stands out of the noise, and from 8 batches on', () => {
  const told = (seed: number) => jackknife(sumsOf(overlapping(seed))).stepRatio
  const few = drawClouds(triangle, labels, { ...shape, batches: 4 }, [0.4, 0.3], normals(1))
  assert.is(jackknife(sumsOf(few)).stepRatio, null)
  const wide = { batches: 8, replicas: 8, ownReplicas: 8, queries: 8 }
  const biased = jackknife(sumsOf(drawClouds(triangle, labels, wide, [1, 0.3], normals(2))))
  assert.type(biased.stepRatio, 'number')
  assert.ok(range(20).map(told).includes(null))
})

test('numerical_error is the worst that rounding of the sums can do to mi, and no more', () => {
  const sums = { ...sumsOf(overlapping(21)), ownRounding: 3e-6, othersRounding: 1e-6 }
  const exact = jackknife(sums)
  const worst = total(sums, 'own', exact) * 3e-6 + total(sums, 'others', exact) * 1e-6
  close(worst / exact.numericalError, 1, 0.01, 'all errors with the worst signs')
  const normal = normals(22)
  for (let trial = 0; trial < 20; trial++) {
    const off = jackknife({ ...sums, own: shaken(sums.own, 3e-6, normal), others: shaken(sums.others, 1e-6, normal) })
    assert.ok(Math.abs(off.mi.corrected - exact.mi.corrected) <= 1.01 * exact.numericalError)
  }
})

test('numerical_error knows of what is fixed, and of own centers that were taken out of others', () => {
  const sums = { ...sumsOf(overlapping(24)), ownRounding: 3e-6, othersRounding: 1e-6 }
  const fixed = Float64Array.from({ length: 3 * sums.count }, (_, i) => 0.1 * (1 + (i % 7)))
  const given = { ...sums, fixed }
  const exact = jackknife(given)
  const changed = (of: Partial<KernelSums>) =>
    Math.abs(jackknife({ ...given, ...of }).mi.corrected - exact.mi.corrected)
  const worst = total(given, 'own', exact) * 3e-6 + total(given, 'others', exact) * 1e-6
  const ofFixed = fixed.map((value, i) => {
    const one = fixed.slice()
    one[i] = value * (1 + 1e-5)
    return (changed({ fixed: one }) / 1e-5) * (i % 3 === 0 ? 3e-6 : 1e-6)
  })
  close((worst + ofFixed.reduce((a, b) => a + b, 0)) / exact.numericalError, 1, 0.01, 'all errors with the worst signs')
  const taken = new Float64Array(sums.count).fill(2)
  const bound = jackknife({ ...given, taken }).numericalError - exact.numericalError
  const off = range(8).map((b) => changed({ others: sums.others.map((sum, i) => sum + (i % 16 === 2 * b ? 2e-6 : 0)) }))
  assert.ok(Math.max(...off) <= bound && Math.max(...off) > bound / 20, `${off}, bound ${bound}`)
})

test('numerical_error of the lowest noisy layer', () => {
  const clouds = drawClouds(
    triangle,
    labels,
    { batches: 8, replicas: 8, ownReplicas: 8, queries: 3 },
    [0, 0.3],
    normals(4),
  )
  const sums = { ...sumsOf(clouds, false), ownRounding: 0, othersRounding: 1e-6 }
  const exact = jackknife(sums)
  close((total(sums, 'others', exact) * 1e-6) / exact.numericalError, 1, 0.01, 'all errors with the worst signs')
})

/** What mi is where own means are 1. */
const withoutBias = Math.log(4) - Math.log1p(3)

/** 4 inputs with 8 batches of one center; the others add 3 to every mean, so that mi = log 4 - log(1 + 3 / own mean). */
function withOwnSums(own: (batch: number, other: number) => number): KernelSums {
  return regularSums({
    ...{ inputs: 4, batches: 8, queriesPerBatch: 1, dimension: 2, noiseStd: 1, ownReplicas: 8, replicas: 8 },
    own: range(4 * 8 * 8).map((i) => own(Math.floor(i / 8) % 8, i % 8)),
    others: range(4 * 8 * 8 * 2).map((i) => (i % 2 ? 2 : 1)),
    ...{ batchedCenters: true, noiseEnergy: new Float64Array(32).fill(1), labels: [0, 1, 0, 1] },
    ...{ ownRounding: 0, othersRounding: 0 },
  })
}

/** Sums whose mean over all 8 batches, over the batch's half and over its quarter is law(8), law(4), law(2). */
function halving(law: (batches: number) => number): (batch: number, other: number) => number {
  return (batch, other) => {
    if (batch >> 1 === other >> 1) return law(2)
    return batch >> 2 === other >> 2 ? 2 * law(4) - law(2) : 2 * law(8) - law(4)
  }
}

/** Sum of |d mi_corrected / d log sum| over the sums of one kind, by differences. */
function total(sums: KernelSums, kind: 'own' | 'others', exact: Estimates): number {
  const step = 1e-5
  const effects = sums[kind].map((value, i) => {
    const changed = sums[kind].slice()
    changed[i] = value * (1 + step)
    return Math.abs(jackknife({ ...sums, [kind]: changed }).mi.corrected - exact.mi.corrected) / step
  })
  return effects.reduce((a, b) => a + b, 0)
}

function shaken(sums: Float64Array, bound: number, normal: () => number): Float64Array {
  return sums.map((sum) => sum * (1 + bound * Math.sign(normal())))
}

function agrees(found: Estimate, raw: number, without: number[], corrected: number, what: string): void {
  const center = mean(without)
  const se = Math.sqrt((7 / 8) * without.reduce((sum, one) => sum + (one - center) ** 2, 0))
  const expected = [raw, corrected, se, corrected - t7 * se, corrected + t7 * se]
  close([found.raw, found.corrected, found.se, found.low, found.high], expected, rounding, what)
}

function meanOf(all: Record<Quantity, number>[], q: Quantity): number {
  return mean(all.map((one) => one[q]))
}

function labelEntropy(of: number[]): number {
  return [...new Set(of)].reduce((sum, label) => sum - share(of, label) * Math.log(share(of, label)), 0)
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}

test.run()
