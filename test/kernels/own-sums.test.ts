// Sums of Gaussian kernels, in the form exp(-scale t (t + 2 z)) written out here in f64. A term exp(e) is off by what WGSL allows,
// 3 + 2 |e| units of 2^-23, and by the rounding of e: D + 5 units of 2^-24 of scale sum |t| (|t| + 2 |z|). Adding positive terms is
// off by a unit for each addition that one of them goes through: 32 steps of `share` replicas, the parts, and the lanes.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { othersRounding, ownRounding } from '../../src/information/rounding.js'
import { pairConstants, pairSums } from '../../src/kernels/pair-sums.js'
import { close, rounding } from '../close.js'
import { compare, f32, openMachine, runBoth } from './compare.js'
import { normal, whole } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const lanes = 64

interface Scene {
  own: boolean
  inputs: number
  dimension: number
  queries: number
  batches: number
  share: number
  noiseStd: number
  /** Distances between inputs, and between replicas of one input, in noise. */
  apart: number
  spread: number
  blocks?: number
  first?: number
}

const scene: Scene = {
  own: true,
  inputs: 5,
  dimension: 3,
  queries: 4,
  batches: 2,
  share: 2,
  noiseStd: 0.1,
  apart: 2,
  spread: 1,
}

function caseOf(scene: Scene) {
  const { own, inputs, dimension, queries, batches, share, noiseStd, blocks = inputs, first = 0 } = scene
  const replicas = batches * share
  const places = normal(inputs * dimension, 1, scene.apart * noiseStd)
  const cloud = normal(inputs * replicas * dimension, 2, scene.spread * noiseStd)
  const all = cloud.map((z, i) => places[Math.floor(i / (replicas * dimension)) * dimension + (i % dimension)] + z)
  const standOn = (query: number) => Math.floor(query / queries) * replicas + ((query % queries) % replicas)
  const query_s = Float32Array.from({ length: inputs * queries * dimension }, (_, i) => {
    return all[standOn(Math.floor(i / dimension)) * dimension + (i % dimension)]
  })
  const query_z = normal(query_s.length, 3, noiseStd)
  const size = replicas * dimension
  const centers = own ? all.slice(first * size, (first + blocks) * size) : all
  const sums = f32(inputs * queries * batches * (own ? 1 : 2))
  const params = { blocks, first_block: first, queries, share, scale: 1 / (2 * noiseStd ** 2) }
  const constants = pairConstants({ dimension, queries, batches, own })
  const lists = own ? {} : listsOf(scene)
  return { params, buffers: { query_s, query_z, centers, sums, ...lists }, constants }
}

/** For each block some of the other inputs from the front, some from the back, as near-tiles leaves them. */
function listsOf({ inputs, blocks = inputs, first = 0 }: Scene): { list: Uint32Array; kept: Uint32Array } {
  const kinds = whole(blocks * inputs, 9, 3)
  const list = new Uint32Array(blocks * inputs).fill(0xdeadbeef)
  const kept = new Uint32Array(blocks * 4)
  for (let place = 0; place < blocks; place++) {
    const of = (kind: number) =>
      Array.from({ length: inputs }, (_, tile) => tile).filter((tile) => {
        return tile !== first + place && kinds[place * inputs + tile] === kind
      })
    const [front, back] = [of(0), of(1).reverse()]
    list.set(front, place * inputs)
    list.set(back, (place + 1) * inputs - back.length)
    kept.set([place * inputs, front.length, (place + 1) * inputs - back.length, back.length], place * 4)
  }
  return { list, kept }
}

type Made = ReturnType<typeof caseOf>

/** The sum of a query over these centers, and how far the device may be off. */
function exact(
  scene: Scene,
  { params, buffers }: Made,
  query: number,
  centers: number[],
): { sum: number; error: number } {
  const d = scene.dimension
  let [sum, error] = [0, 0]
  for (const c of centers) {
    let [exponent, size] = [0, 0]
    for (let k = 0; k < d; k++) {
      const t = buffers.query_s[query * d + k] - buffers.centers[c * d + k]
      const z = buffers.query_z[query * d + k]
      exponent -= params.scale * t * (t + 2 * z)
      size += params.scale * Math.abs(t) * (Math.abs(t) + 2 * Math.abs(z))
    }
    const term = Math.exp(exponent)
    sum += term
    error += term * rounding * (2 * (3 + 2 * Math.abs(exponent)) + (d + 5) * size) + 2e-38
  }
  const additions = 32 * (scene.own ? 1 : scene.share) + centers.length / 32 + lanes
  return { sum, error: error + additions * rounding * sum }
}

/** All sums of the scene's blocks in the order of the buffer, and the places they have there. */
function exactSums(scene: Scene, made: Made): { place: number; sum: number; error: number }[] {
  const { own, inputs, queries, batches, share, blocks = inputs, first = 0 } = scene
  const shareOf = (tile: number, b: number) => Array.from({ length: share }, (_, j) => (tile * batches + b) * share + j)
  const all: { place: number; sum: number; error: number }[] = []
  for (let at = 0; at < blocks * queries * batches; at++) {
    const [block, b] = [Math.floor(at / (queries * batches)), at % batches]
    const query = first * queries + Math.floor(at / batches)
    const place = query * batches + b
    if (own) {
      all.push({ place, ...exact(scene, made, query, shareOf(block, b)) })
      continue
    }
    const { list, kept } = made.buffers as { list?: Uint32Array; kept?: Uint32Array }
    for (const kind of [0, 1]) {
      const [from, count] = kept!.subarray(block * 4 + 2 * kind, block * 4 + 2 * kind + 2)
      const centers = [...list!.subarray(from, from + count)].flatMap((tile) => shareOf(tile, b))
      all.push({ place: place * 2 + kind, ...exact(scene, made, query, centers) })
    }
  }
  return all
}

/** Device, reference and the sums written out here agree; elements of other blocks are not touched. */
async function check(scene: Scene): Promise<void> {
  const made = caseOf(scene)
  const sums = exactSums(scene, made)
  const places = sums.map(({ place }) => place)
  const what = JSON.stringify(scene)
  for (const { actual, expected, workgroup } of await runBoth(machine, pairSums, made)) {
    const at = (values: ArrayLike<number>) => places.map((place) => values[place])
    close(
      at(actual.sums),
      sums.map(({ sum }) => sum),
      sums.map(({ error }) => error),
      `workgroup ${workgroup}: ${what}`,
    )
    close(
      at(expected.sums),
      sums.map(({ sum }) => sum),
      sums.map(({ sum }) => 1e-9 * sum + 1e-300),
      `reference: ${what}`,
    )
    const written = Array.from(actual.sums, (_, i) => i).filter((i) => !Number.isNaN(actual.sums[i]))
    assert.equal(
      written,
      places.sort((a, b) => a - b),
      what,
    )
  }
}

/** Texts unrolled over many axes take a second each to compile on a software adapter: those with one batch only. */
const dimensions = [1, 3, 10, 16].map((dimension) => ({ dimension, batches: dimension > 3 ? 1 : 2 }))

test('own sums in every dimension', async () => {
  for (const shape of dimensions) await check({ ...scene, ...shape, spread: 1 / Math.sqrt(shape.dimension) })
})

test("others' sums in every dimension", async () => {
  for (const shape of dimensions) {
    await check({ ...scene, ...shape, own: false, apart: 2 / Math.sqrt(shape.dimension) })
  }
})

test('one, two, three replicas; queries that fill no vector of four, or more than one pass', async () => {
  for (const own of [true, false]) {
    for (const share of [1, 2, 3]) await check({ ...scene, own, share })
    for (const queries of [1, 3, 5, 7, 8, 9, 16, 18]) await check({ ...scene, own, queries })
  }
})

test('one block, one workgroup of blocks, one more', async () => {
  for (const own of [true, false]) for (const inputs of [1, 2, 64, 65]) await check({ ...scene, own, inputs })
})

test('a chunk of blocks', async () => {
  for (const own of [true, false]) await check({ ...scene, own, inputs: 9, first: 3, blocks: 4 })
})

test('more replicas, or tiles, than lanes and parts', async () => {
  for (const share of [63, 64, 65, 127, 128, 129, 300]) await check({ ...scene, inputs: 2, share })
  await check({ ...scene, inputs: 1, queries: 1, share: 4500 })
  await check({ ...scene, own: false, inputs: 700, blocks: 3, first: 300, share: 1 })
})

test('batches: one, an odd number, and the sixteen of a run', async () => {
  for (const own of [true, false]) {
    const wide = { ...scene, own, inputs: 8, apart: 1 }
    for (const batches of [1, 3]) await check({ ...wide, batches })
    await check({ ...wide, batches: 16, dimension: 1 })
  }
})

test('the own center counts 1, exactly, wherever it lies', async () => {
  for (const apart of [0, 1, 1e4]) {
    const one = caseOf({ ...scene, dimension: 10, batches: 1, share: 1, apart, noiseStd: 0.005 })
    for (const { actual } of await runBoth(machine, pairSums, one)) {
      assert.ok(
        actual.sums.every((sum) => sum === 1),
        `${actual.sums}`,
      )
    }
  }
})

test('replicas far apart leave the own center alone, and far clusters leave nothing', async () => {
  const one = caseOf({ ...scene, batches: 1, share: 3, queries: 3, spread: 1e3 })
  for (const { actual } of await runBoth(machine, pairSums, one)) assert.ok(actual.sums.every((sum) => sum === 1))
  const far = caseOf({ ...scene, own: false, apart: 1e3 })
  for (const { actual } of await runBoth(machine, pairSums, far)) assert.ok(actual.sums.every((sum) => sum === 0))
})

test('an empty list is a sum of 0', async () => {
  const one = caseOf({ ...scene, own: false, queries: 5 })
  const buffers = { ...one.buffers, kept: new Uint32Array(scene.inputs * 4), sums: f32(scene.inputs * 5 * 2 * 2) }
  await compare(machine, pairSums, { ...one, buffers }, { sums: 0 })
})

test('the bound on rounding that a run reports holds', async () => {
  for (const shape of dimensions) {
    const away = 1 / Math.sqrt(shape.dimension)
    for (const share of [16, 256]) {
      const cloud = { ...scene, ...shape, inputs: 9, share, spread: away }
      await within(cloud, ownRounding(shape.dimension, share))
    }
    const others = { ...scene, ...shape, own: false, inputs: 40, apart: away }
    await within(others, othersRounding(shape.dimension, 40, 2))
  }
})

async function within(scene: Scene, bound: number): Promise<void> {
  const made = caseOf(scene)
  const sums = exactSums(scene, made)
  for (const { actual } of await runBoth(machine, pairSums, made)) {
    const found = sums.map(({ place }) => actual.sums[place])
    close(
      found,
      sums.map(({ sum }) => sum),
      sums.map(({ sum }) => bound * sum),
      `bound ${bound}: ${JSON.stringify(scene)}`,
    )
  }
}

test('the same sums every time, bit for bit', async () => {
  for (const own of [true, false]) {
    const one = caseOf({ ...scene, own, share: 3, queries: 5 })
    const [first, again] = [await runBoth(machine, pairSums, one), await runBoth(machine, pairSums, one)]
    assert.equal(first[0].actual.sums, again[0].actual.sums)
  }
})

test.run()
