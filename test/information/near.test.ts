// The host's lists of near tiles against the plain tests of the kernel's reference: the same tiles, and a bound no smaller.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nearTilesOnHost, sortTiles, type Boxes } from '../../src/information/near.js'
import { nearTiles } from '../../src/kernels/near-tiles.js'
import { normal, uniform, whole } from '../kernels/samples.js'

const tiles = 97
const noiseStd = 0.01

/** Tiles and blocks of random size around shared places, `apart` noise lengths apart. */
function sceneOf(dimension: number, apart: number, threshold: number): Boxes {
  const places = normal(tiles * dimension, 1, apart * noiseStd)
  const boxesOf = (seed: number) => {
    const half = uniform(tiles * dimension, seed, 0, 3 * noiseStd)
    return Float32Array.from({ length: tiles * 2 * dimension }, (_, i) => {
      const [tile, end, k] = [Math.floor(i / (2 * dimension)), Math.floor(i / dimension) % 2, i % dimension]
      return places[tile * dimension + k] + (end ? 1 : -1) * half[tile * dimension + k]
    })
  }
  const reach = uniform(tiles, 4, 0, 12 * noiseStd ** 2)
  return {
    ...{ dimension, tiles: boxesOf(2), blocks: boxesOf(3), reach, labels: whole(tiles, 5, 2) },
    ...{ scale: 1 / (2 * noiseStd ** 2), threshold },
  }
}

function byReference(boxes: Boxes) {
  const out = {
    list: new Uint32Array(tiles * tiles),
    kept: new Uint32Array(tiles * 4),
    skipped: new Float64Array(tiles),
  }
  const { scale, threshold, dimension } = boxes
  const inputs = { block_boxes: boxes.blocks, reach: boxes.reach, tile_boxes: boxes.tiles, labels: boxes.labels }
  const params = { blocks: tiles, first_block: 0, tiles, scale, threshold }
  nearTiles.reference(
    params,
    { ...(inputs as unknown as Record<keyof typeof inputs, Float32Array>), ...out },
    { DIMENSION: dimension },
  )
  return out
}

type Lists = { list: ArrayLike<number>; kept: ArrayLike<number> }

function listOf({ list, kept }: Lists, place: number, kind: number): number[] {
  const [from, count] = [kept[place * 4 + 2 * kind], kept[place * 4 + 2 * kind + 1]]
  return Array.from({ length: count }, (_, i) => list[from + i]).sort((a, b) => a - b)
}

test('the host keeps the tiles that the reference keeps, and bounds the rest no lower', () => {
  let [kept, skipped] = [0, 0]
  for (const [dimension, apart] of [
    [1, 5],
    [2, 20],
    [3, 8],
    [10, 6],
  ]) {
    const boxes = sceneOf(dimension, apart, -20)
    const [host, reference] = [nearTilesOnHost(boxes, sortTiles(boxes, tiles), 0, tiles), byReference(boxes)]
    for (let block = 0; block < tiles; block++) {
      for (const kind of [0, 1]) {
        const found = listOf(host, block, kind)
        assert.equal(found, listOf(reference, block, kind), `dimension ${dimension}, block ${block}, kind ${kind}`)
        kept += found.length
      }
      assert.ok(host.skipped[block] >= reference.skipped[block], `dimension ${dimension}, block ${block}: the bound`)
      assert.ok(host.skipped[block] <= reference.skipped[block] * 1.01 + tiles * Math.exp(-40), 'and not much higher')
      skipped += host.skipped[block] > 0 ? 1 : 0
    }
  }
  assert.ok(kept > 1000 && skipped > 100, `something is kept (${kept}) and something skipped (${skipped})`)
})

test('a range of blocks is the same part of the whole, and no tolerance skips nothing', () => {
  const boxes = sceneOf(3, 8, -20)
  const sorted = sortTiles(boxes, tiles)
  const [whole, part] = [nearTilesOnHost(boxes, sorted, 0, tiles), nearTilesOnHost(boxes, sortTiles(boxes, 11), 40, 11)]
  for (let i = 0; i < 11; i++) {
    for (const kind of [0, 1]) assert.equal(listOf(part, i, kind), listOf(whole, 40 + i, kind))
    assert.is(part.skipped[i], whole.skipped[40 + i])
  }
  const open = { ...boxes, threshold: -1e30 }
  const everything = nearTilesOnHost(open, sortTiles(open, tiles), 0, tiles)
  assert.is(everything.list.length, tiles * (tiles - 1))
  assert.ok(everything.skipped.every((bound) => bound === 0))
})

test.run()
