/**
 * Information as a difference of entropies, for estimators of entropy: h(T) over points of all samples, h(T|X) and
 * h(T|Y) as means over inputs or labels of the entropy of points of each. Of more than 64 groups 64 are drawn.
 */
import { covariance, sum } from '../math/statistics.js'
import type { Samples } from '../samples/samples.js'
import { codesOf, inputCodes, rowProbabilities, totals, type Codes } from './codes.js'
import { drawPoints, drawRows, restrictedTo, type Points } from './draws.js'
import { noiseEntropy, nothing, type Estimate } from './estimate.js'

export interface Differences {
  h_t: Estimate
  h_t_given_x: Estimate
  mi: Estimate
  /** Null without labels. */
  label_mi: Estimate | null
}

interface Task {
  noiseStd: number
  /** Of h(T), and of all groups together, but at least 256 of each. */
  points: number
  seed: number
  entropy: (points: Points) => Estimate
}

/** Most inputs or labels whose entropies are averaged. */
const mostGroups = 64

/**
 * Steps of the random source: 0 for h(T), then one for each group of either kind, and one for each choice of groups.
 */
const steps = { whole: 0, inputs: 1, labels: 1001, choice: 2000 } as const

/** Nats. Without noise h(T|X) of an input with one value is -Infinity, and nothing is said of I(X;T). */
export function entropyDifferences(samples: Samples, task: Task): Differences {
  const { noiseStd, points, seed, entropy } = task
  const whole = entropy(drawPoints(samples, noiseStd, points, { seed, step: steps.whole }))
  const inputs = inputCodes(samples)
  const single = inputs.count === samples.count
  const given = single ? ofNoise(samples.width, noiseStd) : conditional(samples, inputs, steps.inputs, task)
  const label = samples.y && conditional(samples, codesOf(samples.y), steps.labels, task)
  return { h_t: whole, h_t_given_x: given, mi: less(whole, given), label_mi: label && less(whole, label) }
}

/** One sample an input: nothing but the noise is random, and its entropy is known. */
const ofNoise = (width: number, noiseStd: number): Estimate =>
  noiseStd > 0 ? { value: noiseEntropy(width, noiseStd), se: 0 } : { value: -Infinity, se: null }

function conditional(samples: Samples, codes: Codes, firstStep: number, task: Task): Estimate {
  const groups = groupsOf(samples, codes, task.seed, firstStep)
  const points = Math.max(256, Math.floor(task.points / groups.length))
  const found = groups.map(({ rows }, i) =>
    task.entropy(
      drawPoints(restrictedTo(samples, rows), task.noiseStd, points, { seed: task.seed, step: firstStep + i }),
    ),
  )
  if (found.some(({ value }) => value === null)) return nothing
  const value = sum(found.map(({ value }, i) => groups[i].share * value!))
  return { value, se: codes.count > groups.length ? spread(found) : together(found, groups) }
}

/** Over drawn groups: the spread between them, which holds the error within. */
function spread(found: Estimate[]): number | null {
  const values = found.map(({ value }) => value!)
  return values.every(Number.isFinite) ? Math.sqrt(covariance(values, values) / values.length) : null
}

/** Over all groups: only the errors within. */
function together(found: Estimate[], groups: { share: number }[]): number | null {
  if (found.some(({ se }) => se === null)) return null
  return Math.sqrt(sum(found.map(({ se }, i) => (groups[i].share * se!) ** 2)))
}

/** All groups with their probabilities, or as many as are affordable, drawn by their probabilities. */
function groupsOf(samples: Samples, codes: Codes, seed: number, kind: number): { rows: Uint32Array; share: number }[] {
  const shares = totals(codes, rowProbabilities(samples))
  if (codes.count <= mostGroups) {
    return Array.from(shares, (share, code) => ({ rows: rowsOf(codes, code), share })).filter(({ share }) => share > 0)
  }
  const drawn = drawRows(samples, mostGroups, { seed, step: steps.choice + kind })
  return Array.from(drawn, (row) => ({ rows: rowsOf(codes, codes.of[row]), share: 1 / mostGroups }))
}

function rowsOf(codes: Codes, code: number): Uint32Array {
  const rows: number[] = []
  codes.of.forEach((of, row) => of === code && rows.push(row))
  return Uint32Array.from(rows)
}

function less(a: Estimate, b: Estimate): Estimate {
  if (a.value === null || b.value === null || !Number.isFinite(b.value)) return nothing
  const se = a.se === null || b.se === null ? null : Math.hypot(a.se, b.se)
  return { value: a.value - b.value, se }
}
