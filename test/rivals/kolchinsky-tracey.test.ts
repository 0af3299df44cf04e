import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mean, standardError, sum } from '../../src/math/statistics.js'
import { rowProbabilities } from '../../src/rivals/codes.js'
import { kolchinskyTracey, type Bounds } from '../../src/rivals/kolchinsky-tracey.js'
import type { Samples } from '../../src/samples/samples.js'
import { close } from '../close.js'
import { normalEntropy, normals, samplesOf, uniform } from './clouds.js'

/**
 * Up to 40 centers in up to 6 dimensions, from far within the noise to far apart; some inputs have several, or
 * weights.
 */
function randomMixture(seed: number): Samples {
  const next = uniform(seed)
  const count = 1 + Math.floor(40 * next())
  const width = 1 + Math.floor(6 * next())
  const spread = 10 ** (3 * next() - 1.5)
  const inputs = 1 + Math.floor(count * next())
  const x = Uint32Array.from({ length: count }, (_, i) => i % inputs)
  const shares = Float64Array.from({ length: inputs }, () => next())
  const weights = seed % 2 ? Float64Array.from(x, (code) => shares[code]) : null
  const s = normals(count * width, seed).map((value) => spread * value)
  return samplesOf(s, width, { x, y: x.map((code) => code % 3), weights })
}

/** Plain Monte Carlo of h(g), noise 1: points of each center in turn, -log g, weighted by the center's probability. */
function plainEntropy({ s, width, count }: Samples, probabilities: Float64Array, seed: number): [number, number] {
  const draws = 100
  const noise = normals(count * draws * width, 1000 + seed)
  const entropies = Array.from({ length: count }, (_, center) => {
    if (probabilities[center] === 0) return [0, 0]
    const terms = Array.from({ length: draws }, (_, draw) => {
      const at = (center * draws + draw) * width
      const point = Array.from({ length: width }, (_, c) => s[center * width + c] + noise[at + c])
      const density = sum(
        Array.from(probabilities, (p, j) => {
          const square = point.reduce((total, value, c) => total + (value - s[j * width + c]) ** 2, 0)
          return p * Math.exp(-square / 2)
        }),
      )
      return (width / 2) * Math.log(2 * Math.PI) - Math.log(density)
    })
    return [mean(terms), standardError(terms)]
  })
  const value = sum(entropies.map(([h], i) => probabilities[i] * h))
  return [value, Math.hypot(...entropies.map(([, se], i) => probabilities[i] * se))]
}

/** The same of the rows of each code, averaged. */
function plainConditional(samples: Samples, codes: Uint32Array, seed: number): [number, number] {
  const probabilities = rowProbabilities(samples)
  const found = [...new Set(codes)].map((code) => {
    const own = probabilities.map((p, i) => (codes[i] === code ? p : 0))
    const share = sum(own)
    const [h, se] = plainEntropy(
      samples,
      own.map((p) => p / share),
      seed + code,
    )
    return [share * h, share * se]
  })
  return [sum(found.map(([h]) => h)), Math.hypot(...found.map(([, se]) => se))]
}

function brackets({ lower, upper }: Bounds, [value, se]: [number, number], what: string): void {
  const slack = 4 * se + 1e-9
  assert.ok(
    lower.value! <= value + slack && value - slack <= upper.value!,
    `${what}: ${lower.value} ${value} ${upper.value}`,
  )
}

test('bounds hold the entropies of random mixtures, and their informations, between them', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const samples = randomMixture(seed)
    const bounds = kolchinskyTracey(samples, 1)
    const h = plainEntropy(samples, rowProbabilities(samples), seed)
    const [givenX, givenY] = [samples.x!, samples.y!].map((codes) => plainConditional(samples, codes, seed))
    const less = (other: [number, number]): [number, number] => [h[0] - other[0], Math.hypot(h[1], other[1])]
    brackets(bounds.h_t, h, `h(T) of mixture ${seed}`)
    brackets(bounds.h_t_given_x, givenX, `h(T|X) of mixture ${seed}`)
    brackets(bounds.mi, less(givenX), `I(X;T) of mixture ${seed}`)
    const { h_t, h_t_given_x, mi } = bounds
    close(mi.lower.value!, h_t.lower.value! - h_t_given_x.upper.value!, 1e-12, 'the least of the differences')
    close(mi.upper.value!, h_t.upper.value! - h_t_given_x.lower.value!, 1e-12, 'the greatest')
    brackets(bounds.label_mi!, less(givenY), `I(Y;T) of mixture ${seed}`)
  }
})

test('two centers, by hand', () => {
  const { h_t, h_t_given_x, mi, same } = kolchinskyTracey(samplesOf([-1, 1]), 0.7)
  const constant = normalEntropy(1) + Math.log(0.7)
  const k = (u: number) => constant - Math.log((1 + Math.exp(-4 / u)) / 2)
  close(h_t.upper.value!, k(2 * 0.49), 1e-14, 'upper')
  close(h_t.lower.value!, k(8 * 0.49), 1e-14, 'lower')
  for (const { value } of [h_t_given_x.lower, h_t_given_x.upper]) close(value!, constant, 1e-14, 'h(T|X)')
  close(mi.upper.value!, k(2 * 0.49) - constant, 1e-14, 'I(X;T)')
  close(same.mi.upper.value!, mi.upper.value!, 1e-14, 'one sample an input: both differences are one')
})

test('far apart both bounds are log m and H(Y); all at one place both are 0', () => {
  const y = Uint32Array.of(0, 0, 1, 2)
  const [far, near] = [
    [0, 100, 200, 300],
    [5, 5, 5, 5],
  ].map((s) => kolchinskyTracey(samplesOf(s, 1, { y }), 0.1))
  for (const side of ['lower', 'upper'] as const) {
    close(far.mi[side].value!, Math.log(4), 1e-13, 'log m')
    close(far.label_mi![side].value!, 1.5 * Math.LN2, 1e-13, 'H(Y)')
    close(near.mi[side].value!, 0, 1e-13, 'one place')
  }
})

test('some rows of the outer sum instead of all: within 4 standard errors, which are 0 for all', () => {
  const s = normals(6000, 3)
  const samples = samplesOf(s, 3, { y: Uint32Array.from({ length: 2000 }, (_, i) => Number(s[3 * i] > 0)) })
  const all = kolchinskyTracey(samples, 0.3)
  const some = kolchinskyTracey(samples, 0.3, { rows: 200 })
  assert.equal([all.rows, some.rows], [2000, 200])
  for (const quantity of ['h_t', 'mi', 'label_mi'] as const) {
    const { value, se } = some[quantity]!.upper
    assert.is(all[quantity]!.upper.se, 0)
    assert.ok(se! > 0 && se! < 0.1)
    close(value!, all[quantity]!.upper.value!, 4 * se!, quantity)
  }
})

test('offset, one sample, no labels', () => {
  const s = normals(60, 4)
  const [here, there] = [s, s.map((value) => value + 2 ** 20)].map((of) => kolchinskyTracey(samplesOf(of, 3), 0.5))
  // 2^20 leaves 2^-32 of a coordinate: of some 3 beta^-2 |s| per unit of it
  close(there.mi.upper.value!, here.mi.upper.value!, 1e-6, 'offset')
  const one = kolchinskyTracey(samplesOf([3]), 0.5)
  assert.equal([one.mi.lower.value, one.mi.upper.value, one.label_mi, one.same.label_mi], [0, 0, null, null])
})

test.run()
