/**
 * How often the intervals hold the truth. 16 inputs, the corners of {-1, 1}^4, pass a tanh layer of 3 neurons and a linear
 * one of 2: given x the second layer is Gaussian, so after whitening both layers are points in white noise, whose
 * information and entropies a quadrature gives.
 */
import * as assert from 'uvu/assert'
import type { MeasurementOptions } from '../../src/information/options.js'
import type { InformationRow, Quantity } from '../../src/tables/rows.js'
import { cube, dataOf, measurerOf } from './fixed-network.js'
import { normals } from './plain-estimator.js'
import { noisyClouds, noisyPoints, whitened } from './quadrature.js'

export interface Trial {
  name: string
  /** Draws the weights. */
  weightSeed: number
  noiseStd: number
  options: Pick<MeasurementOptions, 'replicas' | 'ownReplicas' | 'batches' | 'queries'>
}

/** Errors over repetitions, in units of the standard error that each repetition reported. */
export interface Scores {
  /** Part of the intervals that held the truth, and of those about the raw value that would have. */
  covered: number
  rawCovered: number
  meanScore: number
  scoreSpread: number
}

type Name = `layer ${1 | 2}, ${Quantity}`

const inputs = cube(4)
const labels = inputs.map(([a, b, c]) => (a * b * c > 0 ? 1 : 0))
const [inner, outer] = [3, 2]

/** The trial's network measured `repetitions` times, each with other noise. */
export async function coverage(trial: Trial, repetitions: number): Promise<Map<Name, Scores>> {
  const weights = drawWeights(trial)
  const truths = truthsOf(weights, trial.noiseStd)
  const layer = (width: number, activation: 'tanh' | 'linear') => ({ width, activation })
  const layers = [layer(inner, 'tanh'), layer(outer, 'linear'), layer(1, 'linear')]
  const { measurer, close } = await measurerOf({
    data: dataOf(inputs, labels),
    network: { inputWidth: 4, layers, noiseStd: trial.noiseStd },
    parameters: [...weights.first.flat(), ...weights.bias, ...weights.second.flat(), 0, 0, 1, 1, 0],
    options: { ...trial.options, layers: [1, 2], tolerance: 1e-6 },
  })
  const rows: InformationRow[][] = []
  for (let number = 0; number < repetitions; number++) rows.push(await measurer.measure(0, { number }))
  close()
  return new Map([...truths].map(([name, truth]) => [name, scores(name, truth, rows, trial.options.batches)]))
}

/**
 * Holds for 95 % intervals and t-distributed errors but for a chance of 1e-5 each: a binomial bound on misses, and 4.5
 * standard errors on the scores' mean and spread.
 */
export function holds(name: string, found: Scores, repetitions: number, batches: number): void {
  const dof = batches - 1
  const spread = Math.sqrt(dof / (dof - 2))
  const fewest = 1 - mostMisses(repetitions, 0.05, 1e-5) / repetitions
  assert.ok(found.covered >= fewest, `${name}: ${found.covered} covered, expected ${fewest} at least`)
  const mean = (4.5 * spread) / Math.sqrt(repetitions)
  assert.ok(Math.abs(found.meanScore) <= mean, `${name}: errors of ${found.meanScore} SE on average, at most ${mean}`)
  const kurtosis = 3 + 6 / (dof - 4)
  const wide = (4.5 * Math.sqrt((kurtosis - 1) / repetitions)) / 2
  const off = Math.abs(found.scoreSpread / spread - 1)
  assert.ok(off <= wide, `${name}: errors spread by ${found.scoreSpread}, expected ${spread} within ${100 * wide} %`)
}

/** The number of misses out of n that is exceeded with less than `chance` where each happens with probability p. */
export function mostMisses(n: number, p: number, chance: number): number {
  let [term, below] = [(1 - p) ** n, 0]
  for (let misses = 0; misses < n; misses++) {
    below += term
    if (1 - below < chance) return misses
    term *= ((n - misses) / (misses + 1)) * (p / (1 - p))
  }
  return n
}

interface Weights {
  first: number[][]
  bias: number[]
  second: number[][]
}

function drawWeights({ weightSeed }: Trial): Weights {
  const normal = normals(weightSeed)
  const row = (length: number, std: number) => Array.from({ length }, () => std * normal())
  const matrix = (rows: number, columns: number, std: number) => Array.from({ length: rows }, () => row(columns, std))
  return { first: matrix(inner, 4, 0.6), bias: row(inner, 0.3), second: matrix(outer, inner, 0.8) }
}

function truthsOf({ first, bias, second }: Weights, std: number): Map<Name, number> {
  const s1 = inputs.map((x) => first.map((w, i) => Math.tanh(bias[i] + dot(w, x))))
  const s2 = s1.map((s) => second.map((w) => dot(w, s)))
  const covariance = second.map((a, i) => second.map((b, j) => std ** 2 * (dot(a, b) + (i === j ? 1 : 0))))
  const [layer1, points] = [noisyPoints(s1, std, 3), whitened(s2, covariance)]
  const layer2 = noisyPoints(points, 1)
  const [[a, b], [, d]] = covariance
  const unwhitened = Math.log(a * d - b * b) / 2
  return new Map<Name, number>([
    ['layer 1, mi', layer1.mi],
    ['layer 1, h_t', layer1.hT],
    ['layer 2, mi', layer2.mi],
    ['layer 2, h_t', layer2.hT + unwhitened],
    ['layer 2, h_t_given_x', layer2.hTGivenX + unwhitened],
    ['layer 2, label_mi', labelInformation(points)],
  ])
}

/** I(Y;T): of two equally likely labels, each a cloud of its inputs' points. */
function labelInformation(points: number[][]): number {
  const clouds = [0, 1].map((label) => {
    const own = points.filter((_, x) => labels[x] === label)
    return { points: own, weights: own.map(() => 1 / own.length) }
  })
  return noisyClouds(clouds, 1).mi
}

function scores(name: Name, truth: number, rows: InformationRow[][], batches: number): Scores {
  const [layer, quantity] = [Number(name[6]), name.slice(9) as Quantity]
  const measured = rows.map((of) => of[layer - 1])
  const reach = (row: InformationRow) => row[`${quantity}_high`]! - row[`${quantity}_corrected`]!
  const errors = measured.map((row) => (row[`${quantity}_corrected`]! - truth) / row[`${quantity}_se`]!)
  const part = (holds: (row: InformationRow) => boolean) => measured.filter(holds).length / measured.length
  const meanScore = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const square = errors.reduce((sum, error) => sum + (error - meanScore) ** 2, 0)
  assert.ok(batches === measured[0].batches)
  return {
    covered: part((row) => row[`${quantity}_low`]! <= truth && truth <= row[`${quantity}_high`]!),
    rawCovered: part((row) => Math.abs(row[quantity]! - truth) <= reach(row)),
    meanScore,
    scoreSpread: Math.sqrt(square / (errors.length - 1)),
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
