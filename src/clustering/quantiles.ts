/**
 * Quantiles of half a million distances at a time. Sorting them all would cost more than forming them: they are counted
 * into buckets, and only buckets that hold a wanted rank are looked into, by smaller buckets while they are large.
 */
const buckets = 2048

/** Sample quantiles at ps, linear between order statistics (type 7, as in math/statistics); null of no values. */
export function quantiles(values: Float64Array, ps: readonly number[]): (number | null)[] {
  if (values.length === 0) return ps.map(() => null)
  const places = ps.map((p) => p * (values.length - 1))
  const ranks = new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]))
  const found = orderStatistics(values, [...ranks])
  return places.map((place) => {
    const low = found.get(Math.floor(place))!
    return low + (place - Math.floor(place)) * (found.get(Math.ceil(place))! - low)
  })
}

/** The values of these ranks, 0 being the least. */
function orderStatistics(values: Float64Array, ranks: number[]): Map<number, number> {
  const [low, high] = rangeOf(values)
  const perUnit = buckets / (high - low)
  if (values.length <= buckets || !(perUnit < Infinity)) return sortedRanks(values, ranks, low === high)
  const starts = new Uint32Array(buckets + 1)
  const bucketOf = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    bucketOf[i] = Math.min(buckets - 1, (values[i] - low) * perUnit)
    starts[bucketOf[i] + 1]++
  }
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1] += starts[bucket]
  const holding = (rank: number) => starts.findLastIndex((start) => start <= rank)
  const members = gathered(values, bucketOf, starts, new Set(ranks.map(holding)))
  return new Map(
    [...members].flatMap(([bucket, inside]) => {
      const own = ranks.filter((rank) => holding(rank) === bucket).map((rank) => rank - starts[bucket])
      return [...orderStatistics(inside, own)].map(([rank, value]) => [rank + starts[bucket], value] as const)
    }),
  )
}

function sortedRanks(values: Float64Array, ranks: number[], constant: boolean): Map<number, number> {
  const sorted = constant ? values : values.slice().sort()
  return new Map(ranks.map((rank) => [rank, sorted[rank]]))
}

function gathered(
  values: Float64Array,
  bucketOf: Uint16Array,
  starts: Uint32Array,
  wanted: Set<number>,
): Map<number, Float64Array> {
  const members = new Map(
    [...wanted].map((bucket) => [bucket, new Float64Array(starts[bucket + 1] - starts[bucket])] as const),
  )
  const isWanted = Uint8Array.from({ length: buckets }, (_, bucket) => Number(wanted.has(bucket)))
  const filled = new Uint32Array(buckets)
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf[i]
    if (isWanted[bucket] === 1) members.get(bucket)![filled[bucket]++] = values[i]
  }
  return members
}

/** Least and greatest. */
export function rangeOf(values: Float32Array | Float64Array): [low: number, high: number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  return [low, high]
}
