/**
 * A neuron as a channel: its values without noise are the points of a constellation, so that I(X;T) = I(S; S + Z) in one
 * dimension, exact by quadrature. X is uniform. Nats.
 */
import type { DataSet } from '../data/dataset.js'
import { constellationInformation, integrate } from '../math/quadrature.js'
import { fixed } from '../report/numbers.js'
import type { Plane } from '../report/plane-picture.js'

/** I(X;T) for equally likely points. */
export function exactInformation(points: readonly number[], noiseStd: number): number {
  return constellationInformation(
    points,
    points.map(() => 1 / points.length),
    noiseStd,
  ).information
}

/** tanh(w x + b) for each input. */
export function neuronPoints(inputs: ArrayLike<number>, weight: number, bias: number): number[] {
  return Array.from(inputs, (x) => Math.tanh(weight * x + bias))
}

/** 10 log10 of the points' variance over the noise's; -Infinity when they are all one. */
export function signalToNoise(points: readonly number[], noiseStd: number): number {
  return 10 * Math.log10(variance(points) / noiseStd ** 2)
}

/** The noise at which the points have this SNR in dB. */
export function noiseAt(points: readonly number[], snr: number): number {
  return Math.sqrt(variance(points) / 10 ** (snr / 10))
}

function variance(points: readonly number[]): number {
  const mean = points.reduce((sum, s) => sum + s, 0) / points.length
  return points.reduce((sum, s) => sum + (s - mean) ** 2, 0) / points.length
}

/**
 * The standard error of the estimate of I(X;T) from `queries` draws of the noise in all, as many for each input (METHOD 2.1: the
 * mean of i(y) = -log sum_x p(x) exp(...)). Where points overlap more rarely than once in so many draws, the error that the
 * draws themselves show is far below it.
 */
export function exactStandardError(points: readonly number[], noiseStd: number, queries: number): number {
  const variances = points.map((own) => densityVariance(points.map((s) => (s - own) / noiseStd)))
  return Math.sqrt(variances.reduce((sum, v) => sum + v, 0) / points.length / queries)
}

/** Variance over z ~ N(0, 1) of log sum exp(-(d^2 + 2 z d) / 2) over the distances d, in units of the noise. */
function densityVariance(distances: number[]): number {
  const excess = (z: number) => Math.log(distances.reduce((sum, d) => sum + Math.exp(-(d * d - 2 * z * d) / 2), 0))
  const moment = (power: number) =>
    stretches.reduce((sum, z) => sum + integrate((t) => excess(t) ** power * normal(t), z, z + 2, 1e-13), 0)
  return Math.max(0, moment(2) - moment(1) ** 2)
}

const stretches = [-9, -7, -5, -3, -1, 1, 3, 5, 7]
const normal = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** I(X;T) for `side` x `side` pairs of weight and bias, each range evenly. */
export function neuronPlane(
  inputs: ArrayLike<number>,
  noiseStd: number,
  weightRange: [number, number],
  biasRange: [number, number],
  side: number,
): Plane {
  const [weights, biases] = [spaced(weightRange, side), spaced(biasRange, side)]
  const values = new Float64Array(side * side)
  biases.forEach((bias, k) => {
    weights.forEach((weight, i) => {
      values[k * side + i] = exactInformation(neuronPoints(inputs, weight, bias), noiseStd)
    })
  })
  return { weights, biases, values, highest: Math.log(inputs.length) }
}

function spaced([from, to]: [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))
}

/** I(X;T) without any noise, nats, with what it is: all inputs apart; two as one; all of one label as one. */
export function landmarks({ count, labels }: DataSet): [string, number][] {
  const entropy = (groups: number[]) => groups.reduce((sum, n) => sum - (n / count) * Math.log(n / count), 0)
  const apart = Array.from({ length: count }, () => 1)
  const classes = new Map<number, number>()
  for (const label of labels) classes.set(label, (classes.get(label) ?? 0) + 1)
  const groups = [...classes.values()]
  return [
    [`all apart: log ${count} = ${fixed(entropy(apart), 4)}`, entropy(apart)],
    [`two merged: ${fixed(entropy([2, ...apart.slice(2)]), 4)}`, entropy([2, ...apart.slice(2)])],
    [`only the label is left: H(Y) = ${fixed(entropy(groups), 4)}`, entropy(groups)],
  ]
}
