/**
 * Signals whose axes are independent: information and entropy add up over the axes, and each axis is a quadrature. A rotation of
 * samples and isotropic noise changes neither, but leaves the estimator no axis to hold on to.
 */
import { applied, randomRotation } from '../math/linear-algebra.js'
import { cloudInformation, gaussianEntropy, pushed, type Cloud, type NoisyInformation } from '../math/quadrature.js'
import type { Samples } from '../samples/samples.js'
import type { CaseOptions, ValidationCase } from './case.js'
import { draws, type Draws } from './draws.js'

export interface Axis {
  places: readonly number[]
  /** Of the places, of sum 1; equal where absent. */
  probabilities?: readonly number[]
  /** A noisy layer between: S = map(place + N(0, std^2)), drawn anew for each replica. */
  between?: { std: number; map(t: number): number }
}

export interface ProductCase {
  name: string
  axes: readonly Axis[]
  noiseStd: number
  /** Samples of each input; 1 where nothing is random between. */
  replicas?: number
  /** Axes turned by a random rotation. */
  turned?: boolean
  /** Of the samples drawn, whether they suffice; true by default. */
  enough?: boolean
  options?: CaseOptions
}

/** All inputs, one for each combination of places, with their probabilities as weights where they are not equal. */
export function enumerated({ name, axes, noiseStd, replicas = 1, turned, options }: ProductCase): ValidationCase {
  const inputs = combinations(axes)
  const weighted = axes.some((axis) => axis.probabilities)
  const rows = inputs.flatMap((input, x) => Array.from({ length: replicas }, () => ({ ...input, x })))
  return {
    name,
    regime: replicas > 1 ? 'all' : 'exact',
    truth: total(axes, noiseStd).information,
    enough: true,
    options: { ...options, noiseStd, inputs: 'all' },
    draw: (seed) => ({
      ...placed(
        axes,
        rows.map(({ at }) => at),
        draws(seed),
        turned,
      ),
      x: Uint32Array.from(rows, ({ x }) => x),
      y: null,
      weights: weighted ? Float64Array.from(rows, ({ probability }) => probability) : null,
    }),
  }
}

/** `count` independent samples of the product, each an input of its own: I(S;T) = h(T) - h(Z). */
export function sampled(given: ProductCase, count: number): ValidationCase {
  const { name, axes, noiseStd, turned, enough = true, options } = given
  return {
    name,
    regime: 'sample',
    truth: total(axes, noiseStd).entropy - axes.length * gaussianEntropy(noiseStd),
    enough,
    options: { ...options, noiseStd, inputs: 'sample' },
    draw: (seed) => {
      const random = draws(seed)
      const rows = Array.from({ length: count }, () => axes.map((axis) => pick(axis, random.uniform())))
      return { ...placed(axes, rows, random, turned), x: null, y: null, weights: null }
    },
  }
}

/** I(X;T) and h(T) of all axes together, X the places. */
function total(axes: readonly Axis[], noiseStd: number): NoisyInformation {
  const each = axes.map((axis) => cloudInformation(clouds(axis), probabilitiesOf(axis), noiseStd))
  const sum = (of: (one: NoisyInformation) => number) => each.reduce((all, one) => all + of(one), 0)
  return { information: sum((one) => one.information), entropy: sum((one) => one.entropy) }
}

function clouds({ places, between }: Axis): Cloud[] {
  return places.map((place) =>
    between ? pushed(between.map, place, between.std) : { points: [place], probabilities: [1] },
  )
}

function probabilitiesOf({ places, probabilities }: Axis): readonly number[] {
  return probabilities ?? places.map(() => 1 / places.length)
}

interface Input {
  /** Number of the place on each axis. */
  at: number[]
  probability: number
}

function combinations(axes: readonly Axis[]): Input[] {
  return axes.reduce<Input[]>(
    (inputs, axis) =>
      inputs.flatMap(({ at, probability }) =>
        probabilitiesOf(axis).map((p, i) => ({ at: [...at, i], probability: probability * p })),
      ),
    [{ at: [], probability: 1 }],
  )
}

function pick(axis: Axis, uniform: number): number {
  const probabilities = probabilitiesOf(axis)
  let [i, below] = [0, probabilities[0]]
  while (uniform > below && i < probabilities.length - 1) below += probabilities[++i]
  return i
}

/** One row of S for each list of places; noise between drawn afresh for every row. */
function placed(
  axes: readonly Axis[],
  rows: readonly number[][],
  { normal }: Draws,
  turned = false,
): Pick<Samples, 'count' | 'width' | 's'> {
  const rotation = turned ? randomRotation(axes.length, normal) : null
  const s = new Float64Array(rows.length * axes.length)
  rows.forEach((at, row) => {
    const plain = axes.map(({ places, between }, k) =>
      between ? between.map(places[at[k]] + between.std * normal()) : places[at[k]],
    )
    s.set(rotation ? applied(rotation, plain) : plain, row * axes.length)
  })
  return { count: rows.length, width: axes.length, s }
}
