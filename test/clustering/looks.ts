/** Layers whose clustering is known. */
import { applied } from '../../src/math/linear-algebra.js'
import type { LayerLook } from '../../src/clustering/look.js'

/** A look at these rows; labels by row, one class for all by default. Linear, without noise, unless `more` says so. */
export function lookAt(rows: number[][], labels = rows.map(() => 0), more: Partial<LayerLook> = {}): LayerLook {
  return {
    ...{ seed: 1, epoch: 2, layer: 3, width: rows[0].length, count: rows.length },
    ...{ s: Float32Array.from(rows.flat()), labels: Uint32Array.from(labels), classes: Math.max(...labels) + 1 },
    ...{ noiseStd: 0, activation: 'linear', ...more },
  }
}

/** The same layer in another orthonormal basis. */
export function turned(look: LayerLook, rotation: number[][]): LayerLook {
  const rows = Array.from({ length: look.count }, (_, x) => applied(rotation, look.s.subarray(x * look.width)))
  return { ...look, s: Float32Array.from(rows.flat()) }
}

/** `count` points, point i given by i. */
export const points = (count: number, point: (i: number) => number[]) =>
  Array.from({ length: count }, (_, i) => point(i))

/** Each mean with 2 d points around it, at +-reach along every axis: their covariance is reach^2 / d times the identity. */
export function crosses(means: number[][], reach: number): { rows: number[][]; labels: number[] } {
  const around = (mean: number[]) =>
    mean.flatMap((_, k) => [reach, -reach].map((step) => mean.map((value, j) => (j === k ? value + step : value))))
  return { rows: means.flatMap(around), labels: means.flatMap((mean, c) => around(mean).map(() => c)) }
}

/** Every number in a row of a table, by name. */
export function numbersOf(row: object): [string, number][] {
  return Object.entries(row).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
}
