/**
 * Sums by moments, which take the series at its word (that it is the sum it stands for: test/summation/moments.test.ts), written out here
 * in f64. With R = sqrt(2 scale) (|t| + |z|), axis by axis, r is off by at most 14 units of 2^-24 of R: t one or two, t + z one, the
 * factor ten (half a unit of scale, a root of 4.5 units of 2^-23), the product one; a power of degree k by k (14 + 1) units of R^k. e_0 is
 * off as a term of tile-sums is, 2 (3 + 2 |e|) + (D + 5, or 9) scale sum |t| (|t| + 2 |z|) units, and each term of the series goes
 * through two products, and TERMS, nodes and one more additions.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { momentConstants, momentSums, monomials, nodeRow } from '../../src/kernels/moment-sums.js'
import { queryRow, type TileShape } from '../../src/kernels/tile-sums.js'
import { addMoments } from '../../src/summation/moments.js'
import { close, rounding } from '../close.js'
import { openMachine, runBoth } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Scene extends TileShape {
  capacity: number
  blocks: number
  nodes: number
  /** Block and nodes of each piece of work. */
  work: { block: number; nodes: number[] }[]
}

const noiseStd = 0.1
const scale = 1 / (2 * noiseStd ** 2)
const lists = [[0, 1, 2, 3], [], [2], [3, 1]].map((nodes, block) => ({ block, nodes }))
const scene: Scene = {
  ...{ dimension: 3, columns: 2, split: false, weighted: false, others: true, labelled: true },
  ...{ capacity: 32, blocks: 4, nodes: 4, work: lists },
}

function caseOf(scene: Scene) {
  const { dimension, columns, capacity, blocks, labelled } = scene
  const terms = monomials(dimension, 70)
  const slots = blocks * capacity
  const row = queryRow(scene) * 4
  const small = (i: number) => (scene.split && Math.floor((i % row) / 4 / dimension) === 1 ? 2 ** -25 : 1)
  const queries = normal((slots / 4) * row, 1, noiseStd).map((value, i) => value * small(i))
  return {
    params: { blocks: scene.work.length, capacity, scale },
    buffers: {
      ...{ queries, query_tags: whole(slots * 2, 2, 3), nodes: nodesOf(scene), work: workOf(scene) },
      sums: normal(slots * columns * (labelled ? 2 : 1), 3, 1),
    },
    constants: momentConstants(scene, terms),
  }
}

/** Moments of a few centers each, a tenth of the noise from their middle. */
function nodesOf(scene: Scene): Float32Array {
  const { dimension, columns, split, nodes } = scene
  const terms = monomials(dimension, 70)
  const [row, parts] = [nodeRow(scene, terms), split ? 2 : 1]
  const [middles, offsets] = [normal(nodes * dimension, 4, noiseStd), normal(nodes * columns * 3 * dimension, 5, 0.1)]
  const all = new Float32Array(nodes * row)
  for (let node = 0; node < nodes; node++) {
    const middle = middles.subarray(node * dimension, (node + 1) * dimension)
    all.set(middle, node * row)
    if (split) all.set(middle.map((value) => value * 2 ** -25).reverse(), node * row + dimension)
    all[node * row + dimension * parts] = node % 3
    const moments = new Float64Array(columns * terms.count)
    for (let c = 0; c < columns * 3; c++) {
      const v = offsets.subarray((node * columns * 3 + c) * dimension).slice(0, dimension)
      addMoments(terms, v, 1 + (c % 4), moments, (c % columns) * terms.count, new Float64Array(terms.count))
    }
    all.set(moments, node * row + dimension * parts + 1)
  }
  return all
}

/** Lists lie behind the pieces, in reverse, with rubbish in between. */
function workOf({ work }: Scene): Uint32Array {
  const words: number[] = Array<number>(work.length * 6).fill(0)
  for (const [place, { block, nodes }] of [...work.entries()].reverse()) {
    words.splice(place * 6, 6, block, 0xffff, 0xffff, words.length, nodes.length, 0)
    words.push(...nodes, 0xdeadbeef)
  }
  return Uint32Array.from(words)
}

type Made = ReturnType<typeof caseOf>

interface Exact {
  sums: Float64Array
  errors: Float64Array
}

/** What the sums must be, and how far the device may be off: nothing where nothing is added. */
function exactSums(scene: Scene, { buffers }: Made): Exact {
  const { columns, capacity } = scene
  const kinds = scene.labelled ? 2 : 1
  const { count } = monomials(scene.dimension, 70)
  const sums = Float64Array.from(buffers.sums)
  const errors = new Float64Array(sums.length)
  for (const { block, nodes } of scene.work) {
    for (let slot = block * capacity; slot < (block + 1) * capacity; slot++) {
      const label = buffers.query_tags[((slot >> 2) * 2 + 1) * 4 + (slot & 3)]
      for (let b = 0; b < columns; b++) {
        const place = (kind: number) => (((slot >> 2) * columns + b) * kinds + kind) * 4 + (slot & 3)
        for (const node of nodes) {
          const { value, size, units, labelled } = seriesOf(scene, buffers, slot, node, b)
          const at = place(kinds === 1 || label === labelled ? 0 : 1)
          sums[at] += value
          errors[at] += size * rounding * (units + count + nodes.length + 3)
        }
        for (let kind = 0; kind < kinds && nodes.length > 0; kind++) {
          errors[place(kind)] += rounding * (Math.abs(sums[place(kind)]) + Math.abs(buffers.sums[place(kind)])) + 2e-37
        }
      }
    }
  }
  return { sums, errors }
}

/** What a node adds to a column, and the sum of the sizes of its terms with the units that these may be off by. */
function seriesOf(scene: Scene, { queries, nodes }: Made['buffers'], slot: number, node: number, column: number) {
  const { dimension: d, split } = scene
  const terms = monomials(d, 70)
  const [at, width, parts] = [node * nodeRow(scene, terms), queryRow(scene), split ? 2 : 1]
  const query = (k: number) => queries[((slot >> 2) * width + k) * 4 + (slot & 3)]
  const [r, most]: number[][] = [[], []]
  let [exponent, size] = [0, 0]
  for (let k = 0; k < d; k++) {
    const z = query(d * parts + k) / 2
    const t = query(k) - nodes[at + k] + (split ? query(d + k) - nodes[at + d + k] : 0)
    exponent -= scale * t * (t + 2 * z)
    size += scale * Math.abs(t) * (Math.abs(t) + 2 * Math.abs(z))
    r.push((t + z) * Math.sqrt(2 * scale))
    most.push((Math.abs(t) + Math.abs(z)) * Math.sqrt(2 * scale))
  }
  const series = (of: number[], sign: (moment: number) => number) => {
    const power = [1]
    let sum = 0
    for (let a = 0; a < terms.count; a++) {
      if (a > 0) power[a] = power[terms.parent[a]] * of[terms.axis[a]]
      sum += sign(nodes[at + d * parts + 1 + column * terms.count + a]) * power[a]
    }
    return Math.exp(exponent) * sum
  }
  const units = 2 * (3 + 2 * Math.abs(exponent)) + (d + (split ? 9 : 5)) * size + 15 * (terms.degree - 1)
  return { value: series(r, (m) => m), size: series(most, Math.abs), units, labelled: nodes[at + d * parts] }
}

/** Device, reference and the sums written out here agree. */
async function check(scene: Scene): Promise<void> {
  const made = caseOf(scene)
  const { sums, errors } = exactSums(scene, made)
  const what = JSON.stringify({ ...scene, work: scene.work.length })
  for (const { actual, expected, workgroup } of await runBoth(machine, momentSums, made)) {
    close(actual.sums, sums, errors, `workgroup ${workgroup}: ${what}`)
    const small = errors.map((error) => 1e-6 * error)
    close(expected.sums, sums, small, `reference: ${what}`)
  }
}

test('moments of nodes are added to the sums of their kind and column', () => check(scene))
test('one dimension, one column, no labels', () => check({ ...scene, dimension: 1, columns: 1, labelled: false }))
test('two dimensions, sixteen columns', () => check({ ...scene, dimension: 2, columns: 16 }))
test('ten dimensions, coordinates of two floats', () => check({ ...scene, dimension: 10, split: true }))
test('thirty dimensions, no labels', () => check({ ...scene, dimension: 30, columns: 1, labelled: false }))

test('slots: one vector, fewer than a workgroup takes, and more', async () => {
  for (const capacity of [4, 8, 20, 36, 64, 260]) await check({ ...scene, capacity })
})

test('one block, and many, in any order; a hundred nodes', async () => {
  for (const blocks of [1, 65]) {
    const work = Array.from({ length: blocks }, (_, i) => ({ block: blocks - 1 - i, nodes: [i % 4, 3] }))
    await check({ ...scene, capacity: 4, blocks, work })
  }
  const nodes = 100
  await check({ ...scene, nodes, blocks: 3, work: [{ block: 2, nodes: [...Array(nodes).keys()] }] })
})

test('the tolerance is one: a relative error of 1e-4 would be seen', () => {
  const made = caseOf(scene)
  const { sums, errors } = exactSums(scene, made)
  const added = sums.map((sum, i) => Math.abs(sum - made.buffers.sums[i]))
  assert.ok(added.filter((value, i) => errors[i] < 1e-4 * value).length > added.filter((value) => value > 0).length / 2)
})

test('the same sums every time, bit for bit', async () => {
  const made = caseOf(scene)
  const [first, again] = [await runBoth(machine, momentSums, made), await runBoth(machine, momentSums, made)]
  assert.equal(first[0].actual.sums, again[0].actual.sums)
})

test.run()
