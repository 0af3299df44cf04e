/**
 * Clouds of samples, and two ways to look at them in f64: the kernel sums that the program works from, and the estimator
 * of METHOD 2.1 the way it is defined, from densities of the points themselves.
 */
import type { KernelSums } from '../../src/information/jackknife.js'
import { regularSums } from '../../src/information/regular-sums.js'
import type { Quantity } from '../../src/tables/rows.js'

export interface Clouds {
  dimension: number
  noiseStd: number
  labels: number[]
  batches: number
  /** own[x][b]: K/B samples; the first R/B of them are the shared ones. */
  own: number[][][][]
  sharedPerBatch: number
  /** queries[x][b]: Q of them; each stands on one of the batch's own samples. */
  queries: Query[][][]
}

export interface Query {
  on: number[]
  z: number[]
}

interface Shape {
  batches: number
  replicas: number
  ownReplicas: number
  queries: number
}

/** Gaussian clouds of standard deviation `spread` about the centers, by `normal`. */
export function drawClouds(
  centers: number[][],
  labels: number[],
  { batches, replicas, ownReplicas, queries }: Shape,
  [spread, noiseStd]: [number, number],
  normal: () => number,
): Clouds {
  const batch = (_: unknown, b: number) => b
  const all = Array.from({ length: batches }, batch)
  const own = centers.map((center) =>
    all.map(() => Array.from({ length: ownReplicas / batches }, () => center.map((at) => at + spread * normal()))),
  )
  const standing = own.map((batchesOf) =>
    batchesOf.map((samples) =>
      Array.from({ length: queries }, (_, q) => {
        const on = samples[q % samples.length]
        return { on, z: on.map(() => noiseStd * normal()) }
      }),
    ),
  )
  const sharedPerBatch = replicas / batches
  return { dimension: centers[0].length, noiseStd, labels, batches, own, sharedPerBatch, queries: standing }
}

/** What the device would hand over, without its rounding. */
export function sumsOf(clouds: Clouds, batchedCenters = true): KernelSums {
  const { own, batches, labels, sharedPerBatch, dimension, noiseStd } = clouds
  const sums = { own: [] as number[], others: [] as number[] }
  const noiseEnergy: number[] = []
  forEachQuery(clouds, (query, x) => {
    noiseEnergy.push(square(query.z) / (2 * noiseStd ** 2))
    for (let b = 0; b < (batchedCenters ? batches : 1); b++) {
      const centerSum = (centers: number[][]) => centers.reduce((sum, center) => sum + kernel(clouds, query, center), 0)
      sums.own.push(centerSum(own[x][b]))
      const others = [0, 0]
      own.forEach((samples, other) => {
        if (other !== x) others[labels[other] === labels[x] ? 0 : 1] += centerSum(samples[b].slice(0, sharedPerBatch))
      })
      sums.others.push(...others)
    }
  })
  const columns = batchedCenters ? batches : 1
  return regularSums({
    ...{ inputs: own.length, batches, queriesPerBatch: clouds.queries[0][0].length, dimension, noiseStd },
    ...{ ownReplicas: columns * own[0][0].length, replicas: columns * sharedPerBatch, batchedCenters, ...sums },
    noiseEnergy: Float64Array.from(noiseEnergy),
    labels,
    ...{ ownRounding: 1e-6, othersRounding: 1e-6 },
  })
}

/**
 * Sums for leaving out groups of inputs in turn: input x is of group x % groups. Each input has all its centers in its group's column,
 * all of its own in `own`.
 */
export function groupedSums(clouds: Clouds, groups: number): KernelSums {
  const { own, labels, sharedPerBatch } = clouds
  const [inputs, classes] = [own.length, Math.max(...labels) + 1]
  const groupOf = (x: number) => x % groups
  const sums = { own: [] as number[], others: [] as number[], input: [] as number[] }
  forEachQuery(clouds, (query, x) => {
    const meanOver = (centers: number[][]) => mean(centers.map((center) => kernel(clouds, query, center)))
    const others = new Float64Array(2 * groups)
    own.forEach((batches, other) => {
      const at = 2 * groupOf(other) + (labels[other] === labels[x] ? 0 : 1)
      if (other !== x) others[at] += meanOver(batches.flatMap((centers) => centers.slice(0, sharedPerBatch)))
    })
    sums.input.push(x)
    sums.own.push(meanOver(own[x].flat()))
    sums.others.push(...others)
  })
  const count = sums.own.length
  const masses = Array.from({ length: groups }, () => new Float64Array(classes))
  labels.forEach((label, x) => (masses[groupOf(x)][label] += 1 / inputs))
  return {
    ...sumsOf(clouds),
    ...{ count, columns: groups, columnsAre: 'groups' },
    ...{ own: Float64Array.from(sums.own), others: Float64Array.from(sums.others), fixed: null },
    ...{ input: Uint32Array.from(sums.input), column: Uint8Array.from(sums.input, groupOf) },
    ...{ labelMass: masses, groupMass: Float64Array.from(masses, (row) => row.reduce((a, b) => a + b, 0)) },
  }
}

/** The clouds of some of the inputs. */
export function inputsOf(clouds: Clouds, chosen: (x: number) => boolean): Clouds {
  const kept = <T>(all: T[]) => all.filter((_, x) => chosen(x))
  return { ...clouds, labels: kept(clouds.labels), own: kept(clouds.own), queries: kept(clouds.queries) }
}

/**
 * The plug-in estimate with the queries and centers of the batches `chosen`, by definition: averages of -log g, from which
 * the noise energy's known mean is taken out; h with the control variate, mi and label_mi without where centers are in batches.
 */
export function plugIn(
  clouds: Clouds,
  chosen: readonly number[],
  { centerBatches = chosen, inBatches = true } = {},
): Record<Quantity, number> {
  const { labels, dimension, noiseStd } = clouds
  const rows: { x: number; y: number; own: number; all: number; same: number; u: number }[] = []
  forEachQuery(clouds, (query, asked, batch) => {
    if (!chosen.includes(batch)) return
    const y = query.on.map((at, k) => at + query.z[k])
    const densities = labels.map((_, x) => mixture(clouds, x, asked, centerBatches, y))
    const same = densities.filter((_, x) => labels[x] === labels[asked])
    const u = square(query.z) / (2 * noiseStd ** 2) - dimension / 2
    rows.push({ x: asked, y: labels[asked], own: densities[asked], all: mean(densities), same: mean(same), u })
  })
  const controlled = (values: number[]) => {
    const u = rows.map((row) => row.u)
    const c = covariance(values, u) / (inBatches ? dimension / 2 : covariance(u, u))
    return mean(values.map((value, i) => value - c * u[i]))
  }
  const entropy = (of: (row: (typeof rows)[number]) => number) =>
    controlled(rows.map((row) => -Math.log(of(row)) - row.u))
  const ratio = inBatches ? mean : controlled
  return {
    mi: ratio(rows.map(({ own, all }) => Math.log(own / all))),
    label_mi: ratio(rows.map(({ same, all }) => Math.log(same / all))),
    h_t: entropy((row) => row.all),
    h_t_given_x: entropy((row) => row.own),
    h_t_given_y: entropy((row) => row.same),
  }
}

/** The density of input x's samples at y: own ones for the query's input, else the shared ones. */
function mixture(clouds: Clouds, x: number, asked: number, batches: readonly number[], y: number[]): number {
  const { own, sharedPerBatch, dimension, noiseStd } = clouds
  const centers = batches.flatMap((b) => (x === asked ? own[x][b] : own[x][b].slice(0, sharedPerBatch)))
  const norm = (2 * Math.PI * noiseStd ** 2) ** (dimension / 2)
  return mean(centers.map((c) => Math.exp(-square(y.map((at, k) => at - c[k])) / (2 * noiseStd ** 2)) / norm))
}

function kernel({ noiseStd }: Clouds, { on, z }: Query, center: number[]): number {
  const toCenter = square(on.map((at, k) => at + z[k] - center[k]))
  return Math.exp(-(toCenter - square(z)) / (2 * noiseStd ** 2))
}

function forEachQuery({ queries }: Clouds, visit: (query: Query, x: number, batch: number) => void): void {
  queries.forEach((batches, x) => batches.forEach((here, b) => here.forEach((query) => visit(query, x, b))))
}

/** Part of the list that equals `value`. */
export function share<T>(list: readonly T[], value: T): number {
  return list.filter((one) => one === value).length / list.length
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function covariance(a: number[], b: number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  return mean(a.map((value, i) => (value - meanA) * (b[i] - meanB)))
}

function square(vector: readonly number[]): number {
  return vector.reduce((sum, value) => sum + value * value, 0)
}
