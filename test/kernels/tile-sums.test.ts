/**
 * Sums over listed tiles, in the form exp(-scale t (t + 2 z)) written out here in f64. A term exp(e) is off by what WGSL allows,
 * 3 + 2 |e| units of 2^-23, and by the rounding of e: D + 5 units of 2^-24 of scale sum |t| (|t| + 2 |z|), or D + 9 where t is the
 * sum of two differences; a weight is one unit more. Adding positive terms is off by a unit for each addition that one of them goes
 * through: the terms of its tile, 64 tiles, and the sections of 64.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { centerRow, queryRow, tileConstants, tileSums, type TileShape } from '../../src/kernels/tile-sums.js'
import { close, rounding } from '../close.js'
import { f32, openMachine, runBoth } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Scene extends TileShape {
  /** Slots of a block, and blocks that there are. */
  capacity: number
  blocks: number
  /** Centers of each tile; columns take turns. */
  tiles: number[]
  /** Block and tiles of each piece of work. */
  work: { block: number; tiles: number[] }[]
  noiseStd: number
  /** Distances between points, in noise. */
  apart: number
}

const lists = [[0, 1, 2], [], [2], [3, 1, 0]].map((tiles, block) => ({ block, tiles }))
const scene: Scene = {
  ...{ dimension: 3, columns: 2, split: false, weighted: false, others: true, labelled: true },
  ...{ capacity: 32, blocks: 4, tiles: [5, 1, 64, 7], work: lists, noiseStd: 0.1, apart: 1 },
}

function caseOf(scene: Scene) {
  const { dimension, columns, split, weighted, capacity, blocks, tiles, noiseStd, apart } = scene
  const [slots, count] = [blocks * capacity, tiles.reduce((a, b) => a + b, 0)]
  const low = (values: Float32Array) => values.map((x) => x * 2 ** -25)
  const spread = (apart * noiseStd) / Math.sqrt(dimension)
  const [s, c, z] = [slots, count, slots].map((n, i) => normal(n * dimension, 1 + i, i < 2 ? spread : noiseStd))
  const parts = (points: Float32Array, seed: number) => [points, ...(split ? [low(normal(points.length, seed))] : [])]
  const weights = whole(count, 7, 9).map((n) => n + 1)
  const row = (all: Float32Array[], i: number) =>
    all.flatMap((one) => [...one.subarray(i * dimension, (i + 1) * dimension)])
  const [queriesOf, centersOf] = [[...parts(s, 4), z.map((value) => 2 * value)], parts(c, 5)]
  const queries = Array.from({ length: slots }, (_, i) => row(queriesOf, i))
  const centers = Array.from({ length: count }, (_, i) => [...row(centersOf, i), ...(weighted ? [weights[i] / 4] : [])])
  const query_tags = whole(slots * 2, 8, 3)
  const center_tags = whole(count * 2, 9, 3)
  const starts: number[] = []
  let from = 0
  for (const size of tiles) {
    for (let b = 0; b <= columns; b++) starts.push(from + Math.floor((b * size) / columns))
    from += size
  }
  return {
    params: { blocks: scene.work.length, capacity, scale: 1 / (2 * noiseStd ** 2) },
    buffers: {
      ...{ queries: inFours(queries), query_tags, centers: Float32Array.from(centers.flat()), center_tags },
      ...{ tile_starts: Uint32Array.from(starts), work: workOf(scene), sums: f32(slots * columns * kindsOf(scene)) },
    },
    constants: tileConstants(scene),
  }
}

/** Rows, four to a vector. */
function inFours(rows: number[][]): Float32Array {
  const length = rows[0].length
  return Float32Array.from({ length: rows.length * length }, (_, i) => {
    return rows[4 * Math.floor(i / (4 * length)) + (i & 3)][Math.floor(i / 4) % length]
  })
}

/** Lists lie behind the pieces, in reverse, with rubbish in between. */
function workOf({ work }: Scene): Uint32Array {
  const words: number[] = Array<number>(work.length * 6).fill(0)
  for (const [place, { block, tiles }] of [...work.entries()].reverse()) {
    words.splice(place * 6, 6, block, words.length, tiles.length, 0xffff, 0xffff, 0)
    words.push(...tiles, 0xdeadbeef)
  }
  return Uint32Array.from(words)
}

function kindsOf({ others, labelled }: TileShape): number {
  return others && labelled ? 2 : 1
}

type Made = ReturnType<typeof caseOf>

/** All sums of the blocks that are worked on, and how far the device may be off. */
function exactSums(scene: Scene, made: Made): { place: number; sum: number; error: number }[] {
  const { columns, capacity } = scene
  const kinds = kindsOf(scene)
  return scene.work.flatMap(({ block, tiles }) =>
    Array.from({ length: capacity * columns * kinds }, (_, i) => {
      const [slot, b, kind] = [
        block * capacity + Math.floor(i / (columns * kinds)),
        Math.floor(i / kinds) % columns,
        i % kinds,
      ]
      const place = (((slot >> 2) * columns + b) * kinds + kind) * 4 + (slot & 3)
      const ranges = tiles.map((tile) =>
        Array.from(made.buffers.tile_starts.subarray(tile * (columns + 1) + b).slice(0, 2)),
      )
      return { place, ...exact(scene, made, slot, kind, ranges) }
    }),
  )
}

function exact(scene: Scene, { buffers }: Made, slot: number, kind: number, ranges: number[][]) {
  const tag = (which: 0 | 1) => buffers.query_tags[((slot >> 2) * 2 + which) * 4 + (slot & 3)]
  let [sum, error, longest] = [0, 0, 0]
  for (const [from, to] of ranges) {
    longest = Math.max(longest, to - from)
    for (let c = from; c < to; c++) {
      const [input, label] = buffers.center_tags.subarray(2 * c, 2 * c + 2)
      const own = scene.others && input === tag(0)
      const counts = kindsOf(scene) === 1 ? !own : kind === 0 ? label === tag(1) && !own : label !== tag(1)
      if (!counts) continue
      const term = termOf(scene, buffers, slot, c)
      sum += term.value
      error += term.error
    }
  }
  return { sum, error: error + (longest + Math.min(64, ranges.length) + ranges.length / 64) * rounding * sum }
}

function termOf(scene: Scene, { queries, centers }: Made['buffers'], slot: number, c: number) {
  const { dimension: d, split, weighted, noiseStd } = scene
  const [row, width] = [centerRow(scene), queryRow(scene)]
  const query = (k: number) => queries[((slot >> 2) * width + k) * 4 + (slot & 3)]
  let [exponent, size] = [0, 0]
  for (let k = 0; k < d; k++) {
    const high = query(k) - centers[c * row + k]
    const low = split ? query(d + k) - centers[c * row + d + k] : 0
    const z2 = query(width - d + k)
    exponent -= (high + low) * (high + low + z2)
    size += (Math.abs(high) + Math.abs(low)) * (Math.abs(high) + Math.abs(low) + Math.abs(z2))
  }
  const scale = 1 / (2 * noiseStd ** 2)
  const value = (weighted ? centers[c * row + row - 1] : 1) * Math.exp(scale * exponent)
  const units = 2 * (3 + 2 * Math.abs(scale * exponent)) + (d + (split ? 9 : 5)) * scale * size + 1
  return { value, error: value * rounding * units + 2e-37 }
}

/** Device, reference and the sums written out here agree; slots of other blocks are not touched. */
async function check(scene: Scene): Promise<void> {
  const made = caseOf(scene)
  const sums = exactSums(scene, made)
  const expectedSums = sums.map(({ sum }) => sum)
  const what = JSON.stringify({ ...scene, work: scene.work.length, tiles: scene.tiles.length })
  for (const { actual, expected, workgroup } of await runBoth(machine, tileSums, made)) {
    const at = (values: ArrayLike<number>) => sums.map(({ place }) => values[place])
    const errors = sums.map(({ error }) => error)
    close(at(actual.sums), expectedSums, errors, `workgroup ${workgroup}: ${what}`)
    const small = expectedSums.map((sum) => 1e-9 * sum + 1e-300)
    close(at(expected.sums), expectedSums, small, `reference: ${what}`)
    const written = Array.from(actual.sums, (_, i) => i).filter((i) => !Number.isNaN(actual.sums[i]))
    assert.equal(
      written,
      sums.map(({ place }) => place).sort((a, b) => a - b),
      what,
    )
  }
}

/** Each takes a second or more to compile on a software adapter. */
const shapes: TileShape[] = [
  { dimension: 1, columns: 3, split: false, weighted: true, others: true, labelled: true },
  { dimension: 3, columns: 2, split: true, weighted: true, others: false, labelled: false },
  { dimension: 10, columns: 1, split: false, weighted: false, others: true, labelled: false },
  { dimension: 16, columns: 1, split: false, weighted: true, others: false, labelled: false },
  { dimension: 24, columns: 1, split: true, weighted: false, others: true, labelled: false },
  { dimension: 25, columns: 2, split: false, weighted: true, others: true, labelled: true },
  { dimension: 40, columns: 2, split: true, weighted: false, others: false, labelled: false },
]

for (const shape of shapes) {
  const set = Object.entries(shape).flatMap(([name, value]) => (value === true ? [name] : []))
  test(`${shape.dimension} dimensions${set.map((name) => `, ${name}`).join('')}`, () => check({ ...scene, ...shape }))
}

test('empty lists, blocks in any order, and blocks that nobody works on', async () => {
  const work = [3, 0, 5].map((block, i) => ({ block, tiles: i === 1 ? [] : [1, 2] }))
  await check({ ...scene, blocks: 6, work })
  await check({ ...scene, work: [{ block: 2, tiles: [] }] })
})

test('one tile, 64, one more, and more than two sections of them', async () => {
  for (const count of [1, 2, 64, 65, 150]) {
    const tiles = Array.from({ length: count }, (_, i) => 1 + (i % 5))
    await check({ ...scene, tiles, blocks: 2, work: [1, 0].map((block) => ({ block, tiles: [...tiles.keys()] })) })
  }
})

test('tiles without centers in a column, and one with many', async () => {
  const work = [{ block: 0, tiles: [0, 1, 2] }]
  await check({ ...scene, blocks: 1, tiles: [1, 1, 900], work })
})

test('slots: one vector, fewer than a workgroup takes, and more', async () => {
  for (const capacity of [4, 8, 20, 36, 64, 260]) await check({ ...scene, capacity })
})

test('one block, and more than a row of workgroups', async () => {
  for (const blocks of [1, 65]) {
    const work = Array.from({ length: blocks }, (_, i) => ({ block: blocks - 1 - i, tiles: [i % 4] }))
    await check({ ...scene, capacity: 4, blocks, work })
  }
})

test('centers in the place of the query count 1 each, exactly, and far ones nothing', async () => {
  const shape = { ...scene, labelled: false, others: false, dimension: 10, columns: 1 }
  const near = caseOf({ ...shape, apart: 0 })
  for (const { actual } of await runBoth(machine, tileSums, near)) {
    assert.equal(
      [0, 32, 64, 96].map((slot) => actual.sums[slot]),
      [70, 0, 64, 13],
    )
  }
  const far = caseOf({ ...shape, apart: 1e6 })
  for (const { actual } of await runBoth(machine, tileSums, far)) assert.ok(actual.sums.every((sum) => sum === 0))
})

test('the same sums every time, bit for bit', async () => {
  const made = caseOf(scene)
  const [first, again] = [await runBoth(machine, tileSums, made), await runBoth(machine, tileSums, made)]
  assert.equal(first[0].actual.sums, again[0].actual.sums)
})

test.run()
