/**
 * What a block lists: between tiles, nodes and what is skipped every center is accounted for once; what is skipped is bounded, center by
 * center and in all; and nodes are as near their middles as their remainder says.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { close } from '../close.js'
import { monomials, nodeRow } from '../../src/kernels/moment-sums.js'
import type { TileShape } from '../../src/kernels/tile-sums.js'
import { blocksOf, chunks, packCenters, sortLeaves, type Block } from '../../src/summation/layout.js'
import { Lister, type Bounds } from '../../src/summation/lists.js'
import { largestProduct } from '../../src/summation/moments.js'
import { buildTree, type Tree } from '../../src/summation/tree.js'
import { kinds, sceneOf, type Scene } from './scenes.js'

const noiseStd = 0.1
const shape: TileShape = { dimension: 2, columns: 3, split: false, weighted: true, others: true, labelled: true }
const terms = monomials(shape.dimension, 70)
const bounds: Bounds = { noiseStd, threshold: Math.log(1e-4), relative: 1e-3 }

interface Listed {
  scene: Scene
  centerTree: Tree
  queryTree: Tree
  lister: Lister
  blocks: Block[]
  leafOf: Map<number, number>
}

/** The scene's trees as one chunk. */
function listed(kind: string, bounds: Bounds, room = 2 ** 18): Listed {
  const scene = sceneOf(kind, { ...shape, noiseStd, offset: 0 }, 11)
  const { centers, queries } = scene
  const points = { count: centers.count, dimension: shape.dimension, coordinates: centers.coordinates }
  const centerTree = buildTree(points, { most: 64, side: 6 * noiseStd, few: 16 }, centers.label)
  sortLeaves(centerTree, centers)
  const noisy = Float64Array.from(queries.coordinates, (s, i) => s + queries.noise[i])
  const rule = { most: 32, side: 10 * noiseStd, few: 16 }
  const queryTree = buildTree({ count: queries.count, dimension: shape.dimension, coordinates: noisy }, rule)
  const lister = new Lister(shape, centerTree, centers, { monomials: terms, bounds, rows: new Float32Array(room) })
  const chunk = packCenters(shape, centerTree, centers, chunks(centerTree, centers.count)[0])
  lister.begin(chunk)
  const leaves = [...chunk.tileOf.keys()].filter((node) => centerTree.right[node] === 0)
  const leafOf = new Map(leaves.map((leaf) => [chunk.tileOf[leaf], leaf]))
  return { scene, centerTree, queryTree, lister, blocks: blocksOf(queryTree, queries), leafOf }
}

for (const kind of Object.keys(kinds)) {
  test(`${kind}: every center is listed once, or bounded`, () => {
    const all = listed(kind, bounds)
    const { lister, centerTree, blocks, leafOf } = all
    for (const block of blocks) {
      lister.list(block, centerTree.roots)
      const tiles = centersOf(
        centerTree,
        Array.from(lister.tiles, (tile) => leafOf.get(tile)!),
      )
      const nodes = centersOf(centerTree, lister.treeNodes)
      assert.is(lister.centersListed, tiles.length)
      const listedOnes = new Set([...tiles, ...nodes])
      assert.is(listedOnes.size, tiles.length + nodes.length, 'none twice')
      const skipped = Array.from(centerTree.order).filter((c) => !listedOnes.has(c))
      forQueries(all, block, (query) => {
        const lost = skipped.map((c) => termOf(all, query, c))
        const weight = (c: number) => all.scene.centers.weight![c]
        assert.ok(lost.every((term, i) => term <= Math.exp(bounds.threshold) * weight(skipped[i]) * (1 + 1e-9)))
        assert.ok(lost.reduce((a, b) => a + b, 0) <= lister.skipped * (1 + 1e-9))
        for (const node of lister.treeNodes) assert.ok(productOf(all, query, node) <= lister.largest)
      })
    }
    assert.ok(lister.largest <= largestProduct(terms.degree, bounds.relative))
  })
}

test('nothing may be skipped: all tiles are listed, and no nodes', () => {
  const { lister, centerTree, blocks, scene, leafOf } = listed('clustered', {
    noiseStd,
    threshold: -Infinity,
    relative: 0,
  })
  for (const block of blocks) {
    lister.list(block, centerTree.roots)
    assert.equal(
      [...lister.tiles].sort((a, b) => a - b),
      [...leafOf.keys()],
    )
    assert.is(lister.centersListed, scene.centers.count)
    assert.is(lister.skipped + lister.nodes.length, 0)
  }
})

test('moments are stored once for all blocks, as long as there is room', () => {
  const row = nodeRow(shape, terms)
  const all = listed('saturated corners', bounds)
  const listAll = ({ lister, centerTree, blocks }: Listed) => {
    const rows = blocks.map((block) => (lister.list(block, centerTree.roots), [...lister.nodes]))
    return { different: new Set(rows.flat()).size, listed: rows.flat().length }
  }
  const { different, listed: count } = listAll(all)
  assert.ok(different > 1 && count > different, `${count} listed, ${different} of them different`)
  assert.is(all.lister.used, different * row)
  const little = listed('saturated corners', bounds, row + 1)
  assert.is(listAll(little).different, 1)
  assert.ok(little.lister.mostTiles > 0, 'the others are summed one by one')
})

test("a node's moments by column are those of its centers", () => {
  const { lister, centerTree, blocks, scene } = listed('saturated corners', bounds)
  lister.list(blocks[0], centerTree.roots)
  const at = lister.nodes[0] * nodeRow(shape, terms)
  const node = lister.treeNodes[0]
  const mass = [0, 0, 0]
  for (const c of centersOf(centerTree, [node])) mass[scene.centers.column![c]] += scene.centers.weight![c]
  const first = mass.map((_, b) => lister.rows[at + 3 + b * terms.count])
  // exp(-|v|^2 / 2) with |v| about 1e-3, and f32
  close(
    first,
    mass,
    mass.map((m) => 1e-5 * m),
    'moments of degree 0',
  )
  assert.is(lister.rows[at + 2], scene.centers.label![centerTree.order[centerTree.first[node]]])
})

test('chunks follow each other through the tree, as large as allowed', () => {
  const { centerTree, scene } = listed('spread', bounds)
  for (const most of [64, 100, 1000]) {
    const parts = chunks(centerTree, most)
    assert.equal(
      parts.map(({ from }) => from),
      [0, ...parts.map(({ to }) => to)].slice(0, -1),
    )
    assert.is(parts.at(-1)!.to, scene.centers.count)
    for (const { roots, from, to } of parts) {
      assert.ok(to - from <= most)
      assert.equal(centersOf(centerTree, roots), Array.from(centerTree.order.subarray(from, to)))
    }
    assert.ok(parts.length <= (2 * scene.centers.count) / most + 1, `${parts.length} chunks of ${most}`)
  }
})

function centersOf({ first, last, order }: Tree, nodes: readonly number[]): number[] {
  return nodes.flatMap((node) => Array.from(order.subarray(first[node], last[node])))
}

function forQueries({ queryTree }: Listed, { from, to }: Block, visit: (query: number) => void): void {
  for (const query of queryTree.order.subarray(from, to)) visit(query)
}

function termOf({ scene: { centers, queries } }: Listed, query: number, center: number): number {
  const [toCenter, own] = [0, 1].map((which) =>
    [0, 1].reduce((sum, k) => {
      const z = queries.noise[2 * query + k]
      const t = queries.coordinates[2 * query + k] - centers.coordinates[2 * center + k]
      return sum + (which === 0 ? (t + z) ** 2 : z * z)
    }, 0),
  )
  return centers.weight![center] * Math.exp(-(toCenter - own) / (2 * noiseStd ** 2))
}

/** |r| |v| of the query and the farthest center, about the middle that the device has. */
function productOf({ scene: { centers, queries }, centerTree, lister }: Listed, query: number, node: number): number {
  const at = lister.nodes[lister.treeNodes.indexOf(node)] * nodeRow(shape, terms)
  const middle = [lister.rows[at], lister.rows[at + 1]]
  const r = Math.hypot(...middle.map((m, k) => queries.coordinates[2 * query + k] + queries.noise[2 * query + k] - m))
  const lengths = centersOf(centerTree, [node]).map((c) =>
    Math.hypot(...middle.map((m, k) => centers.coordinates[2 * c + k] - m)),
  )
  return (r * Math.max(...lengths)) / noiseStd ** 2
}

test.run()
