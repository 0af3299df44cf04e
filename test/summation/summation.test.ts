/**
 * Sums over trees, tiles and moments against plain f64 ones, pair by pair. A sum may be off by what was skipped of its query's sums, by the
 * remainder of moments (which hold the query's own centers too, before these are taken out), and by rounding: `tileRounding` of terms
 * within 6 noises of the query, and of others at most as much as if they weighed e^-18.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDevice } from '../../src/gpu/device.js'
import { tileRounding } from '../../src/information/rounding.js'
import { blockWords } from '../../src/kernels/tile-sums.js'
import { GpuMachine } from '../../src/machine/gpu.js'
import { Summation, type Bounds, type Summed, type SummationSetup } from '../../src/summation/summation.js'
import { close } from '../close.js'
import { plainSums, type PlainSums } from './plain-sums.js'
import { kinds, sceneOf, type Scene } from './scenes.js'

const machine = new GpuMachine(await openDevice())
test.after(() => machine.destroy())

interface Shape extends Omit<SummationSetup, 'name' | 'centers' | 'queries'> {
  noiseStd: number
  offset: number
  /** Of scenes; by default all. */
  kinds?: string[]
}

const others = { columns: 2, split: false, weighted: false, others: true, labelled: true, noiseStd: 0.1, offset: 0 }
const within = { ...others, others: false, labelled: false }
const split = { split: true, noiseStd: 1e-4, offset: 1e3 }

/** Each takes seconds to compile on a software adapter. */
const shapes: Shape[] = [
  { ...others, dimension: 1, columns: 3 },
  { ...others, dimension: 2, weighted: true },
  { ...others, dimension: 3, ...split },
  { ...others, dimension: 5, columns: 1, labelled: false },
  { ...others, dimension: 10 },
  { ...others, dimension: 30, columns: 1, labelled: false, kinds: ['clustered', 'spread', 'identical'] },
  { ...within, dimension: 2, weighted: true },
  { ...within, dimension: 3, ...split, columns: 1 },
]

const whole = ({ noiseStd }: Shape): Bounds => ({ noiseStd, threshold: -Infinity, relative: 0 })
const pruned = ({ noiseStd }: Shape): Bounds => ({ noiseStd, threshold: Math.log(1e-9), relative: 1e-6 })

for (const shape of shapes) {
  const { dimension, others: ofOthers, ...rest } = shape
  const name = `${dimension} dimensions, ${ofOthers ? 'others' : 'within inputs'} (${marks(rest)})`
  test(`${name}: what is missing is bounded, and nothing is where nothing may be skipped`, () =>
    using(shape, async (summation) => {
      for (const kind of shape.kinds ?? Object.keys(kinds)) {
        const scene = sceneOf(kind, shape, dimension)
        const exact = exactSums(shape, scene)
        const full = await summation.sum(scene.centers, scene.queries, whole(shape))
        const short = await summation.sum(scene.centers, scene.queries, pruned(shape))
        assert.ok(full.remainder === 0 && full.skipped.every((bound) => bound === 0), kind)
        assert.is(full.pairs, full.allPairs, kind)
        assert.ok(short.remainder <= 1e-6 && short.pairs <= short.allPairs, kind)
        agrees(shape, scene, full, exact, `${kind}, nothing skipped`)
        agrees(shape, scene, short, exact, `${kind}, pruned`)
      }
    }))
}

const plane: Shape = shapes[1]
const withinPlane: Shape = shapes[6]

test('far clusters are skipped, and dense ones stand in moments, of which own centers are taken out', () =>
  using(plane, async (summation) => {
    const [far, dense] = ['clustered', 'saturated corners'].map((kind) => sceneOf(kind, plane, 4))
    const skipping = await summation.sum(far.centers, far.queries, pruned(plane))
    assert.ok(skipping.pairs < skipping.allPairs / 4)
    assert.ok(skipping.skipped.some((bound) => bound > 0) && skipping.skipped.every((bound) => bound < 1e-6))
    const { pairs, remainder, taken } = await summation.sum(dense.centers, dense.queries, pruned(plane))
    assert.ok(pairs === 0 && remainder > 0 && remainder < 1e-6)
    const { own } = exactSums(plane, dense)
    const each = own.length / taken.length
    const ownOf = taken.map((_, q) => own.subarray(q * each, (q + 1) * each).reduce((sum, part) => sum + part, 0))
    close(taken, ownOf, 1e-9, 'own centers')
  }))

test("within inputs, an input's far samples are skipped and its near ones summed by moments", () =>
  using(withinPlane, async (summation) => {
    const { centers, queries } = sceneOf('inputs in two places', withinPlane, 4)
    const { pairs, allPairs, remainder, skipped } = await summation.sum(centers, queries, pruned(withinPlane))
    assert.ok(pairs === 0 && allPairs > 0 && remainder > 0)
    assert.ok(skipped.some((bound) => bound > 0) && skipped.every((bound) => bound < 1e-6))
  }))

const limits = [
  { centersPerChunk: 64, slotsPerRound: 64, blocksPerDispatch: 3 },
  { centersPerChunk: 200, slotsPerRound: 160, listWords: 60 },
  { momentRoom: 200 },
  { momentRoom: 1 },
]

for (const limit of limits) {
  test(`more than the device holds, ${JSON.stringify(limit)}: rounding changes, and nothing else`, () =>
    using(
      plane,
      async (summation) => {
        for (const kind of ['spread', 'saturated corners', 'widths over many orders']) {
          const scene = sceneOf(kind, plane, 9)
          const exact = exactSums(plane, scene)
          for (const bounds of [whole(plane), pruned(plane)]) {
            agrees(plane, scene, await summation.sum(scene.centers, scene.queries, bounds), exact, kind)
          }
        }
      },
      limit,
    ))
}

test('the same samples give the same bytes, whatever was summed in between', () =>
  using(plane, async (summation) => {
    const between = sceneOf('clustered', plane, 3)
    for (const kind of ['spread', 'saturated corners']) {
      const [scene, twin] = [sceneOf(kind, plane, 2), sceneOf(kind, plane, 2)]
      const once = await summation.sum(scene.centers, scene.queries, pruned(plane))
      await summation.sum(between.centers, between.queries, whole(plane))
      const again = await summation.sum(twin.centers, twin.queries, pruned(plane))
      assert.equal([again.sums, again.skipped, again.pairs], [once.sums, once.skipped, once.pairs])
    }
  }))

test('few blocks after many: those that are gone leave no lists behind', () =>
  using(plane, async (summation) => {
    const { centers, queries } = sceneOf('spread', plane, 5)
    await summation.sum(centers, queries, whole(plane))
    await summation.sum(centers, { ...queries, count: 1 }, whole(plane))
    const work = await machine.read('sums.work', 0, 1024 * blockWords)
    const listed = Array.from({ length: 1024 }, (_, i) => work[i * blockWords + 2] + work[i * blockWords + 4])
    assert.ok(listed[0] > 0 && listed.slice(1).every((count) => count === 0), `${listed.slice(0, 9)}`)
  }))

test("f32 samples far from 0: a node's middle is rounded, and the remainder knows", () =>
  using({ ...shapes[4], noiseStd: 1.13e-3 }, async (summation) => {
    const [shape, ulp, count, noiseStd] = [shapes[4], 2 ** -14, 200, 1.13e-3]
    const coordinates = Float32Array.from({ length: count * 10 }, (_, i) => (i < 10 ? 1000 : 1000 + ulp))
    const label = new Uint32Array(count)
    const centers = { count, coordinates, input: label.map((_, i) => i), label, column: null, weight: null }
    const noise = new Float32Array(10).fill((4 * noiseStd) / Math.sqrt(10))
    const queries = { count: 1, coordinates: coordinates.subarray(10, 20), noise, input: Uint32Array.of(1), label }
    const found = await summation.sum(centers, queries, { noiseStd, threshold: -Infinity, relative: 0.5 })
    assert.ok(found.remainder > 0)
    agrees(shape, { centers, queries }, found, plainSums(shape, centers, queries, noiseStd), 'two neighbours of f32')
  }))

test('one noise level after the other, and one summation beside another', () =>
  using(plane, async (summation) => {
    const beside = await Summation.create(machine, setupOf(plane, 'beside'), plane.noiseStd)
    beside.release()
    const scene = sceneOf('spread', plane, 6)
    for (const noiseStd of [0.1, 0.3, 0.1]) {
      const found = await summation.sum(scene.centers, scene.queries, { ...pruned(plane), noiseStd })
      agrees(plane, scene, found, exactSums({ ...plane, noiseStd }, scene), `noise ${noiseStd}`)
    }
  }))

for (const shape of [plane, withinPlane]) {
  test(`${shape.others ? 'others' : 'within'}: inputs and columns without centers, and no centers at all`, () =>
    using(shape, async (summation) => {
      const { centers, queries } = sceneOf('spread', shape, 7)
      const some = (count: number) => ({
        ...{ count, column: new Uint8Array(count), coordinates: centers.coordinates.subarray(0, 2 * count) },
        ...{ input: centers.input.subarray(0, count), label: centers.label, weight: centers.weight },
      })
      for (const count of [20, 0]) {
        const scene = { centers: some(count), queries }
        const found = await summation.sum(scene.centers, queries, pruned(shape))
        agrees(shape, scene, found, exactSums(shape, scene), `${count} centers`)
      }
    }))
}

function setupOf(shape: Shape, name = 'sums'): SummationSetup {
  return { ...shape, name, centers: 2000, queries: 2000 }
}

async function using(shape: Shape, run: (summation: Summation) => Promise<void>, limits?: SummationSetup['limits']) {
  const summation = await Summation.create(machine, { ...setupOf(shape), limits }, shape.noiseStd)
  try {
    await run(summation)
  } finally {
    summation.release()
  }
}

function marks({ labelled, weighted, split, columns }: Omit<Shape, 'dimension' | 'others'>): string {
  const set = Object.entries({ labelled, weighted, split }).flatMap(([name, on]) => (on ? [name] : []))
  return [...set, `${columns} column${columns > 1 ? 's' : ''}`].join(', ')
}

function exactSums(shape: Shape, { centers, queries }: Scene): PlainSums {
  return plainSums(shape, centers, queries, shape.noiseStd)
}

/** Every sum, and all sums of a query together, within their bounds. */
function agrees(shape: Shape, scene: Scene, found: Summed, exact: PlainSums, what: string): void {
  const each = exact.sums.length / scene.queries.count
  const weight = scene.centers.weight?.reduce((sum, w) => sum + w, 0) ?? scene.centers.count
  const relative = tileRounding(shape.dimension, found.additions)
  const rest = relative * Math.exp(-18) * weight
  const error = exact.sums.map((sum, i) => (relative + found.remainder) * (sum + exact.own[i]) + rest)
  const allowed = error.map((e, i) => e + found.skipped[Math.floor(i / each)])
  close(found.sums, exact.sums, allowed, what)
  const together = (sums: Float64Array) =>
    Float64Array.from(found.skipped, (_, q) => sums.subarray(q * each, (q + 1) * each).reduce((a, b) => a + b, 0))
  const bound = together(error).map((e, q) => e + found.skipped[q])
  close(together(found.sums), together(exact.sums), bound, `${what}, all of a query together`)
}

test.run()
