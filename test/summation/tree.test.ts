// Trees of boxes: what lists rest on, for points as layers make them and as nobody would.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildTree, type LeafRule, type Points, type Tree } from '../../src/summation/tree.js'
import { normals } from '../truth/plain-estimator.js'

const rule: LeafRule = { most: 64, side: 1, few: 16 }

function pointsOf(count: number, dimension: number, coordinate: (i: number, k: number) => number): Points {
  const coordinates = Float64Array.from({ length: count * dimension }, (_, at) =>
    coordinate(Math.floor(at / dimension), at % dimension),
  )
  return { count, dimension, coordinates }
}

const normal = normals(1)
const clouds: Record<string, Points> = {
  'one cloud': pointsOf(1000, 3, () => normal()),
  clusters: pointsOf(1500, 2, (i, k) => 100 * Math.sin((i % 15) * (k + 1)) + 0.1 * normal()),
  wide: pointsOf(700, 5, () => 50 * normal()),
  'a line': pointsOf(333, 4, (i) => i / 7),
  'one outlier': pointsOf(500, 2, (i) => (i === 77 ? 1e6 : normal())),
  'one point': pointsOf(1, 3, () => 4),
  'two points': pointsOf(2, 1, (i) => i),
  identical: pointsOf(1000, 2, () => 0.3),
  'identical but for one': pointsOf(1000, 2, (i) => (i === 500 ? 0.3 + 1e-9 : 0.3)),
  'as far as numbers go': pointsOf(200, 1, (i) => (i % 2 ? 1.7e308 : -1.7e308) * (i / 200)),
}

for (const [name, points] of Object.entries(clouds)) {
  test(`${name}: every point in one leaf, tight boxes, leaves by the rule`, () => {
    const tree = buildTree(points, rule)
    isSound(tree, points)
    followsRule(tree, rule)
    assert.equal(tree.roots, [0])
  })
}

test('groups keep apart, whichever numbers they have', () => {
  const points = clouds['one cloud']
  const groups = Array.from({ length: points.count }, (_, i) => [7, 0, 3, 900][i % 10 === 0 ? 0 : i % 3])
  const tree = buildTree(points, rule, groups)
  isSound(tree, points)
  followsRule(tree, rule)
  assert.equal(
    tree.roots.map((root) => groups[tree.order[tree.first[root]]]),
    [...new Set(groups)].sort((a, b) => a - b),
  )
  for (const root of tree.roots) {
    const held = new Set(Array.from(tree.order.subarray(tree.first[root], tree.last[root]), (i) => groups[i]))
    assert.is(held.size, 1)
  }
})

test('no points, with and without groups', () => {
  const none = pointsOf(0, 3, () => 0)
  for (const groups of [null, []]) {
    const tree = buildTree(none, rule, groups)
    assert.is(tree.nodes + tree.roots.length + tree.order.length, 0)
  }
})

test('points in one place fill their leaves', () => {
  for (const count of [64, 65, 1000]) {
    assert.is(
      leaves(
        buildTree(
          pointsOf(count, 2, () => 1),
          rule,
        ),
      ).length,
      Math.ceil(count / rule.most),
    )
  }
})

test('clusters are found: no leaf holds points of two, and leaves are few', () => {
  const points = pointsOf(2000, 2, (i, k) => 40 * [i % 5, (i % 25) / 5][k] + normal() / 10)
  const tree = buildTree(points, rule)
  for (const { first, last } of leaves(tree)) {
    assert.is(new Set(Array.from(tree.order.subarray(first, last), (i) => i % 25)).size, 1)
  }
  assert.ok(leaves(tree).length <= 4 * 25, `${leaves(tree).length} leaves for 25 clusters of 80`)
})

test('distances over 300 orders of magnitude: no depth, and no time, without end', () => {
  const count = 20_000
  const points = pointsOf(count, 1, (i) => 10 ** (-300 + (600 * i) / count))
  const start = performance.now()
  const tree = buildTree(points, { ...rule, side: 1e-300 })
  const seconds = (performance.now() - start) / 1000
  isSound(tree, points)
  assert.ok(depthOf(tree) <= 64 + Math.ceil(Math.log2(count)) + 1, `depth ${depthOf(tree)}`)
  assert.ok(seconds < 5, `${seconds} s for ${count} points`)
})

test('the same points give the same tree', () => {
  for (const points of Object.values(clouds)) assert.equal(buildTree(points, rule), buildTree(points, rule))
})

/** Each node holds its halves' points and no others, in the tightest box; all roots together hold every point once. */
function isSound(tree: Tree, { count, dimension, coordinates }: Points): void {
  assert.equal(
    [...tree.order].sort((a, b) => a - b),
    [...Array(count).keys()],
  )
  const ends = tree.roots.map((root) => [tree.first[root], tree.last[root]])
  assert.equal(
    ends.map(([first]) => first),
    [0, ...ends.map(([, last]) => last)].slice(0, -1),
    'roots follow each other',
  )
  assert.is(ends.at(-1)![1], count)
  for (let node = 0; node < tree.nodes; node++) {
    const [first, last, right] = [tree.first[node], tree.last[node], tree.right[node]]
    assert.ok(last > first, 'no empty node')
    if (right > 0) assert.equal([tree.first[node + 1], tree.last[right]], [first, last])
    if (right > 0) assert.is(tree.last[node + 1], tree.first[right])
    for (let k = 0; k < dimension; k++) {
      let [low, high] = [Infinity, -Infinity]
      for (const i of tree.order.subarray(first, last)) {
        low = Math.min(low, coordinates[i * dimension + k])
        high = Math.max(high, coordinates[i * dimension + k])
      }
      if (tree.low[node * dimension + k] !== low || tree.high[node * dimension + k] !== high) {
        throw new Error(`node ${node}, axis ${k}: a box that is not the tightest`)
      }
    }
  }
}

/** Leaves are no larger than allowed, and nothing was split that could be a leaf. */
function followsRule(tree: Tree, { most, side, few }: LeafRule): void {
  for (let node = 0; node < tree.nodes; node++) {
    const at = node * tree.dimension
    const longest = Math.max(...Array.from({ length: tree.dimension }, (_, k) => tree.high[at + k] - tree.low[at + k]))
    const count = tree.last[node] - tree.first[node]
    const mayBeLeaf = count <= 1 || (count <= most && (count <= few || longest <= side))
    assert.is(tree.right[node] === 0, mayBeLeaf, `node ${node}: ${count} points within ${longest}`)
  }
}

function leaves(tree: Tree): { first: number; last: number; count: number }[] {
  const nodes = Array.from({ length: tree.nodes }, (_, node) => node).filter((node) => tree.right[node] === 0)
  return nodes.map((node) => ({
    first: tree.first[node],
    last: tree.last[node],
    count: tree.last[node] - tree.first[node],
  }))
}

function depthOf(tree: Tree): number {
  const depth = new Uint32Array(tree.nodes)
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.right[node] > 0) depth[node + 1] = depth[tree.right[node]] = depth[node] + 1
  }
  return depth.reduce((a, b) => Math.max(a, b), 0)
}

test.run()
