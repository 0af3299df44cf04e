/** Cyclic Jacobi: slow beyond some hundred rows, but exact to rounding and shorter than its rivals. */

const mostSweeps = 60

/** Eigenvalues of a symmetric matrix, in no order, and vectors[k], the unit eigenvector of values[k]. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map((row) => [...row])
  const vectors = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)))
  const negligible = 2 ** -54 * Math.max(...a.flat().map(Math.abs))
  for (let sweep = 0; sweep < mostSweeps && largestBeside(a) > negligible; sweep++) {
    for (let p = 0; p < a.length; p++) {
      for (let q = p + 1; q < a.length; q++) if (Math.abs(a[p][q]) > negligible) turn(a, vectors, p, q)
    }
  }
  return { values: a.map((row, i) => row[i]), vectors }
}

const largestBeside = (a: number[][]) => Math.max(0, ...a.flatMap((row, i) => row.slice(0, i).map(Math.abs)))

/** The rotation in the plane (p, q) that makes a[p][q] 0. */
function turn(a: number[][], vectors: number[][], p: number, q: number): void {
  const cotangent = (a[q][q] - a[p][p]) / (2 * a[p][q])
  const tangent = (cotangent < 0 ? -1 : 1) / (Math.abs(cotangent) + Math.hypot(cotangent, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const by = [cosine, tangent * cosine] as const
  for (const row of a) rotate(row, p, row, q, by)
  for (let k = 0; k < a.length; k++) rotate(a[p], k, a[q], k, by)
  for (let k = 0; k < a.length; k++) rotate(vectors[p], k, vectors[q], k, by)
}

function rotate(x: number[], i: number, y: number[], j: number, [cosine, sine]: readonly [number, number]): void {
  const [u, v] = [x[i], y[j]]
  x[i] = cosine * u - sine * v
  y[j] = sine * u + cosine * v
}
