/** Full sums of Gaussian kernels, from the naive kernel to a whole summation, beside other programs. */
import { tileRounding } from '../information/rounding.js'
import { pairSumsNaive } from '../kernels/pair-sums-naive.js'
import type { Constants } from '../kernels/kernel.js'
import { blockWords, tileConstants, tileSums, type TileShape } from '../kernels/tile-sums.js'
import { dispatch, type BufferSpec, type Machine, type Plan } from '../plan.js'
import { Summation } from '../summation/summation.js'
import { jaxPairs } from './jax.js'
import { isAbsent, isRung, passesOf, spent, worstShare, type Absent, type Ladder, type Rung } from './ladder.js'
import { closePeers, pythonPeer, type PeerTask } from './python.js'
import { pairScene, type PairScene } from './scene.js'

/** Centers of a tile, queries of a block: as src/summation makes them where nothing may be skipped. */
const [tileSize, capacity] = [64, 32]
/** Queries that the f64 reference goes through. */
const checked = 256

/** Of `count` queries and as many centers; a multiple of 64. */
export async function pairSums(machine: Machine, count: number, dimension: number): Promise<Ladder> {
  const scene = pairScene(count, dimension)
  const shape = { dimension, columns: 1, split: false, weighted: false, others: false, labelled: false }
  machine.allocate(buffersOf(scene))
  fill(machine, scene)
  const judge = judgeOf(scene)
  const tiles = (name: string, how: string, changed: Constants = {}) =>
    kernelRung(machine, judge, tilesPlan(scene, { ...tileConstants(shape), ...changed }), { name, how })
  const [kernels, summation] = [await naiveRung(machine, judge, scene), await wholeRung(machine, judge, scene, shape)]
  const rungs = [
    kernels,
    await tiles('four to a vector', 'four queries a lane, numbers from buffers', { UNROLLED: false, GROUPS: 1 }),
    await tiles('in registers', 'four queries a lane held in registers, dimensions written out', { GROUPS: 1 }),
    await tiles('tile-sums', 'eight queries a lane in registers: the kernel in use', {}),
    summation.rung,
  ]
  const peers = await peersOf(machine, scene, judge)
  return {
    name: 'full sums',
    title: `sums of Gaussian kernels, ${count} queries x ${count} centers, ${dimension} dimensions, nothing skipped`,
    reference: `f64 reference of pair-sums-naive, ${checked} queries`,
    work: { count: count * count, unit: 'pairs' },
    rungs: [...rungs, ...peers.filter(isRung)],
    absent: peers.filter(isAbsent),
    close: async () => {
      closePeers(peers)
      summation.release()
      machine.release(Object.keys(buffersOf(scene)))
    },
  }
}

/** The largest error of log sums as a share of what is allowed, of the checked queries; `found(query)`: log sum. */
type Judge = (found: (query: number) => number, allowed: number) => number

function judgeOf({ count, dimension, scale, centers, queries, energies }: PairScene): Judge {
  const places = Array.from({ length: Math.min(checked, count) }, (_, i) => Math.floor((i * count) / checked))
  const some = {
    queries: Float64Array.from(places.flatMap((q) => [...queries.subarray(q * dimension, (q + 1) * dimension)])),
    energies: Float64Array.from(places, (q) => energies[q]),
    sums: new Float64Array(places.length),
  }
  const params = { count: places.length, center_count: count, dimension, scale }
  pairSumsNaive.reference(params, { ...some, centers }, {})
  const expected = some.sums.map((sum, i) => Math.log(sum) - scale * some.energies[i])
  return (found, allowed) => worstShare(places.map(found), expected, () => allowed)
}

/** As of the log sum without the query's own energy, which peers do not know of. */
function logOf({ scale, energies }: PairScene, sums: ArrayLike<number>) {
  return (query: number) => Math.log(sums[query]) - scale * energies[query]
}

async function naiveRung(machine: Machine, judge: Judge, scene: PairScene): Promise<Rung> {
  const { count, dimension, scale } = scene
  const params = { count, center_count: count, dimension, scale }
  const names = { queries: 'bench.queries', energies: 'bench.energies', centers: 'bench.centers', sums: 'bench.sums' }
  const plan = [dispatch(pairSumsNaive, params, names)]
  const about = { name: 'naive', how: 'one query an invocation, numbers from buffers' }
  return kernelRung(machine, judge, { plan, scene, additions: count }, about)
}

interface Summing {
  plan: Plan
  scene: PairScene
  additions: number
}

async function kernelRung(
  machine: Machine,
  judge: Judge,
  { plan, scene, additions }: Summing,
  about: Pick<Rung, 'name' | 'how'>,
): Promise<Rung> {
  await machine.prepare(plan)
  return {
    ...about,
    kind: 'kernel',
    check: async () => {
      machine.write('bench.sums', new Float32Array(scene.count).fill(NaN))
      machine.run(plan)
      const sums = await machine.read('bench.sums')
      return judge(logOf(scene, sums), tileRounding(scene.dimension, additions))
    },
    pass: passesOf(machine, plan),
  }
}

function tilesPlan(scene: PairScene, constants: Constants): Summing {
  const { count, scale } = scene
  const params = { blocks: count / capacity, capacity, scale }
  const of = (name: string) => `bench.${name}`
  const lists = { center_tags: of('tags'), tile_starts: of('starts'), work: of('work') }
  const names = { queries: of('packed'), query_tags: of('tags'), centers: of('centers'), ...lists, sums: of('sums') }
  return { plan: [dispatch(tileSums, params, names, constants)], scene, additions: tileSize + 64 + count / 4096 + 1 }
}

function buffersOf({ count, dimension }: PairScene): Record<string, BufferSpec> {
  const [f32, u32] = [
    (length: number) => ({ type: 'f32', length }) as const,
    (length: number) => ({ type: 'u32', length }) as const,
  ]
  const [blocks, tiles] = [count / capacity, count / tileSize]
  return {
    ...{ 'bench.queries': f32(count * dimension), 'bench.energies': f32(count) },
    ...{ 'bench.packed': f32(2 * count * dimension), 'bench.centers': f32(count * dimension) },
    ...{ 'bench.tags': u32(2 * count), 'bench.starts': u32(2 * tiles) },
    ...{ 'bench.work': u32(blocks * blockWords + tiles), 'bench.sums': f32(count) },
  }
}

/** Every block lists every tile, in one list. */
function fill(machine: Machine, { count, dimension, centers, standing, noise, queries, energies }: PairScene): void {
  const [blocks, tiles] = [count / capacity, count / tileSize]
  const starts = Uint32Array.from({ length: 2 * tiles }, (_, i) => ((i >> 1) + (i & 1)) * tileSize)
  const work = new Uint32Array(blocks * blockWords + tiles)
  for (let b = 0; b < blocks; b++) work.set([b, blocks * blockWords, tiles], b * blockWords)
  for (let t = 0; t < tiles; t++) work[blocks * blockWords + t] = t
  const packed = new Float32Array(2 * count * dimension)
  for (let q = 0; q < count; q++) {
    for (let k = 0; k < dimension; k++) {
      const at = (q >> 2) * dimension * 8 + k * 4 + (q & 3)
      packed[at] = standing[q * dimension + k]
      packed[at + dimension * 4] = 2 * noise[q * dimension + k]
    }
  }
  const contents = { queries, energies, packed, centers, tags: new Uint32Array(2 * count), starts, work }
  for (const [name, values] of Object.entries(contents)) machine.write(`bench.${name}`, values)
}

async function wholeRung(machine: Machine, judge: Judge, scene: PairScene, shape: TileShape) {
  const { count, dimension, noiseStd, standing, noise } = scene
  const none = { count, input: new Uint32Array(count), label: null }
  const centers = { ...none, coordinates: scene.centers, column: null, weight: null }
  const queries = { ...none, coordinates: standing, noise }
  const setup = { ...shape, name: 'bench-sums', centers: count, queries: count }
  const summation = await Summation.create(machine, setup, noiseStd)
  const sum = () => summation.sum(centers, queries, { noiseStd, threshold: -Infinity, relative: 0 })
  const rung: Rung = {
    name: 'whole sum',
    kind: 'whole',
    how: 'tile-sums with trees, packing and reading back',
    check: async () => {
      const { sums, additions, pairs } = await sum()
      return pairs === count * count ? judge(logOf(scene, sums), tileRounding(dimension, additions)) : NaN
    },
    pass: (times) =>
      spent(async () => {
        for (let i = 0; i < times; i++) await sum()
      }),
  }
  return { rung, release: () => summation.release() }
}

/** Nats. */
const asTested = 1e-5

async function peersOf(machine: Machine, scene: PairScene, judge: Judge): Promise<(Rung | Absent)[]> {
  const { centers, queries, dimension, noiseStd } = scene
  const task = (name: PeerTask['task'], threads: number): PeerTask => ({
    task: name,
    threads,
    device: machine.software ? 'cpu' : 'cuda',
    numbers: { dimension, noise_std: noiseStd },
    arrays: { centers, queries },
  })
  const judged = (allowed: number) => (result: ArrayLike<number>) => judge((query) => result[query], allowed)
  const [torch, sklearn] = [{ name: 'PyTorch' }, { name: 'scikit-learn' }]
  return [
    await pythonPeer(task('torch_pairs', 2), {
      ...torch,
      how: 'addmm and logsumexp in chunks, 2 threads',
      check: judged(expandedRounding(scene)),
    }),
    await pythonPeer(task('sklearn_pairs', 1), {
      ...sklearn,
      how: 'KernelDensity, rtol 0, in f64 on one thread',
      check: judged(asTested),
    }),
    await jaxPairs(machine, scene, judged(expandedRounding(scene))),
  ]
}

/**
 * What f32 does to |y|^2 + |c|^2 - 2 y.c, over 2 beta^2: some 2 (d + 4) roundings of (|y| + |c|)^2 / 2 beta^2, and one for each addition
 * of the sum.
 */
function expandedRounding({ count, dimension, scale, centers, queries }: PairScene): number {
  const longest = (points: Float32Array) => {
    let most = 0
    for (let i = 0; i < count; i++) {
      let square = 0
      for (let k = 0; k < dimension; k++) square += points[i * dimension + k] ** 2
      most = Math.max(most, square)
    }
    return Math.sqrt(most)
  }
  const size = scale * (longest(centers) + longest(queries)) ** 2
  return 2 ** -24 * (2 * (dimension + 4) * size + count)
}
