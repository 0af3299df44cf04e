// Sums of Gaussian kernels, in the form exp(-scale t (t + 2 z)) written out here in f64. A term exp(e) is off by what WGSL allows,
// 3 + 2 |e| units of 2^-23, and by the rounding of e: D + 5 units of 2^-24 of scale sum |t| (|t| + 2 |z|). Adding positive terms is
// off by a unit for each addition that one of them goes through: 32 steps of `share` replicas, the parts, and the lanes.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ownRounding } from '../../src/information/rounding.js'
import { ownConstants, ownSums } from '../../src/kernels/own-sums.js'
import { close, rounding } from '../close.js'
import { f32, openMachine, runBoth } from './compare.js'
import { normal } from './samples.js'

const machine = await openMachine()
test.after(() => machine.destroy())

const lanes = 64

interface Scene {
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
  inputs: 5,
  dimension: 3,
  queries: 4,
  batches: 2,
  share: 2,
  noiseStd: 0.1,
  apart: 2,
  spread: 1,
}

function caseOf(scene: Scene, alone = false) {
  const { inputs, dimension, queries, batches, share, noiseStd, blocks = inputs, first = 0 } = scene
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
  const centers = all.slice(first * size, (first + blocks) * size)
  const sums = f32(inputs * queries * batches)
  const params = { blocks, first_block: first, queries, batches, share, scale: 1 / (2 * noiseStd ** 2) }
  return {
    params,
    buffers: { query_s, query_z, centers, sums },
    constants: ownConstants({ dimension, queries, alone }),
  }
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
  const additions = 32 + centers.length / 32 + lanes
  return { sum, error: error + additions * rounding * sum }
}

/** All sums of the scene's blocks in the order of the buffer, and the places they have there. */
function exactSums(scene: Scene, made: Made): { place: number; sum: number; error: number }[] {
  const { inputs, queries, batches, share, blocks = inputs, first = 0 } = scene
  return Array.from({ length: blocks * queries * batches }, (_, at) => {
    const [block, b] = [Math.floor(at / (queries * batches)), at % batches]
    const query = first * queries + Math.floor(at / batches)
    const replicas = Array.from({ length: share }, (_, j) => (block * batches + b) * share + j)
    return { place: query * batches + b, ...exact(scene, made, query, replicas) }
  })
}

/** Device, reference and the sums written out here agree; elements of other blocks are not touched. */
async function check(scene: Scene): Promise<void> {
  for (const alone of [true, false]) await checkMade(scene, caseOf(scene, alone))
}

async function checkMade(scene: Scene, made: Made): Promise<void> {
  const sums = exactSums(scene, made)
  const places = sums.map(({ place }) => place)
  const what = JSON.stringify({ ...scene, alone: made.constants.ALONE })
  for (const { actual, expected, workgroup } of await runBoth(machine, ownSums, made)) {
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

const dimensions = [1, 3, 10, 16, 25].map((dimension) => ({ dimension, batches: dimension > 3 ? 1 : 2 }))

test('in every dimension', async () => {
  for (const shape of dimensions) await check({ ...scene, ...shape, spread: 1 / Math.sqrt(shape.dimension) })
})

test('one, two, three replicas; queries that fill no vector of four, or more than one pass', async () => {
  for (const share of [1, 2, 3]) await check({ ...scene, share })
  for (const queries of [1, 3, 5, 7, 8, 9, 16, 18]) await check({ ...scene, queries })
})

test('one block, one workgroup of blocks, one more', async () => {
  for (const inputs of [1, 2, 64, 65]) await check({ ...scene, inputs })
})

test('a chunk of blocks', () => check({ ...scene, inputs: 9, first: 3, blocks: 4 }))

test('more replicas than lanes and parts', async () => {
  for (const share of [63, 64, 65, 127, 128, 129, 300]) await check({ ...scene, inputs: 2, share })
  await check({ ...scene, inputs: 1, queries: 1, share: 4500 })
})

test('batches: one, an odd number, and the sixteen of a run', async () => {
  for (const batches of [1, 3, 16]) await check({ ...scene, inputs: 8, apart: 1, batches })
})

test('the own center counts 1, exactly, wherever it lies', async () => {
  for (const apart of [0, 1, 1e4]) {
    const one = caseOf({ ...scene, dimension: 10, batches: 1, share: 1, apart, noiseStd: 0.005 }, apart === 1)
    for (const { actual } of await runBoth(machine, ownSums, one)) {
      assert.ok(
        actual.sums.every((sum) => sum === 1),
        `${actual.sums}`,
      )
    }
  }
})

test('replicas far apart leave the own center alone', async () => {
  const one = caseOf({ ...scene, batches: 1, share: 3, queries: 3, spread: 1e3 })
  for (const { actual } of await runBoth(machine, ownSums, one)) assert.ok(actual.sums.every((sum) => sum === 1))
})

test('the bound on rounding that a run reports holds', async () => {
  for (const shape of dimensions) {
    for (const share of [16, 256]) {
      const cloud = { ...scene, ...shape, inputs: 9, share, spread: 1 / Math.sqrt(shape.dimension) }
      await within(cloud, ownRounding(shape.dimension, share))
    }
  }
})

async function within(scene: Scene, bound: number): Promise<void> {
  for (const alone of [true, false]) await withinMade(scene, caseOf(scene, alone), bound)
}

async function withinMade(scene: Scene, made: Made, bound: number): Promise<void> {
  const sums = exactSums(scene, made)
  for (const { actual } of await runBoth(machine, ownSums, made)) {
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
  const one = caseOf({ ...scene, share: 3, queries: 5 })
  const [first, again] = [await runBoth(machine, ownSums, one), await runBoth(machine, ownSums, one)]
  assert.equal(first[0].actual.sums, again[0].actual.sums)
})

test.run()
