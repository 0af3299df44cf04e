/**
 * How far a layer has collapsed to its class means (Papyan, Han, Donoho 2020, NC1 and NC2). All classes count alike, as
 * in balanced data sets, where this is the paper's: the centre is the mean of the class means, Sigma_B their covariance
 * and Sigma_W the mean of the classes' own. Sigma_B is taken by the Gram matrix of its C means: C is small, d need not
 * be. About two classes NC2 has nothing to say: seen from their middle, any two means are opposite and equally far.
 */
import { mean } from '../math/statistics.js'
import { codesOf, type Codes } from '../rivals/codes.js'
import type { LayerLook } from './look.js'
import { symmetricEigen } from './symmetric-eigen.js'

export interface NeuralCollapse {
  /** C: classes that have an input. */
  classes: number
  /** sqrt(tr Sigma_W); null where no class has two inputs. */
  within_std: number | null
  /** tr(Sigma_W Sigma_B^+) / C; null where no class has two inputs, or the means are one. */
  nc1: number | null
  /** std / mean of the norms of centred means; null below three classes. */
  nc2_equinorm: number | null
  /** std of their cosines; null below three classes, or where a mean is the centre. */
  nc2_equiangularity: number | null
  /** Mean |cosine + 1/(C - 1)|; null likewise. */
  nc2_simplex: number | null
}

/** Smaller than this, against the largest of its kind, an eigenvalue of Sigma_B is rounding. */
const rankTolerance = 1e-12
/** The same for the squared length of a centred mean against the mean square of the layer. */
const meanTolerance = 1e-24

/** Of all inputs of a look. */
export function neuralCollapse(look: LayerLook): NeuralCollapse {
  const codes = codesOf(look.labels)
  const sizes = new Uint32Array(codes.count)
  for (const code of codes.of) sizes[code]++
  const means = classMeans(look, codes, sizes)
  const trace = meanSquareBeside(look, codes, sizes, means)
  const centred = lessTheirMean(means)
  const gram = centred.map((a) => centred.map((b) => inner(a, b)))
  const negligible = meanTolerance * (trace + mean(means.map((one) => inner(one, one))))
  const known = sizes.some((size) => size > 1)
  return {
    classes: codes.count,
    within_std: known ? Math.sqrt(trace) : null,
    nc1: known ? variability(look, { codes, sizes, means }, centred, gram, negligible) : null,
    ...(codes.count > 2 ? simplex(gram, negligible) : noSimplex),
  }
}

interface Classes {
  codes: Codes
  sizes: Uint32Array
  means: Float64Array[]
}

function classMeans({ width, s }: LayerLook, codes: Codes, sizes: Uint32Array): Float64Array[] {
  const means = Array.from(sizes, () => new Float64Array(width))
  codes.of.forEach((code, x) => {
    const own = means[code]
    for (let k = 0, at = x * width; k < width; k++, at++) own[k] += s[at]
  })
  means.forEach((own, code) => own.forEach((total, k) => (own[k] = total / sizes[code])))
  return means
}

function lessTheirMean(means: Float64Array[]): Float64Array[] {
  const centre = means[0].map((_, k) => mean(means.map((one) => one[k])))
  return means.map((one) => one.map((value, k) => value - centre[k]))
}

/** tr Sigma_W. */
function meanSquareBeside({ width, s }: LayerLook, codes: Codes, sizes: Uint32Array, means: Float64Array[]): number {
  const squares = new Float64Array(sizes.length)
  codes.of.forEach((code, x) => {
    const own = means[code]
    for (let k = 0, at = x * width; k < width; k++, at++) squares[code] += (s[at] - own[k]) ** 2
  })
  return mean(squares.map((total, code) => total / sizes[code]))
}

/**
 * With G = M M' / C of the centred means M, G v = lambda v, the eigenvector of Sigma_B is M'v / sqrt(C lambda): so the
 * trace is the sum over eigenvectors of the mean square of deviations along M'v / (sqrt(C) lambda).
 */
function variability(
  look: LayerLook,
  classes: Classes,
  centred: Float64Array[],
  gram: number[][],
  negligible: number,
): number | null {
  const count = centred.length
  const { values, vectors } = symmetricEigen(gram.map((row) => row.map((value) => value / count)))
  const largest = Math.max(...values)
  if (!(largest > negligible)) return null
  const directions = values.flatMap((value, k) => {
    if (!(value > rankTolerance * largest)) return []
    const combined = combination(centred, vectors[k])
    return [combined.map((one) => one / (Math.sqrt(count) * value))]
  })
  const parts = directions.map((direction) => meanSquareAlong(look, classes, direction))
  return parts.reduce((a, b) => a + b, 0) / count
}

const combination = (rows: Float64Array[], weights: number[]) =>
  rows[0].map((_, k) => rows.reduce((total, row, i) => total + weights[i] * row[k], 0))

/** direction' Sigma_W direction. */
function meanSquareAlong({ width, s }: LayerLook, { codes, sizes, means }: Classes, direction: Float64Array): number {
  const squares = new Float64Array(sizes.length)
  codes.of.forEach((code, x) => {
    const own = means[code]
    let along = 0
    for (let k = 0, at = x * width; k < width; k++, at++) along += (s[at] - own[k]) * direction[k]
    squares[code] += along * along
  })
  return mean(squares.map((total, code) => total / sizes[code]))
}

const noSimplex = { nc2_equinorm: null, nc2_equiangularity: null, nc2_simplex: null }

function simplex(gram: number[][], negligible: number) {
  const norms = gram.map((row, c) => Math.sqrt(row[c]))
  const shortest = Math.min(...norms) ** 2
  if (!(Math.max(...norms) ** 2 > negligible)) return noSimplex
  const nc2_equinorm = deviation(norms) / mean(norms)
  if (!(shortest > negligible)) return { ...noSimplex, nc2_equinorm }
  const cosines = gram.flatMap((row, c) => row.slice(0, c).map((value, other) => value / (norms[c] * norms[other])))
  const nc2_simplex = mean(cosines.map((cosine) => Math.abs(cosine + 1 / (gram.length - 1))))
  return { nc2_equinorm, nc2_equiangularity: deviation(cosines), nc2_simplex }
}

/** Standard deviation of the classes that there are: divisor n. */
function deviation(values: number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

function inner(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let k = 0; k < a.length; k++) total += a[k] * b[k]
  return total
}
