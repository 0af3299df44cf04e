/**
 * scikit-learn's KernelDensity at rtol 0 on the same centers and queries: one Gaussian of width noiseStd around each
 * sample is the mixture whose -log we average, so that log densities and the estimates made of them must agree within
 * 1e-5 nats.
 *
 * 2026-11-23, scikit-learn 1.2.1, numpy 1.24.2, Python 3.11.2 (Debian 12), embedded SwiftShader: log densities of
 * single queries differ by 6.7e-7 nats at most, mi and h(T) by 5.2e-8.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { designQueries, groupsOf } from '../../src/information/design.js'
import { entropy } from '../../src/information/estimate.js'
import { groupByInput } from '../../src/information/grouping.js'
import { drawNoise, gathered, mirror, noiseEnergies } from '../../src/information/host-samples.js'
import { openMachine } from '../../src/machine/open.js'
import { mean } from '../../src/math/statistics.js'
import { Summation, type Bounds, type Summed } from '../../src/summation/summation.js'
import { close } from '../close.js'
import { testIf } from '../skip.js'
import { normals } from '../truth/plain-estimator.js'
import { densities, type DensityQuestion } from './kernel-density.js'
import { findPython } from './python.js'

const [centerCount, queryCount, noiseStd] = [2000, 500, 0.1]
/** Samples of the library's estimate; its queries of a round, and its seed. */
const [sampleCount, wanted, seed] = [500, 2 ** 15, 1]
/** Nats, of every query too, though roundings that all go one way could add up to 3e-5 to 8e-5 there. */
const acceptance = 1e-5

const { python, reason } = findPython('sklearn.neighbors', 'python3-sklearn')
const machine = python === null ? null : await openMachine()
test.after(() => machine?.destroy())

type Kind = 'clustered' | 'spread'

for (const dimension of [2, 3, 10]) {
  for (const kind of ['clustered', 'spread'] as const) {
    const name = `${kind}, ${dimension} dimensions: log densities and entropy are scikit-learn's`
    testIf(python !== null, reason, test, name, () => agree(kind, dimension))
  }
}

async function agree(kind: Kind, dimension: number): Promise<void> {
  const points = pointsOf(kind, dimension)
  const single = questionOf(points, dimension)
  const asked = libraryQuestion(points.slice(0, sampleCount * dimension), dimension)
  const { scores, versions } = densities(python!, dimension, noiseStd, [single, asked.question])
  const whole = await queryByQuery(single, dimension, scores[0], { threshold: -Infinity, relative: 0 })
  assert.is(whole.summed.pairs, centerCount * queryCount, 'nothing skipped')
  const bounds = { threshold: Math.log(1e-6 / centerCount), relative: 1e-6 }
  const pruned = await queryByQuery(single, dimension, scores[0], bounds)
  // a cloud in 10 dimensions leaves nothing to skip
  if (kind === 'clustered') assert.ok(pruned.summed.pairs < whole.summed.pairs / 4, `${pruned.summed.pairs} pairs`)
  const estimates = await byLibrary(asked, dimension, scores[1])
  const found = { full: whole.largest, pruned: pruned.largest, ...estimates }
  process.stdout.write(`\n${kind}, d = ${dimension}, ${versions}: ${JSON.stringify(found)}\n`)
}

/** The mean log density, and that of every query; the largest difference. */
async function queryByQuery(
  question: DensityQuestion,
  dimension: number,
  scores: Float64Array,
  bounds: Omit<Bounds, 'noiseStd'>,
): Promise<{ summed: Summed; largest: number }> {
  const summed = await kernelSums(question, dimension, { ...bounds, noiseStd })
  const energies = noiseEnergies(question.noise, dimension, noiseStd)
  const logs = summed.sums.map((sum, q) => Math.log(sum / centerCount) - energies[q] - halfLog(dimension))
  close(mean(logs), mean(scores), acceptance, 'mean log density')
  close(logs, scores, acceptance, 'log densities')
  return { summed, largest: logs.reduce((most, log, q) => Math.max(most, Math.abs(log - scores[q])), 0) }
}

/** sum_j exp(-(|t - s_j|^2 - |z|^2) / 2 noiseStd^2) over every center: the queries are of an input that has none. */
async function kernelSums(question: DensityQuestion, dimension: number, bounds: Bounds): Promise<Summed> {
  const shape = { dimension, columns: 1, split: false, weighted: false, others: true, labelled: false }
  const setup = { ...shape, name: 'peer', centers: centerCount, queries: queryCount }
  const summation = await Summation.create(machine!, setup, noiseStd)
  const { centers, standing, noise } = question
  const none = { label: null, column: null, weight: null }
  const inputs = Uint32Array.from({ length: centerCount }, (_, i) => i)
  const queryInputs = new Uint32Array(queryCount).fill(centerCount)
  try {
    return await summation.sum(
      { ...none, count: centerCount, coordinates: centers, input: inputs },
      { count: queryCount, coordinates: standing, noise, input: queryInputs, label: null },
      bounds,
    )
  } finally {
    summation.release()
  }
}

interface LibraryQuestion {
  question: DensityQuestion
  weight: Float64Array
}

/** The library's estimates, made of scikit-learn's densities at the library's own queries; how far apart they are. */
async function byLibrary({ question, weight }: LibraryQuestion, dimension: number, scores: Float64Array) {
  const samples = { count: sampleCount, width: dimension, s: question.centers }
  const { answer, entropy: found } = await entropy(machine!, samples, { noiseStd, seed })
  const energies = noiseEnergies(question.noise, dimension, noiseStd)
  const average = (values: Float64Array) => values.reduce((sum, value, q) => sum + weight[q] * value, 0)
  // log of the mixture over that of the noise itself: -mi on average
  const ratios = scores.map((score, q) => score + energies[q] + halfLog(dimension))
  // the control variate (jackknife.ts): by regression an average loses what the noise energy is above d/2
  const covariance = average(ratios.map((r, q) => r * energies[q])) - average(ratios) * average(energies)
  const slope = covariance / (average(energies.map((e) => e * e)) - average(energies) ** 2)
  const excess = average(energies) - dimension / 2
  const mi = -average(ratios) + slope * excess
  const h = -average(scores) - (1 - slope) * excess
  close(answer.mi!, mi, acceptance, 'mi')
  close(found, h, acceptance, 'h(T)')
  assert.ok(answer.mi! > 1 && answer.mi! < Math.log(sampleCount) - 0.5, `clouds that overlap: ${answer.mi}`)
  return { mi: Math.abs(answer.mi! - mi), entropy: Math.abs(found - h) }
}

/** The queries that `entropy` draws first from these samples. */
function libraryQuestion(centers: Float32Array, dimension: number): LibraryQuestion {
  const samples = { count: sampleCount, width: dimension, s: centers, x: null, y: null, weights: null }
  const { row, weight, mirrored } = designQueries(groupByInput(samples), groupsOf(sampleCount, seed), wanted)
  const noise = mirror(drawNoise(row.length, dimension, noiseStd, seed, 0), dimension, mirrored)
  return { question: { centers, standing: gathered(centers, dimension, row), noise }, weight }
}

/** Queries stand on every fourth center. */
function questionOf(centers: Float32Array, dimension: number): DensityQuestion {
  const normal = normals(dimension)
  const rows = Uint32Array.from({ length: queryCount }, (_, i) => (i * centerCount) / queryCount)
  const noise = Float32Array.from({ length: queryCount * dimension }, () => noiseStd * normal())
  return { centers, standing: gathered(centers, dimension, rows), noise }
}

/** 20 clusters far apart, or one cloud, as wide as lets samples overlap; in units of the noise, times it. */
function pointsOf(kind: Kind, dimension: number): Float32Array {
  const normal = normals(100 + dimension)
  const draw = (count: number, width: number) => Array.from({ length: count }, () => noiseStd * width * normal())
  const middles = Array.from({ length: 20 }, () => draw(dimension, kind === 'clustered' ? 60 : 0))
  const width = (kind === 'clustered' ? 3 : 5) / Math.sqrt(dimension)
  return Float32Array.from(
    Array.from({ length: centerCount }, (_, i) => middles[i % 20].map((at) => at + draw(1, width)[0])).flat(),
  )
}

/** (d/2) log(2 pi noiseStd^2) */
function halfLog(dimension: number): number {
  return (dimension / 2) * Math.log(2 * Math.PI * noiseStd ** 2)
}

test.run()
