/** Stretches of time, in milliseconds, and what they cover. */
export interface Interval {
  start: number
  end: number
}

/** Disjoint, in order, and covering what the given ones cover. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = []
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

/** Milliseconds that both cover; both disjoint and in order. */
export function overlap(some: readonly Interval[], others: readonly Interval[]): number {
  let [total, i, j] = [0, 0, 0]
  while (i < some.length && j < others.length) {
    const common = Math.min(some[i].end, others[j].end) - Math.max(some[i].start, others[j].start)
    if (common > 0) total += common
    if (some[i].end < others[j].end) i++
    else j++
  }
  return total
}

/** A lane for each, from 0: none overlaps another of its lane. */
export function lanesOf(intervals: readonly Interval[]): number[] {
  const order = intervals.map((_, i) => i).sort((a, b) => intervals[a].start - intervals[b].start)
  const [ends, lanes]: [number[], number[]] = [[], new Array<number>(intervals.length).fill(0)]
  for (const i of order) {
    const { start, end } = intervals[i]
    const free = ends.findIndex((last) => last <= start)
    lanes[i] = free < 0 ? ends.length : free
    ends[lanes[i]] = end
  }
  return lanes
}
