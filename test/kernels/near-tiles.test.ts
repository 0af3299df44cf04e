// Whatever is left out may be certified only if the list leaves out nothing that matters: checked query by query in f64, and
// without any tolerance, since the kernel rounds towards keeping.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boxes } from '../../src/kernels/boxes.js'
import { nearTiles } from '../../src/kernels/near-tiles.js'
import { compare, f32, openMachine, runBoth, u32 } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

interface Scene {
  tiles: number
  dimension: number
  /** Centers in a tile, queries in a block. */
  size: number
  queries: number
  noiseStd: number
  /** Distances between tiles, in noise. */
  apart: number
  threshold: number
  blocks?: number
  first?: number
}

/** Clouds of centers, one a tile, with queries standing on some of them; boxes by the device, as in a run. */
async function sceneOf({ tiles, dimension, size, queries, noiseStd, apart }: Scene) {
  const places = normal(tiles * dimension, 1, apart * noiseStd)
  const cloud = normal(tiles * size * dimension, 2, noiseStd)
  const centers = cloud.map((z, i) => places[Math.floor(i / (size * dimension)) * dimension + (i % dimension)] + z)
  const standOn = (i: number) =>
    (Math.floor(i / (queries * dimension)) * size + ((Math.floor(i / dimension) % queries) % size)) * dimension
  const points = Float32Array.from(
    { length: tiles * queries * dimension },
    (_, i) => centers[standOn(i) + (i % dimension)],
  )
  const noise = normal(points.length, 3, noiseStd)
  const constants = { DIMENSION: dimension, NOISE: false }
  const edges = f32(tiles * 2 * dimension)
  const ofTiles = { params: { groups: tiles, size }, buffers: { points: centers, boxes: edges }, constants }
  const tileBoxes = (await runBoth(machine, boxes, ofTiles))[0].actual.boxes
  const around = { points, noise, boxes: edges, reach: f32(tiles) }
  const ofBlocks = {
    params: { groups: tiles, size: queries },
    buffers: around,
    constants: { ...constants, NOISE: true },
  }
  const { boxes: blockBoxes, reach } = (await runBoth(machine, boxes, ofBlocks))[0].actual
  return { centers, points, noise, tileBoxes, blockBoxes, reach, labels: whole(tiles, 4, 2) }
}

type Made = Awaited<ReturnType<typeof sceneOf>>

function caseOf({ tiles, dimension, noiseStd, threshold, blocks = tiles, first = 0 }: Scene, scene: Made) {
  const params = { blocks, first_block: first, tiles, scale: 1 / (2 * noiseStd ** 2), threshold }
  const { blockBoxes: block_boxes, tileBoxes: tile_boxes, reach, labels } = scene
  const results = { list: u32(blocks * tiles), kept: u32(blocks * 4), skipped: f32(tiles) }
  return {
    params,
    buffers: { block_boxes, tile_boxes, reach, labels, ...results },
    constants: { DIMENSION: dimension },
  }
}

/** The tiles listed for the block at `place`, those of its own label and the others. */
function listsOf({ list, kept }: Record<string, ArrayLike<number>>, place: number): [number[], number[]] {
  const part = (kind: number) => {
    const [from, count] = [kept[place * 4 + 2 * kind], kept[place * 4 + 2 * kind + 1]]
    return Array.from({ length: count }, (_, i) => list[from + i])
  }
  return [part(0), part(1)]
}

/** What a tile adds to a query's mean in units of the query's own center, in f64. */
function share(
  { dimension: d, size, noiseStd }: Scene,
  { centers, points, noise }: Made,
  query: number,
  tile: number,
): number {
  let sum = 0
  for (let c = tile * size; c < (tile + 1) * size; c++) {
    let exponent = 0
    for (let k = 0; k < d; k++) {
      const t = points[query * d + k] - centers[c * d + k]
      exponent -= t * (t + 2 * noise[query * d + k])
    }
    sum += Math.exp(exponent / (2 * noiseStd ** 2))
  }
  return sum / size
}

/** Every promise of the kernel on one scene; how many of all pairs of a block and another tile were kept. */
async function check(scene: Scene): Promise<number> {
  const { tiles, queries, threshold, blocks = tiles, first = 0 } = scene
  const made = await sceneOf(scene)
  let keptInAll = 0
  for (const { actual, expected } of await runBoth(machine, nearTiles, caseOf(scene, made))) {
    keptInAll = 0
    for (let place = 0; place < blocks; place++) {
      const block = first + place
      const [same, others] = listsOf(actual, place)
      const kept = new Set([...same, ...others])
      keptInAll += kept.size
      inOrder(same, others, made.labels, block)
      for (const tile of listsOf(expected, place).flat())
        assert.ok(kept.has(tile), `tile ${tile} of block ${block} was left out`)
      const left = Array.from({ length: tiles }, (_, tile) => tile).filter((tile) => tile !== block && !kept.has(tile))
      for (let q = block * queries; q < (block + 1) * queries; q++) {
        const shares = left.map((tile) => share(scene, made, q, tile))
        const lost = shares.reduce((sum, one) => sum + one, 0)
        assert.ok(
          lost <= actual.skipped[block],
          `query ${q} loses ${lost}, block ${block} allows ${actual.skipped[block]}`,
        )
        assert.ok(
          shares.every((one) => one <= Math.exp(threshold)),
          `query ${q} loses a tile above the threshold`,
        )
      }
      // Not loose either: what was left half-way counts as e^-20 of the threshold, no bound falls below 1e-37.
      const most = 1.001 * expected.skipped[block] + tiles * (Math.exp(threshold - 20) + 2e-37)
      assert.ok(actual.skipped[block] <= most, `block ${block} allows ${actual.skipped[block]} of ${most}`)
    }
  }
  return keptInAll / (blocks * Math.max(1, tiles - 1))
}

/** Ascending from the front, descending from the back, the own tile in neither. */
function inOrder(same: number[], others: number[], labels: ArrayLike<number>, block: number): void {
  assert.ok(
    same.every((tile, i) => labels[tile] === labels[block] && (i === 0 || same[i - 1] < tile)),
    'same label',
  )
  const ascending = [...others].reverse()
  assert.ok(
    ascending.every((tile, i) => labels[tile] !== labels[block] && (i === 0 || ascending[i - 1] < tile)),
    'others',
  )
  assert.not(same.includes(block))
}

const scene: Scene = {
  tiles: 65,
  dimension: 3,
  size: 4,
  queries: 3,
  noiseStd: 0.1,
  apart: 8,
  threshold: Math.log(1e-6 / 65),
}

test('nothing that matters is left out, and the bound holds for every query', async () => {
  for (const dimension of [1, 3, 10, 16]) {
    const kept = await check({ ...scene, dimension, apart: 8 / Math.sqrt(dimension) })
    assert.ok(kept > 0 && kept < 0.9, `dimension ${dimension}: ${kept} of all pairs are kept`)
  }
})

test('where the bound is the very number: one query, one center, one axis', async () => {
  for (const apart of [3, 6, 30]) {
    for (const noiseStd of [0.005, 0.3, 2]) {
      await check({ ...scene, tiles: 200, dimension: 1, size: 1, queries: 1, noiseStd, apart, threshold: -9 })
    }
  }
})

test('in the noise of the paper', async () => {
  for (const dimension of [10, 5])
    await check({ ...scene, tiles: 100, dimension, size: 16, queries: 16, noiseStd: 0.005, apart: 20 })
})

test('all sizes: one tile, one workgroup, one more', async () => {
  for (const tiles of [1, 2, 4, 5, 64, 66]) await check({ ...scene, tiles, apart: 3 })
})

test('a chunk of blocks lists its own, and says so of no other block', async () => {
  const chunk = { ...scene, first: 10, blocks: 30 }
  await check(chunk)
  for (const { actual } of await runBoth(machine, nearTiles, caseOf(chunk, await sceneOf(chunk)))) {
    const written = Array.from(actual.skipped, (one) => !Number.isNaN(one))
    assert.equal(
      written,
      Array.from({ length: 65 }, (_, block) => block >= 10 && block < 40),
    )
  }
})

test('without tolerance every other tile is listed and nothing skipped', async () => {
  for (const noiseStd of [0.005, 0.1, 2]) {
    const all = { ...scene, noiseStd, apart: 50, threshold: -3e38 }
    const one = caseOf(all, await sceneOf(all))
    await compare(machine, nearTiles, one, { kept: 0, skipped: 0 })
    for (const { actual } of await runBoth(machine, nearTiles, one)) {
      for (let block = 0; block < 65; block++) {
        const listed = listsOf(actual, block)
          .flat()
          .sort((a, b) => a - b)
        assert.equal(
          listed,
          Array.from({ length: 65 }, (_, tile) => tile).filter((tile) => tile !== block),
        )
      }
    }
  }
})

test('clusters far apart: nobody is listed, and next to nothing is lost', async () => {
  const far = { ...scene, apart: 1e4 }
  assert.is(await check(far), 0)
  for (const { actual } of await runBoth(machine, nearTiles, caseOf(far, await sceneOf(far)))) {
    assert.ok(actual.skipped.every((one) => one > 0 && one < 1e-12))
  }
})

test('the same lists every time', async () => {
  const one = caseOf(scene, await sceneOf(scene))
  const [first, again] = [await runBoth(machine, nearTiles, one), await runBoth(machine, nearTiles, one)]
  assert.equal([...first[0].actual.list], [...again[0].actual.list])
  assert.equal(first[0].actual.kept, again[0].actual.kept)
})

test('equal labels all lie in front, one of its kind lists all behind', async () => {
  const made = await sceneOf({ ...scene, apart: 1 })
  const labels = new Uint32Array(65).fill(3)
  labels[7] = 1
  const one = caseOf({ ...scene, threshold: -3e38 }, { ...made, labels })
  for (const { actual } of await runBoth(machine, nearTiles, one)) {
    assert.equal(
      listsOf(actual, 7).map((part) => part.length),
      [0, 64],
    )
    assert.equal(
      listsOf(actual, 8).map((part) => part.length),
      [63, 1],
    )
    assert.equal(listsOf(actual, 8)[1], [7])
  }
})

test.run()
