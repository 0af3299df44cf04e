/**
 * The tests of shaders/near-tiles.wgsl on the host, for software adapters: sorted tiles and a scalar loop that leaves a tile at the
 * first axis along which it is far are ten times faster and more there than lanes that must wait for one another (NOTES).
 */
import { variance } from '../math/statistics.js'

export interface Boxes {
  dimension: number
  /** tiles x 2 x dimension and blocks x 2 x dimension: low and high ends. */
  tiles: ArrayLike<number>
  blocks: ArrayLike<number>
  /** blocks: max |z|^2. */
  reach: ArrayLike<number>
  labels: Uint32Array
  /** 1 / 2 beta^2, and the exponent up to which a tile is skipped. */
  scale: number
  threshold: number
}

export interface NearTiles {
  /** The kept tiles of every block, those of its own label first. */
  list: Uint32Array
  /** blocks x 4: where the first kind begins in the list and how many, then the second. */
  kept: Uint32Array
  /** blocks: sum of the skipped bounds, in means. */
  skipped: Float64Array
}

/** Tiles in the order of their low end along one axis, so that those within reach of a block stand together. */
export interface SortedTiles {
  axis: number
  order: Uint32Array
  /** Low ends along the axis, in that order, and the widest tile. */
  lows: Float64Array
  widest: number
  /** Room for the lists of some blocks, used again by every call. */
  room: Uint32Array
}

/** Sorts along the axis where tiles spread most, with room for the lists of `blocks` blocks at a time. */
export function sortTiles({ tiles, dimension }: Boxes, blocks: number): SortedTiles {
  const count = tiles.length / (2 * dimension)
  const low = (i: number, k: number) => tiles[i * 2 * dimension + k]
  const width = (i: number, k: number) => tiles[(i * 2 + 1) * dimension + k] - low(i, k)
  const indices = Array.from({ length: count }, (_, i) => i)
  const spread = Array.from({ length: dimension }, (_, k) => standardDeviation(indices.map((i) => low(i, k))))
  const axis = spread.indexOf(Math.max(...spread))
  const order = Uint32Array.from(indices).sort((a, b) => low(a, axis) - low(b, axis) || a - b)
  const widest = indices.reduce((most, i) => Math.max(most, width(i, axis)), 0)
  return {
    axis,
    order,
    lows: Float64Array.from(order, (i) => low(i, axis)),
    widest,
    room: new Uint32Array(blocks * count),
  }
}

/**
 * Which tiles matter to blocks first .. first + count - 1. Block b is input b, whose own tile is never listed. The list lies in
 * `sorted.room` and holds until the next call.
 */
export function nearTilesOnHost(boxes: Boxes, sorted: SortedTiles, first: number, count: number): NearTiles {
  const { labels, tiles, dimension } = boxes
  const [list, others] = [sorted.room, new Uint32Array(labels.length)]
  const kept = new Uint32Array(count * 4)
  const skipped = new Float64Array(count)
  let end = 0
  for (let place = 0; place < count; place++) {
    const block = first + place
    const test = blockTest(boxes, block)
    const margin = test.farGap + test.slack[sorted.axis]
    const from = firstAtLeast(sorted.lows, test.low[sorted.axis] - margin - sorted.widest)
    const to = firstAtLeast(sorted.lows, test.high[sorted.axis] + margin)
    const begin = end
    let otherCount = 0
    skipped[place] = (labels.length - (to - from)) * test.leastBound
    for (let i = from; i < to; i++) {
      const tile = sorted.order[i]
      const bound = boundOf(test, tiles, tile * 2 * dimension)
      if (bound >= 0) skipped[place] += bound
      else if (tile === block) continue
      else if (labels[tile] === labels[block]) list[end++] = tile
      else others[otherCount++] = tile
    }
    kept.set([begin, end - begin, end, otherCount], place * 4)
    list.set(others.subarray(0, otherCount), end)
    end += otherCount
  }
  return { list: list.subarray(0, end), kept, skipped }
}

/** The first place whose value is at least `least`, in an ascending array. */
function firstAtLeast(values: Float64Array, least: number): number {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (values[middle] < least) from = middle + 1
    else to = middle
  }
  return from
}

function standardDeviation(values: number[]): number {
  return Math.sqrt(variance(values))
}

/** A block's box and the distances that decide. */
interface BlockTest {
  low: Float64Array
  high: Float64Array
  /** y = s + z was rounded to f32 in the box. */
  slack: Float64Array
  reach: number
  scale: number
  /** Squared gap from which a tile is skipped, and the gap from which it is not even looked at closely. */
  nearSquare: number
  farSquare: number
  farGap: number
  /** What a tile beyond farGap can add at most. */
  leastBound: number
}

function blockTest({ dimension, blocks, reach, scale, threshold }: Boxes, block: number): BlockTest {
  const end = (which: 0 | 1) =>
    Float64Array.from({ length: dimension }, (_, k) => blocks[(block * 2 + which) * dimension + k])
  const [low, high] = [end(0), end(1)]
  const slack = low.map((l, k) => 4.8e-7 * Math.max(Math.abs(l), Math.abs(high[k])))
  const squareAt = (exponent: number) => Math.max(0, reach[block] - exponent / scale)
  const farSquare = squareAt(threshold - 20)
  const squares = { nearSquare: squareAt(threshold), farSquare, farGap: Math.sqrt(farSquare) }
  return { low, high, slack, reach: reach[block], scale, ...squares, leastBound: Math.exp(threshold - 20) }
}

/** The bound on what the tile whose box begins at `at` adds to a query of the block, or -1 where it is too near to be skipped. */
function boundOf(test: BlockTest, tiles: ArrayLike<number>, at: number): number {
  const { low, high, slack, farSquare } = test
  const dimension = low.length
  let square = 0
  for (let k = 0; k < dimension; k++) {
    const gap = Math.max(tiles[at + k] - high[k], low[k] - tiles[at + dimension + k]) - slack[k]
    if (gap > 0) square += gap * gap
    if (square > farSquare) return test.leastBound
  }
  return square >= test.nearSquare ? Math.exp(test.scale * (test.reach - square)) : -1
}
