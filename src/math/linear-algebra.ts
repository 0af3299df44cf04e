/** Small dense matrices, as lists of rows, in f64. */
export type Matrix = readonly (readonly number[])[]

/** A x. */
export function applied(a: Matrix, x: ArrayLike<number>): number[] {
  return a.map((row) => row.reduce((sum, value, k) => sum + value * x[k], 0))
}

/** A A', the covariance of A x for x ~ N(0, I). */
export function gram(a: Matrix): number[][] {
  return a.map((row) => applied(a, row))
}

/** log det of a symmetric positive definite matrix, by its Cholesky factor. RangeError where it is not. */
export function logDeterminant(a: Matrix): number {
  const factor: number[][] = []
  let sum = 0
  a.forEach((row, i) => {
    const mine: number[] = []
    factor.push(mine)
    for (let j = 0; j < i; j++) mine.push((row[j] - inner(mine, factor[j], j)) / factor[j][j])
    const square = row[i] - inner(mine, mine, i)
    if (!(square > 0)) throw new RangeError(`logDeterminant: not positive definite, pivot ${i} is ${square}`)
    mine.push(Math.sqrt(square))
    sum += Math.log(square)
  })
  return sum
}

/** A random orthogonal matrix of d x d: rows of normals, made orthonormal one after the other (twice, for rounding). */
export function randomRotation(d: number, normal: () => number): number[][] {
  const rows: number[][] = []
  while (rows.length < d) {
    let row = Array.from({ length: d }, normal)
    for (const other of [...rows, ...rows]) {
      const along = inner(row, other, d)
      row = row.map((value, k) => value - along * other[k])
    }
    const length = Math.sqrt(inner(row, row, d))
    rows.push(row.map((value) => value / length))
  }
  return rows
}

function inner(a: readonly number[], b: readonly number[], count: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) sum += a[k] * b[k]
  return sum
}
