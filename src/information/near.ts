/**
 * The tests of shaders/near-tiles.wgsl on the host, for software adapters: a scalar loop that leaves a tile at the first axis
 * along which it is far is some twenty times faster there than lanes that must wait for one another (NOTES).
 */
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

/** Which tiles matter to blocks first .. first + count - 1. Block b is input b, whose own tile is never listed. */
export function nearTilesOnHost(boxes: Boxes, first: number, count: number): NearTiles {
  const { dimension, labels } = boxes
  const tiles = labels.length
  const [lows, highs] = [axes(boxes.tiles, dimension, 0), axes(boxes.tiles, dimension, 1)]
  const [list, others] = [new Uint32Array(count * tiles), new Uint32Array(tiles)]
  const kept = new Uint32Array(count * 4)
  const skipped = new Float64Array(count)
  const [firstLows, firstHighs] = [lows[0], highs[0]]
  let end = 0
  for (let place = 0; place < count; place++) {
    const block = first + place
    const test = blockTest(boxes, block)
    const { farGap } = test
    const [firstLow, firstHigh] = [test.low[0] - test.slack[0], test.high[0] + test.slack[0]]
    const begin = end
    let otherCount = 0
    let far = 0
    for (let tile = 0; tile < tiles; tile++) {
      // most tiles are far along the first axis already
      if (firstLows[tile] - firstHigh > farGap || firstLow - firstHighs[tile] > farGap) {
        far++
        continue
      }
      const bound = boundOf(test, lows, highs, tile)
      if (bound >= 0) skipped[place] += bound
      else if (tile === block) continue
      else if (labels[tile] === labels[block]) list[end++] = tile
      else others[otherCount++] = tile
    }
    skipped[place] += far * test.leastBound
    kept.set([begin, end - begin, end, otherCount], place * 4)
    list.set(others.subarray(0, otherCount), end)
    end += otherCount
  }
  return { list: list.subarray(0, end), kept, skipped }
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

/** The bound on what a tile adds to a query of the block, or -1 where the tile is too near to be skipped. */
function boundOf(test: BlockTest, lows: Float32Array[], highs: Float32Array[], tile: number): number {
  let square = 0
  for (let k = 0; k < lows.length; k++) {
    const gap = Math.max(lows[k][tile] - test.high[k], test.low[k] - highs[k][tile]) - test.slack[k]
    if (gap > 0) square += gap * gap
    if (square > test.farSquare) return test.leastBound
  }
  return square >= test.nearSquare ? Math.exp(test.scale * (test.reach - square)) : -1
}

/** One array an axis, so that the scan reads memory in a row. */
function axes(boxes: ArrayLike<number>, dimension: number, end: 0 | 1): Float32Array[] {
  const count = boxes.length / (2 * dimension)
  return Array.from({ length: dimension }, (_, k) =>
    Float32Array.from({ length: count }, (_, i) => boxes[(i * 2 + end) * dimension + k]),
  )
}
