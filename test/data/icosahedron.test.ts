import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { antipodes, icosahedron, neighbours } from '../../src/data/icosahedron.js'

const vertices = Array.from({ length: 12 }, (_, k) => k)

test('the graph is that of an icosahedron', () => {
  for (const a of vertices) {
    assert.is(new Set(neighbours[a]).size, 5)
    for (const b of neighbours[a]) assert.ok(neighbours[b].includes(a), `${a} and ${b} are neighbours both ways`)
    const shared = neighbours[a].map((b) => neighbours[b].filter((c) => neighbours[a].includes(c)).length)
    assert.equal(shared, [2, 2, 2, 2, 2], 'around a vertex its neighbours form a ring of five')
  }
})

test('the antipode of a vertex is the only one three steps away', () => {
  for (const a of vertices) {
    const within2 = new Set([a, ...neighbours[a], ...neighbours[a].flatMap((b) => neighbours[b])])
    assert.equal(
      vertices.filter((b) => !within2.has(b)),
      [antipodes[a]],
    )
    assert.is(antipodes[antipodes[a]], a)
  }
})

test('all 4096 binary inputs are there once, bit k on vertex k', () => {
  const { count, width, classes, inputs, labels } = icosahedron()
  assert.equal([count, width, classes, inputs.length, labels.length], [4096, 12, 2, 4096 * 12, 4096])
  assert.equal([...inputs.slice(5 * 12, 6 * 12)], [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  for (let i = 0; i < count; i++) {
    const value = inputs.subarray(i * 12, i * 12 + 12).reduce((sum, bit, k) => sum + bit * 2 ** k, 0)
    assert.is(value, i)
  }
})

test('2118 labels are one', () => {
  const { labels } = icosahedron()
  assert.is(labels.filter((y) => y === 1).length, 2118)
  assert.is(labels.filter((y) => y === 0).length, 4096 - 2118)
})

test('none of the 120 symmetries changes a label', () => {
  const { labels } = icosahedron()
  const symmetries = automorphisms()
  assert.is(symmetries.length, 120)
  for (const image of symmetries) {
    const bits = image.map((to) => 1 << to)
    for (let input = 0; input < 4096; input++) {
      const moved = bits.reduce((sum, bit, k) => sum | ((input >> k) & 1 ? bit : 0), 0)
      if (labels[moved] !== labels[input]) assert.unreachable(`input ${input} moved by [${image}] to ${moved}`)
    }
  }
})

/** Every relabelling of the vertices that keeps neighbours neighbours, found by placing one vertex after another. */
function automorphisms(): number[][] {
  let partial: number[][] = [[]]
  for (const vertex of vertices) {
    partial = partial.flatMap((image) => vertices.filter((to) => fits(image, vertex, to)).map((to) => [...image, to]))
  }
  return partial
}

function fits(image: number[], vertex: number, to: number): boolean {
  return image.every((other, k) => other !== to && neighbours[k].includes(vertex) === neighbours[other].includes(to))
}

test.run()
