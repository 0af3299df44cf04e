/** Samples as layers make them, and as nobody would: centers and queries for sums of Gaussian kernels. */
import type { Centers, Queries } from '../../src/summation/summation.js'
import { normals } from '../truth/plain-estimator.js'

export interface Scene {
  centers: Centers
  queries: Queries
}

export interface SceneShape {
  dimension: number
  columns: number
  noiseStd: number
  weighted: boolean
  labelled: boolean
  /** Added to every coordinate; other than 0, samples are f64 with all their digits, else they are exact in f32. */
  offset: number
}

/** Where an input has samples, in noise: the middle of a cloud, its width, and how many. */
interface Cloud {
  at: number[]
  width: number
  size: number
  label: number
  /** By default its place among the clouds. */
  input?: number
}

type Draw = { normal: () => number; dimension: number }

const repeat = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
const point = ({ normal, dimension }: Draw, width: number) => repeat(dimension, () => width * normal())
const cloud = (at: number[], width: number, size: number, label: number): Cloud => ({ at, width, size, label })

/** Every kind of scene, by what is peculiar to it. */
export const kinds: Record<string, (draw: Draw) => Cloud[]> = {
  clustered: (draw) => {
    const middles = repeat(8, () => point(draw, 60))
    return repeat(48, (x) => cloud(add(middles[x % 8], point(draw, 1)), 0.5, 12, x % 3))
  },
  spread: (draw) => repeat(60, (x) => cloud(point(draw, 5), 1, 10, x % 2)),
  identical: ({ dimension }) => repeat(40, (x) => cloud(Array<number>(dimension).fill(0.5), 0, 10, x % 2)),
  collinear: ({ dimension }) => repeat(60, (x) => cloud(Array<number>(dimension).fill(x / 4), 0, 8, x % 4)),
  outlier: (draw) => [...kinds.clustered(draw), cloud(Array<number>(draw.dimension).fill(1e7), 0.3, 5, 0)],
  'groups of one, and one huge': (draw) => [
    ...repeat(40, (x) => cloud(point(draw, 4), 1, 1, x % 2)),
    cloud(point(draw, 1), 2, 500, 1),
  ],
  'skewed labels': (draw) => repeat(50, (x) => cloud(point(draw, 3), 1, 10, x === 17 ? 5 : x % 16 ? 0 : 2)),
  duplicates: (draw) => {
    const middles = repeat(10, () => point(draw, 3))
    return repeat(50, (x) => cloud(middles[x % 10], 0, 8, x % 2))
  },
  'saturated corners': (draw) => {
    const corners = repeat(4, () => repeat(draw.dimension, () => 20 * Math.sign(draw.normal())))
    return repeat(40, (x) => cloud(add(corners[x % 4], point(draw, 1e-4)), 1e-4, 18, x < 20 ? 0 : 1))
  },
  'inputs in two places': (draw) => {
    const far = Array<number>(draw.dimension).fill(40)
    const halves = (x: number) => [point(draw, 2), far].map((at) => ({ ...cloud(at, 1e-4, 80, x % 2), input: x }))
    return repeat(4, halves).flat()
  },
  'widths over many orders': (draw) => repeat(60, (x) => cloud(point(draw, 10 ** ((x % 12) - 8)), 1e-6, 10, x % 2)),
}

export function sceneOf(kind: string, shape: SceneShape, seed: number): Scene {
  const { dimension, columns, noiseStd, weighted, labelled, offset } = shape
  const normal = normals(seed)
  const clouds = kinds[kind]({ normal, dimension })
  const samples = clouds.flatMap(({ at, width, size, label, input }, i) =>
    repeat(size, () => ({ input: input ?? i, label, s: at.map((a) => offset + noiseStd * (a + width * normal())) })),
  )
  // every input's first sample and some more are stood on
  const standing = samples.filter(({ input }, i) => i === 0 || samples[i - 1].input !== input || i % 4 === 0)
  const pointsOf = (rows: typeof samples) => ({
    count: rows.length,
    coordinates: (offset === 0 ? Float32Array : Float64Array).from(rows.flatMap(({ s }) => s)),
    input: Uint32Array.from(rows, ({ input }) => input),
    label: labelled ? Uint32Array.from(rows, ({ label }) => label) : null,
  })
  return {
    centers: {
      ...pointsOf(samples),
      column: columns > 1 ? samples.map((_, i) => i % columns) : null,
      weight: weighted ? Float64Array.from(samples, (_, i) => Math.fround(0.25 + (i % 5))) : null,
    },
    queries: {
      ...pointsOf(standing),
      noise: Float32Array.from({ length: standing.length * dimension }, () => noiseStd * normal()),
    },
  }
}

function add(a: number[], b: number[]): number[] {
  return a.map((value, k) => value + b[k])
}
