/**
 * The data of Shwartz-Ziv and Tishby (METHOD 5.2): 12 binary inputs on the vertices of an icosahedron, all 4096 of
 * them, with a label that no rotation or reflection changes. The rule reproduces the published labels on every input,
 * so that no file is needed.
 */
import type { DataSet } from './dataset.js'

const width = 12

/** The five neighbours of each vertex. */
export const neighbours: readonly (readonly number[])[] = [
  [1, 3, 5, 10, 11],
  [0, 2, 3, 4, 11],
  [1, 3, 4, 8, 9],
  [0, 1, 2, 8, 10],
  [1, 2, 6, 9, 11],
  [0, 6, 7, 10, 11],
  [4, 5, 7, 9, 11],
  [5, 6, 8, 9, 10],
  [2, 3, 7, 9, 10],
  [2, 4, 6, 7, 8],
  [0, 3, 5, 7, 8],
  [0, 1, 4, 5, 6],
]

/** The vertex opposite to each vertex. */
export const antipodes: readonly number[] = [9, 7, 5, 6, 10, 2, 3, 1, 11, 0, 4, 8]

/** What each pair of vertices adds to the label's score: neighbours 1, antipodes -8, second neighbours -5. */
const pairScores = neighbours.map((near, a) =>
  Array.from({ length: width }, (_, b) => (near.includes(b) ? 1 : antipodes[a] === b ? -8 : -5)),
)

/** All 4096 inputs: input i holds 0 or 1 for vertex k, bit k of i; labels 0 and 1 (2118 ones). */
export function icosahedron(): DataSet {
  const count = 2 ** width
  return {
    name: 'icosahedron',
    count,
    width,
    classes: 2,
    enumerated: true,
    inputs: Float32Array.from({ length: count * width }, (_, i) => (Math.floor(i / width) >> (i % width)) & 1),
    labels: Uint32Array.from({ length: count }, (_, input) => label(input)),
  }
}

/** 1 iff 23 n + a - 5 b - 8 c >= 99, with n active vertices and a, b, c active pairs by kind (METHOD 5.2). */
export function label(input: number): 0 | 1 {
  const active = Array.from({ length: width }, (_, k) => k).filter((k) => (input >> k) & 1)
  let score = 0
  active.forEach((a, i) => {
    score += 23
    for (const b of active.slice(i + 1)) score += pairScores[a][b]
  })
  return score >= 99 ? 1 : 0
}
