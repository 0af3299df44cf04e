import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fisherInterval, rankCorrelation, ranks } from '../../src/math/rank-correlation.js'
import { tInterval } from '../../src/math/intervals.js'
import { mean, quantile } from '../../src/math/statistics.js'

function near(found: number | null, expected: number, tolerance = 1e-9): void {
  assert.ok(found !== null && !!(Math.abs(found - expected) <= tolerance), `${found} is not ${expected}`)
}

test('equal values share the mean of their places', () => {
  assert.equal([...ranks([10, 30, 20, 20])], [1, 4, 2.5, 2.5])
  assert.equal([...ranks([5, 5, 5])], [2, 2, 2])
})

test("Spearman's correlation without ties is 1 - 6 sum d^2 / (n (n^2 - 1)), with ties Pearson's of the ranks", () => {
  // IQ and hours of television of ten people, the usual textbook example: sum d^2 = 194
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
  near(rankCorrelation(iq, hours), 1 - (6 * 194) / 990)
  // ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5)
  near(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4]), 4.5 / Math.sqrt(22.5))
})

test('only the order counts, and an order turned round turns the sign', () => {
  const a = [0.1, 0.7, 0.3, 9, 2]
  const b = [3, 1, 4, 1.5, 9]
  near(rankCorrelation(a.map(Math.log), b), rankCorrelation(a, b)!)
  near(
    rankCorrelation(
      a.map((value) => -value),
      b,
    ),
    -rankCorrelation(a, b)!,
  )
  assert.is(rankCorrelation(a, a), 1)
})

test('a constant series, and fewer than three pairs, have none; a hole is an error', () => {
  assert.is(rankCorrelation([1, 2, 3], [4, 4, 4]), null)
  assert.is(rankCorrelation([1, 2], [1, 2]), null)
  assert.throws(() => rankCorrelation([1, 2, 3], [1, 2]), /3 values against 2/)
  assert.throws(() => rankCorrelation([1, NaN, 3], [1, 2, 3]), /value 1 is NaN/)
})

test('over series: the t-interval of atanh, bent back', () => {
  const series = [0.2, 0.8, 0.5].map((value) => ({ value, pairs: 20 }))
  const z = tInterval(series.map(({ value }) => Math.atanh(value)))
  const { value, low, high } = fisherInterval(series)
  near(value, Math.tanh(z.value))
  near(low, Math.tanh(z.value - z.half))
  near(high, Math.tanh(z.value + z.half))
  assert.ok(high - value < value - low, 'less room above than below')
})

test('perfect series are held half a step below 1; one series has a value and no interval', () => {
  const perfect = fisherInterval([1, 1, 1].map((value) => ({ value, pairs: 5 })))
  near(perfect.value, 1 - 6 / 120)
  near(perfect.low, 1 - 6 / 120)
  const alone = fisherInterval([{ value: -0.5, pairs: 9 }])
  near(alone.value, -0.5)
  assert.equal([alone.low, alone.high], [NaN, NaN])
})

/** Correlations of 20,000 networks that differ, 13 points each. */
function manySeries() {
  const draw = generator(7)
  const points = 13
  return Array.from({ length: 20_000 }, () => {
    const strength = 1 + 0.5 * normal(draw)
    const a = Array.from({ length: points }, () => normal(draw))
    const b = a.map((value) => strength * value + normal(draw))
    return { value: rankCorrelation(a, b)!, pairs: points }
  })
}

test('four series of a dozen points: the interval holds the mean as often as it says', () => {
  const many = manySeries()
  const truth = fisherInterval(many).value
  const trials = 2000
  const held = Array.from({ length: trials }, (_, i) => fisherInterval(many.slice(4 * i, 4 * i + 4))).filter(
    ({ low, high }) => low <= truth && truth <= high,
  ).length
  // 4 standard errors of a share of .95 in 2000 are .0195; z is not quite normal
  assert.ok(!!(Math.abs(held / trials - 0.95) <= 0.025), `${held} of ${trials}`)
})

test('percentiles of a bootstrap over four series would hold it much more rarely: why they were not taken', () => {
  const values = manySeries().map(({ value }) => value)
  const truth = mean(values)
  const draw = generator(8)
  const trials = 500
  const held = Array.from({ length: trials }, (_, i) => {
    const four = values.slice(4 * i, 4 * i + 4)
    const means = Array.from({ length: 300 }, () => mean(four.map(() => four[Math.floor(4 * draw())])))
    return quantile(means, 0.025) <= truth && truth <= quantile(means, 0.975)
  }).filter(Boolean).length
  assert.ok(held / trials < 0.85, `${held} of ${trials}`)
})

test.run()

/** Mulberry32: uniform in (0, 1). */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32
  }
}

function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw())
}
