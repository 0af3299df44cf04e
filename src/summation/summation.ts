/**
 * Sums of Gaussian kernels between queries and centers, kept apart by column and kind: the cost of everything else. Near queries
 * form blocks, near centers tiles; for each block the host lists what it needs and the device sums while the next lists are made.
 */
import { monomials, momentConstants, momentSums, type Monomials } from '../kernels/moment-sums.js'
import { blockWords, centerRow, queryRow, tileConstants, tileSums, type TileShape } from '../kernels/tile-sums.js'
import { dispatch, type BufferSpec, type Machine, type Plan } from '../plan.js'
import { blocksOf, chunks, packCenters, packQueries, sortLeaves } from './layout.js'
import type { Block, Centers, Chunk, Queries } from './layout.js'
import { Lister, type Bounds } from './lists.js'
import { remainder } from './moments.js'
import { OwnInNodes } from './own-in-nodes.js'
import { buildTree, type Tree } from './tree.js'

export type { Centers, Queries } from './layout.js'
export type { Bounds } from './lists.js'

export interface SummationSetup extends TileShape {
  /** Prefix of the buffers' names. */
  name: string
  /** The most centers and queries that one call brings; memory is set aside for them as far as the device allows. */
  centers: number
  queries: number
  limits?: Partial<Limits>
}

/** What lies on the device at one time, at most. */
export interface Limits {
  /** At least 64. */
  centersPerChunk: number
  slotsPerRound: number
  blocksPerDispatch: number
  /** Words of a dispatch's lists; at least as many as a chunk has tiles and nodes. */
  listWords: number
  /** Numbers set aside for moments. */
  momentRoom: number
}

export interface Summed {
  /** queries x columns x kinds. Kinds, if `others` and `labelled`: same label, other labels. */
  sums: Float64Array
  /** queries: bound on what was skipped of a query's sums, all columns and kinds together. */
  skipped: Float64Array
  /** Bound on the relative error of what was summed by moments. */
  remainder: number
  /** queries: what moments held of a query's own input, and was taken out again; what is off is relative to this, too. */
  taken: Float64Array
  /** The most additions in f32 that a term went through. */
  additions: number
  /** Kernels evaluated one by one, and what all pairs would have been. */
  pairs: number
  allPairs: number
  seconds: number
}

/** Queries of a block: two vectors of four for each of the four lanes that software adapters have. */
const capacity = 32
const usualLimits: Limits = {
  centersPerChunk: 2 ** 18,
  slotsPerRound: 2 ** 16,
  blocksPerDispatch: 1024,
  listWords: 2 ** 20,
  momentRoom: 2 ** 20,
}
/** A prediction of fewer seconds needs no closer look. */
const worthPredicting = 60
/** Monomials that moments are made of, at most. */
const mostTerms = 70

export class Summation {
  readonly #machine: Machine
  readonly #setup: SummationSetup
  readonly #monomials: Monomials
  readonly #limits: Limits
  readonly #slots: number
  readonly #chunk: number
  readonly #words: Uint32Array
  readonly #nodeRows: Float32Array
  #plans = new Map<number, { tiles: Plan; both: Plan }>()

  private constructor(machine: Machine, setup: SummationSetup) {
    this.#machine = machine
    this.#setup = setup
    this.#monomials = monomials(setup.dimension, mostTerms)
    this.#limits = { ...usualLimits, ...setup.limits }
    const { centersPerChunk, slotsPerRound, blocksPerDispatch, listWords } = this.#limits
    this.#slots = Math.min(slotsPerRound, Math.max(1, setup.queries) * capacity)
    this.#chunk = Math.min(centersPerChunk, Math.max(64, setup.centers))
    this.#words = new Uint32Array(blocksPerDispatch * blockWords + listWords)
    this.#nodeRows = new Float32Array(this.#limits.momentRoom)
  }

  /** Makes buffers and pipelines for one noise level; other levels get theirs when they come. */
  static async create(machine: Machine, setup: SummationSetup, noiseStd: number): Promise<Summation> {
    const summation = new Summation(machine, setup)
    machine.allocate(summation.#buffers())
    await summation.#plansFor(noiseStd)
    return summation
  }

  /** Frees the buffers. */
  release(): void {
    this.#machine.release(Object.keys(this.#buffers()))
  }

  /**
   * Every query against every center; of its own input's alone if not `others`. Queries and centers are in the same units as
   * `noiseStd`. Nothing beyond `skipped` and `remainder` is missing.
   */
  async sum(centers: Centers, queries: Queries, bounds: Bounds): Promise<Summed> {
    const start = performance.now()
    const work = this.#workOf(centers, queries, bounds)
    for (const part of chunks(work.centerTree, this.#chunk)) await this.#sumChunk(work, part, bounds.noiseStd)
    const { sums, skipped, pairs, lister, taken } = work
    const additions = additionsOf(lister, this.#monomials)
    const allPairs = this.#setup.others ? centers.count * queries.count : pairsWithin(centers, queries)
    const error = remainder(this.#monomials.degree, lister.largest)
    return {
      ...{ sums, skipped, taken, pairs, allPairs, additions, remainder: lister.largest > 0 ? error : 0 },
      seconds: (performance.now() - start) / 1000,
    }
  }

  /** About how many seconds `sum` will take. The rates are that of two cores (NOTES) and, for a GPU, one not measured yet. */
  predict(centers: Centers, queries: Queries, bounds: Bounds): number {
    const { dimension, others } = this.#setup
    const rate = this.#machine.software ? (4 + 0.8 * dimension) * 1e-9 : (4 + 0.8 * dimension) * 1e-12
    const most = rate * (others ? centers.count * queries.count : pairsWithin(centers, queries))
    if (most < worthPredicting) return most
    return rate * this.#workOf(centers, queries, bounds).predictPairs()
  }

  #workOf(centers: Centers, queries: Queries, bounds: Bounds): Work {
    return new Work(this.#setup, { terms: this.#monomials, rows: this.#nodeRows }, centers, queries, bounds)
  }

  async #sumChunk(work: Work, part: { roots: number[]; from: number; to: number }, noiseStd: number): Promise<void> {
    const chunk = packCenters(this.#setup, work.centerTree, work.centers, part)
    const { centers, tags, starts } = this.#names
    this.#machine.write(centers, chunk.rows)
    this.#machine.write(tags, chunk.tags)
    this.#machine.write(starts, chunk.tileStarts)
    work.begin(chunk)
    const most = Math.max(1, Math.floor(this.#slots / capacity))
    for (let first = 0; first < work.blocks.length; first += most) {
      await this.#sumRound(work, work.blocks.slice(first, first + most), noiseStd)
    }
  }

  /** The blocks whose slots fit the device, dispatch by dispatch, and their sums read back. */
  async #sumRound(work: Work, blocks: readonly Block[], noiseStd: number): Promise<void> {
    const { queries, queryTags, sums } = this.#names
    const packed = packQueries(this.#setup, work.queryTree, work.queries, blocks, capacity)
    this.#machine.write(queries, packed.rows)
    this.#machine.write(queryTags, packed.tags)
    const plans = await this.#plansFor(noiseStd)
    for (let next = 0; next < blocks.length;) next = this.#dispatch(work, blocks, next, plans)
    const row = capacity * this.#setup.columns * kindsOf(this.#setup)
    work.add(blocks, await this.#machine.read(sums, 0, blocks.length * row))
  }

  /** Lists for as many blocks as one dispatch takes, and starts it; returns the next block. */
  #dispatch(work: Work, blocks: readonly Block[], first: number, plans: { tiles: Plan; both: Plan }): number {
    const words = this.#words
    const { blocksPerDispatch } = this.#limits
    const budget = (this.#machine.software ? 2 ** 24 : 2 ** 31) / capacity
    let [at, centers, nodes, next] = [blocksPerDispatch * blockWords, 0, 0, first]
    const used = work.lister.used
    for (; next < blocks.length && next - first < blocksPerDispatch && centers < budget; next++) {
      work.list(blocks[next])
      const { tiles, nodes: moments } = work.lister
      if (at + tiles.length + moments.length > words.length) break
      words.set([next, at, tiles.length, at + tiles.length, moments.length], (next - first) * blockWords)
      words.set(tiles, at)
      words.set(moments, at + tiles.length)
      at += tiles.length + moments.length
      centers += work.lister.centersListed
      nodes += moments.length
      work.accept(blocks[next])
    }
    if (work.lister.used > used) {
      this.#machine.write(this.#names.nodes, work.lister.rows.subarray(used, work.lister.used), used)
    }
    // blocks that are not there have empty lists, and the slots behind all others
    for (let place = next - first; place < blocksPerDispatch; place++) {
      words.fill(0, place * blockWords, (place + 1) * blockWords)
      words[place * blockWords] = this.#slots / capacity
    }
    this.#machine.write(this.#names.work, words.subarray(0, at))
    this.#machine.run(nodes > 0 ? plans.both : plans.tiles, 1, { centers, nodes })
    return next
  }

  async #plansFor(noiseStd: number): Promise<{ tiles: Plan; both: Plan }> {
    const plans = this.#plans.get(noiseStd) ?? this.#makePlans(noiseStd)
    // prepared already, unless the machine's buffers have changed since
    await this.#machine.prepare(plans.tiles)
    await this.#machine.prepare(plans.both)
    return plans
  }

  #makePlans(noiseStd: number): { tiles: Plan; both: Plan } {
    const { queries, queryTags: query_tags, centers, tags: center_tags, starts: tile_starts } = this.#names
    const { nodes, work, sums } = this.#names
    const params = { blocks: this.#limits.blocksPerDispatch, capacity, scale: 1 / (2 * noiseStd * noiseStd) }
    const shared = { queries, query_tags, work, sums }
    const tile = dispatch(
      tileSums,
      params,
      { ...shared, centers, center_tags, tile_starts },
      tileConstants(this.#setup),
    )
    const moment = dispatch(momentSums, params, { ...shared, nodes }, momentConstants(this.#setup, this.#monomials))
    const plans = { tiles: [tile], both: [tile, moment] }
    this.#plans.set(noiseStd, plans)
    return plans
  }

  get #names() {
    const of = (what: string) => `${this.#setup.name}.${what}`
    return {
      ...{ queries: of('queries'), queryTags: of('query-tags'), centers: of('centers'), tags: of('center-tags') },
      ...{ starts: of('tile-starts'), nodes: of('nodes'), work: of('work'), sums: of('sums') },
    }
  }

  #buffers(): Record<string, BufferSpec> {
    const { columns } = this.#setup
    const { momentRoom } = this.#limits
    const slots = this.#slots + capacity
    const { queries, queryTags, centers, tags, starts, nodes, work, sums } = this.#names
    return {
      [queries]: { type: 'f32', length: slots * queryRow(this.#setup) },
      [queryTags]: { type: 'u32', length: slots * 2 },
      [centers]: { type: 'f32', length: this.#chunk * centerRow(this.#setup) },
      [tags]: { type: 'u32', length: this.#chunk * 2 },
      [starts]: { type: 'u32', length: this.#chunk * (columns + 1) },
      [nodes]: { type: 'f32', length: momentRoom },
      [work]: { type: 'u32', length: this.#words.length },
      [sums]: { type: 'f32', length: slots * columns * kindsOf(this.#setup) },
    }
  }
}

/** What one call of `sum` knows: trees, blocks, and what has been summed so far. */
class Work {
  readonly #setup: SummationSetup
  readonly centers: Centers
  readonly queries: Queries
  readonly centerTree: Tree
  readonly queryTree: Tree
  readonly blocks: Block[]
  readonly lister: Lister
  readonly #own: OwnInNodes | null
  #roots: (block: Block) => readonly number[] = () => []
  readonly sums: Float64Array
  readonly skipped: Float64Array
  readonly taken: Float64Array
  pairs = 0

  constructor(
    setup: SummationSetup,
    { terms, rows }: { terms: Monomials; rows: Float32Array },
    centers: Centers,
    queries: Queries,
    bounds: Bounds,
  ) {
    const { dimension, others, labelled } = setup
    const { noiseStd, threshold } = bounds
    // where nothing may be skipped, leaves need not be small, only full
    const near = threshold === -Infinity ? Infinity : noiseStd
    this.#setup = setup
    this.centers = centers
    this.queries = queries
    const groups = others ? (labelled ? centers.label : null) : centers.input
    const points = { count: centers.count, dimension, coordinates: centers.coordinates }
    this.centerTree = buildTree(points, { most: 64, side: 6 * near, few: 16 }, groups)
    sortLeaves(this.centerTree, centers)
    const noisy = new Float64Array(queries.noise.length)
    for (let i = 0; i < noisy.length; i++) noisy[i] = queries.coordinates[i] + queries.noise[i]
    const rule = { most: capacity, side: 10 * near, few: capacity / 2 }
    const at = { count: queries.count, dimension, coordinates: noisy }
    this.queryTree = buildTree(at, rule, others ? null : queries.input)
    this.blocks = blocksOf(this.queryTree, queries)
    this.lister = new Lister(setup, this.centerTree, centers, { monomials: terms, bounds, rows })
    this.#own = others ? new OwnInNodes(this.centerTree, centers, queries, { ...setup, noiseStd }) : null
    this.taken = this.#own?.taken ?? new Float64Array(queries.count)
    this.sums = new Float64Array(queries.count * setup.columns * kindsOf(setup))
    this.skipped = new Float64Array(queries.count)
  }

  begin(chunk: Chunk): void {
    this.lister.begin(chunk)
    if (this.#setup.others) {
      this.#roots = () => chunk.roots
      return
    }
    const byInput = new Map<number, number[]>()
    for (const root of chunk.roots) {
      const input = this.centers.input[this.centerTree.order[this.centerTree.first[root]]]
      byInput.set(input, [...(byInput.get(input) ?? []), root])
    }
    this.#roots = (block) => byInput.get(block.input) ?? []
  }

  /** Pairs that the lists of all blocks will hold, from some of them. */
  predictPairs(): number {
    const { roots } = this.centerTree
    this.begin({ roots, tileOf: new Uint32Array(this.centerTree.nodes) } as Chunk)
    const step = Math.max(1, Math.floor(this.blocks.length / 64))
    const some = this.blocks.filter((_, b) => b % step === 0)
    const centers = some.reduce((sum, block) => {
      this.list(block)
      return sum + this.lister.centersListed
    }, 0)
    return (centers * capacity * this.blocks.length) / Math.max(1, some.length)
  }

  list(block: Block): void {
    this.lister.list(block, this.#roots(block))
  }

  /** Counts what was just listed for the block, which goes to the device. */
  accept(block: Block): void {
    const { skipped, centersListed, treeNodes } = this.lister
    this.pairs += centersListed * (block.to - block.from)
    for (let place = block.from; place < block.to; place++) this.skipped[this.queryTree.order[place]] += skipped
    if (treeNodes.length > 0) this.#own?.takeOut(this.queryTree.order, block, treeNodes, this.sums)
  }

  /** Adds the device's sums of these blocks. */
  add(blocks: readonly Block[], read: ArrayLike<number>): void {
    const columns = this.#setup.columns * kindsOf(this.#setup)
    blocks.forEach(({ from, to }, b) => {
      for (let place = from; place < to; place++) {
        const slot = b * capacity + place - from
        const query = this.queryTree.order[place]
        for (let j = 0; j < columns; j++) {
          this.sums[query * columns + j] += read[((slot >> 2) * columns + j) * 4 + (slot & 3)]
        }
      }
    })
  }
}

/** Within a tile, over a section of 64 tiles, over sections; within a node's moments, over nodes. */
function additionsOf({ mostTiles, mostNodes }: Lister, { count }: Monomials): number {
  return 64 + Math.min(64, mostTiles) + mostTiles / 64 + (mostNodes > 0 ? count + mostNodes : 0)
}

function kindsOf({ others, labelled }: TileShape): number {
  return others && labelled ? 2 : 1
}

function pairsWithin(centers: Centers, queries: Queries): number {
  const counts = new Map<number, number>()
  for (const input of centers.input) counts.set(input, (counts.get(input) ?? 0) + 1)
  let pairs = 0
  for (const input of queries.input) pairs += counts.get(input) ?? 0
  return pairs
}
