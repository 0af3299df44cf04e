// Moments on the device against their f64 reference, which takes the series at its word; that the series is the sum it stands for is
// shown in test/summation/moments.test.ts. A power r^a carries one rounding a factor and the rounding of r, three units; the exponent
// of the leading term D + 5 units of scale sum |t| (|t| + 2 |z|); the sums over TERMS and over nodes a unit each.
import { test } from 'uvu'
import { momentConstants, momentSums, monomials, nodeRow } from '../../src/kernels/moment-sums.js'
import { queryRow } from '../../src/kernels/tile-sums.js'
import { compare, f32, openMachine } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const capacity = 32

interface Scene {
  dimension: number
  columns: number
  labelled: boolean
  split: boolean
  blocks: number
  nodes: number
}

function caseOf({ dimension, columns, labelled, split, blocks, nodes }: Scene) {
  const shape = { dimension, columns, split, weighted: false, others: true, labelled }
  const terms = monomials(dimension, 70)
  const parts = split ? 2 : 1
  const noiseStd = 0.1
  const queries = normal(blocks * capacity * queryRow(shape), 1, noiseStd)
  const query_tags = Uint32Array.from({ length: blocks * capacity * 2 }, (_, i) => i % 2)
  const row = nodeRow(shape, terms)
  const content = normal(nodes * row, 2, 1).map((value, i) => {
    const k = i % row
    if (k === dimension * parts) return Math.floor(i / row) % 2
    return k < dimension * parts ? value * noiseStd : Math.abs(value) * 0.1 ** Math.min(3, (k - dimension * parts) % 5)
  })
  const lists = Array.from({ length: blocks }, (_, b) => Array.from({ length: (b * 2) % (nodes + 1) }, (_, i) => i))
  const work = new Uint32Array(blocks * 6 + lists.flat().length)
  let at = blocks * 6
  lists.forEach((list, b) => {
    work.set([b, 0, 0, at, list.length, 0], b * 6)
    work.set(list, at)
    at += list.length
  })
  const sums = normal(blocks * capacity * columns * (labelled ? 2 : 1), 3, 1)
  return {
    params: { blocks, capacity, scale: 1 / (2 * noiseStd ** 2) },
    buffers: { queries, query_tags, nodes: content, work, sums },
    constants: momentConstants(shape, terms),
  }
}

const scene: Scene = { dimension: 3, columns: 2, labelled: true, split: false, blocks: 3, nodes: 4 }

test('moments of nodes are added to the sums of their kind and column', () => sameSums(scene))
test('one dimension, one column, no labels', () => sameSums({ ...scene, dimension: 1, columns: 1, labelled: false }))
test('sixteen columns', () => sameSums({ ...scene, columns: 16 }))
test('ten dimensions, coordinates of two floats', () => sameSums({ ...scene, dimension: 10, split: true }))

async function sameSums(scene: Scene): Promise<void> {
  const given = caseOf(scene)
  await compare(machine, momentSums, given, { sums: 1e-3 })
}

test.run()
void f32
