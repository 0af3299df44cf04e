/**
 * sum over c of exp(-scale (|y - c|^2 - |z|^2)). A term exp(e) is off by what WGSL allows, 3 + 2 |e| units of 2^-23, and by the rounding
 * of e: each of |y - c|^2 and |z|^2, and their difference, by (D + 4) units of 2^-24 of scale (|y - c|^2 + |z|^2). A unit for each addition.
 */
import { test } from 'uvu'
import { pairSumsNaive } from '../../src/kernels/pair-sums-naive.js'
import { tileConstants, tileSums } from '../../src/kernels/tile-sums.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

function caseOf(count: number, centers: number, dimension: number) {
  const z = normal(count * dimension, 1)
  const energies = Float32Array.from({ length: count }, (_, q) => {
    return z.subarray(q * dimension, (q + 1) * dimension).reduce((sum, value) => sum + value * value, 0)
  })
  const points = normal(count * dimension, 2)
  return {
    params: { count, center_count: centers, dimension, scale: 0.5 },
    buffers: {
      ...{ queries: points.map((s, i) => s + z[i]), energies, centers: normal(centers * dimension, 3) },
      sums: f32(count),
    },
  }
}

function allowed({ params, buffers }: ReturnType<typeof caseOf>): number[] {
  const { count, center_count, dimension, scale } = params
  return Array.from({ length: count }, (_, q) => {
    let [sum, error] = [0, 0]
    for (let c = 0; c < center_count; c++) {
      let square = 0
      for (let k = 0; k < dimension; k++) {
        square += (buffers.queries[q * dimension + k] - buffers.centers[c * dimension + k]) ** 2
      }
      const exponent = -scale * (square - buffers.energies[q])
      const size = scale * (square + buffers.energies[q])
      sum += Math.exp(exponent)
      error += Math.exp(exponent) * (2 * (3 + 2 * Math.abs(exponent)) + (dimension + 4) * size)
    }
    return rounding * (error + center_count * sum) + 1e-37
  })
}

test('one query, one workgroup, one more, and a partial one; one center and many', async () => {
  for (const [count, centers] of [
    [1, 1],
    [64, 3],
    [65, 200],
    [100, 64],
  ]) {
    for (const dimension of [1, 3, 10]) {
      const made = caseOf(count, centers, dimension)
      await compare(machine, pairSumsNaive, made, { sums: allowed(made) })
    }
  }
})

test('the references of this yardstick and of the kernel that it is for agree', () => {
  const [count, centers, dimension] = [4, 5, 3]
  const { params, buffers } = caseOf(count, centers, dimension)
  const sums = new Float64Array(count)
  pairSumsNaive.reference(params, { ...buffers, sums }, {})
  const z = normal(count * dimension, 1)
  const queries = new Float64Array(count * dimension * 2)
  for (let q = 0; q < count; q++) {
    for (let k = 0; k < dimension; k++) {
      queries[k * 4 + q] = buffers.queries[q * dimension + k] - z[q * dimension + k]
      queries[(dimension + k) * 4 + q] = 2 * z[q * dimension + k]
    }
  }
  const shape = { dimension, columns: 1, split: false, weighted: false, others: false, labelled: false }
  const lists = { tile_starts: Uint32Array.of(0, centers), work: Uint32Array.of(0, 6, 1, 0, 0, 0, 0) }
  const tags = { query_tags: new Uint32Array(8), center_tags: new Uint32Array(2 * centers) }
  const tiled = { queries, centers: buffers.centers, ...lists, ...tags, sums: new Float64Array(count) }
  tileSums.reference({ blocks: 1, capacity: 4, scale: params.scale }, tiled, tileConstants(shape))
  close(
    tiled.sums,
    sums,
    sums.map((sum) => 1e-5 * sum),
    'sums',
  )
})

test.run()
