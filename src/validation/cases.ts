/**
 * The cases of `infoflow validate`, as data. Truths are closed forms and quadratures (METHOD 6); noise is chosen so that points
 * overlap: where they hardly do, a handful of queries decides, and no standard error can know.
 */
import type { ValidationCase } from './case.js'
import { diagonal, gaussian } from './gaussian.js'
import { enumerated, sampled, type Axis, type ProductCase } from './product.js'

const binary: Axis = { places: [-1, 1] }
const still: Axis = { places: [0] }
const pam = (levels: number): Axis => ({ places: Array.from({ length: levels }, (_, i) => 2 * i + 1 - levels) })
const neuron = (w: number, b: number): Axis => ({ places: [-3, -1, 1, 3].map((x) => Math.tanh(w * x + b)) })
const times = (count: number, axis: Axis): Axis[] => Array.from({ length: count }, () => axis)

/** A layer on a noisy one: what `map` makes of places that carry noise of standard deviation `std` already. */
const over = ({ places }: Axis, std: number, map: (t: number) => number): Axis => ({ places, between: { std, map } })

/** Places that differ in probability. */
const skewed: Axis[] = [
  { places: [-1, 1], probabilities: [0.9, 0.1] },
  { places: [-1, 0, 1], probabilities: [0.25, 0.5, 0.25] },
  { places: [-3, -1, 1, 3], probabilities: [0.1, 0.2, 0.3, 0.4] },
]

/** Half-width of the intervals, nats: an SE below 0.01. */
const narrow = { tolerance: 0.02 }

/** All inputs given, one sample each: only queries are random, and there are as many as it takes. */
const single = (given: ProductCase): ValidationCase => enumerated({ ...given, options: narrow })

const exact: ValidationCase[] = [
  ...[0.5, 1, 2].map((noiseStd) => single({ name: `-1, 1, noise ${noiseStd}`, axes: [binary], noiseStd })),
  ...[4, 8].map((levels) => single({ name: `PAM-${levels}, noise 1`, axes: [pam(levels)], noiseStd: 1 })),
  ...[
    [0.1, 1, 0],
    [0.1, 2, -4],
    [0.1, 0.7, 0.3],
    [0.01, 1, -2],
    [0.01, 5, 0],
  ].map(([noiseStd, w, b]) =>
    single({ name: `tanh(${w} x + ${b}), noise ${noiseStd}`, axes: [neuron(w, b)], noiseStd }),
  ),
  single({ name: 'cube in 3 dimensions', axes: times(3, binary), noiseStd: 1 }),
  single({ name: 'cube in 5 dimensions, turned', axes: times(5, binary), noiseStd: 0.5, turned: true }),
  single({ name: 'cube in 8 dimensions, turned', axes: times(8, binary), noiseStd: 0.7, turned: true }),
  single({ name: 'unequal probabilities, turned', axes: skewed, noiseStd: 0.6, turned: true }),
  single({
    name: 'unequal probabilities in 15 dimensions',
    axes: [...skewed, ...skewed.slice(0, 2), ...times(10, still)],
    noiseStd: 0.8,
    turned: true,
  }),
  single({
    name: '256 points in 15 dimensions, turned',
    axes: [...times(8, binary), ...times(7, still)],
    noiseStd: 0.6,
    turned: true,
  }),
]

const longExact: ValidationCase[] = [
  single({ name: 'cube in 10 dimensions, turned', axes: times(10, binary), noiseStd: 0.8, turned: true }),
  single({ name: 'PAM-8 cubed, turned', axes: times(3, pam(8)), noiseStd: 1, turned: true }),
  single({ name: '4096 points in 15 dimensions', axes: [...times(12, binary), ...times(3, still)], noiseStd: 1 }),
]

/** All inputs given, with replicas of a noisy layer below. */
const layered: ValidationCase[] = [
  enumerated({
    name: 'tanh neuron on a noisy one',
    axes: [over(neuron(0.8, 0.1), 0.2, (t) => Math.tanh(2.5 * t - 0.3))],
    noiseStd: 0.2,
    replicas: 1024,
  }),
  enumerated({
    name: 'linear layer on a noisy cube, turned',
    axes: times(
      3,
      over(binary, 0.5, (t) => 1.5 * t),
    ),
    noiseStd: 0.5,
    replicas: 512,
    turned: true,
  }),
  enumerated({
    name: 'two tanh neurons on noisy ones, turned',
    axes: [over(neuron(0.5, 0), 0.2, (t) => Math.tanh(1.5 * t)), over(binary, 0.2, (t) => Math.tanh(t + 0.5))],
    noiseStd: 0.2,
    replicas: 512,
    turned: true,
  }),
]

const longLayered: ValidationCase[] = [
  enumerated({
    name: 'linear layer, another slope on each axis',
    axes: [0.5, 0.8, 1.1, 1.4, 1.7].map((slope) => over(binary, 0.4, (t) => slope * t)),
    noiseStd: 0.5,
    replicas: 256,
    turned: true,
  }),
]

const mixing = [
  [1, 0.5, 0, 0, 0],
  [0.2, 1, -0.7, 0, 0],
  [0, 0.3, 0.8, 0.4, 0],
  [0.1, 0, -0.3, 1, 0.6],
  [0.4, -0.2, 0, 0.5, 0.9],
]

/** The inputs are a sample of what X can be. */
const drawn: ValidationCase[] = [
  ...[1, 2, 3, 5].map((d) =>
    gaussian({ name: `Gaussian, noise 1`, a: diagonal(d), noiseStd: 1, inputs: d < 3 ? 1024 : 2048 }),
  ),
  ...[2, 3, 5].map((d) =>
    gaussian({
      name: `A x, x Gaussian`,
      a: mixing.slice(0, d).map((row) => row.slice(0, d)),
      noiseStd: 0.8,
      inputs: 2048,
    }),
  ),
  gaussian({
    name: 'A x with noise between, 16 replicas',
    a: mixing.slice(0, 2).map((row) => row.slice(0, 2)),
    noiseStd: 0.7,
    between: 0.7,
    inputs: 512,
    replicas: 16,
  }),
  sampled({ name: 'points of a cube, turned', axes: times(4, binary), noiseStd: 0.8, turned: true }, 1024),
  sampled(
    {
      name: 'mixture of 8 Gaussians, turned',
      axes: times(
        3,
        over(binary, 0.5, (t) => t),
      ),
      noiseStd: 0.5,
      turned: true,
    },
    2048,
  ),
]

/** Too few samples: what is asked of the answer is to say so. */
const tooFew: ValidationCase[] = [
  gaussian({ name: 'Gaussian, too few', a: diagonal(5), noiseStd: 0.05, inputs: 512, enough: false }),
  gaussian({ name: 'Gaussian, far too few', a: diagonal(10), noiseStd: 0.1, inputs: 512, enough: false }),
  sampled({ name: 'points of a cube, too few', axes: times(15, binary), noiseStd: 0.1, enough: false }, 512),
]

/** What `--quick` looks at, and what a full validation does. */
export const quickCases: readonly ValidationCase[] = [...exact, ...layered, ...drawn, ...tooFew]
export const allCases: readonly ValidationCase[] = [
  ...exact,
  ...longExact,
  ...layered,
  ...longLayered,
  ...drawn,
  ...tooFew,
]

/** One small case for each regime, to be repeated. */
export const coverageCases: readonly ValidationCase[] = [
  enumerated({ name: 'square, turned', axes: times(2, binary), noiseStd: 0.8, turned: true }),
  enumerated({
    name: 'linear layer on a noisy square, turned',
    axes: times(
      2,
      over(binary, 0.5, (t) => 1.5 * t),
    ),
    noiseStd: 0.5,
    replicas: 64,
    turned: true,
  }),
  gaussian({ name: 'Gaussian, noise 1', a: diagonal(2), noiseStd: 1, inputs: 256 }),
]
