/**
 * The `count` epochs from 1 to `last` that lie evenly on a log axis, ascending, both ends among them: the distinct
 * roundings of a geometric sequence just long enough to hold that many. All epochs when there are no more than `count`.
 * 84 epochs up to 10,000 are the paper's 100 points (METHOD 5.2), which round to 84.
 */
export function logSpacedEpochs(last: number, count: number): number[] {
  if (count >= last) return Array.from({ length: last }, (_, i) => i + 1)
  if (count === 1) return [last]
  for (let points = count; ; points++) {
    const epochs = roundedGeometric(last, points)
    if (epochs.length >= count) return epochs
  }
}

/** numpy's unique(round(logspace(0, log10(last), points))). */
function roundedGeometric(last: number, points: number): number[] {
  return [...new Set(Array.from({ length: points }, (_, i) => Math.round(last ** (i / (points - 1)))))]
}
