/**
 * Mutual information from neighbour counts, maximum norm. Two continuous variables: Kraskov, Stögbauer and Grassberger
 * 2004, algorithm 1. One of them discrete: Ross 2014; it serves I(X;T) and I(Y;T), since of an input a file holds an
 * index and no coordinates. All counts include the point itself and are of points *nearer* than its k-th neighbour, so
 * k itself is one of them. Where that neighbour lies at distance 0 they are counts of identical points (as in Gao,
 * Kannan, Oh and Viswanath 2017): nothing is divided by 0, and a constant variable has information 0.
 */
import { codesOf } from './codes.js'
import { digamma } from './digamma.js'
import type { Points } from './draws.js'
import { meanOf, nothing, type Estimate } from './estimate.js'
import { NearestPoints, rowOf } from './nearest.js'

/** I(A;B) in nats, of as many points of each, pair by pair; no value for a single pair. */
export function ksg(a: Points, b: Points, k = 3): Estimate {
  if (a.count !== b.count) throw new RangeError(`ksg: ${a.count} points against ${b.count}`)
  if (a.count < 2) return nothing
  const pairs = sideBySide(a, b)
  const [treeA, treeB, tree] = [a, b, pairs].map((points) => new NearestPoints(points))
  const terms = Float64Array.from({ length: a.count }, (_, i) => {
    const radius = tree.kthDistance(rowOf(pairs, i), Math.min(k, a.count - 1) + 1)
    const counts = [tree.countNearer(rowOf(pairs, i), orIdentical(radius))]
    counts.push(
      treeA.countNearer(rowOf(a, i), orIdentical(radius)),
      treeB.countNearer(rowOf(b, i), orIdentical(radius)),
    )
    const [both, nearA, nearB] = counts.map(digamma)
    return both + digamma(a.count) - nearA - nearB
  })
  return meanOf(terms)
}

/**
 * I(C;T) in nats for points T and the class of each. Classes of one point are left out, as nothing can be said of
 * them; no value if there is no other. In a class of k or fewer points the farthest of them takes the place of the
 * k-th neighbour.
 */
export function ksgDiscrete(points: Points, classes: ArrayLike<number>, k = 3): Estimate {
  const kept = groups(classes).filter((members) => members.length > 1)
  const used = pointsOf(points, kept.flat())
  if (used.count === 0) return nothing
  const tree = new NearestPoints(used)
  return meanOf(kept.flatMap((members) => classTerms(tree, pointsOf(points, members), used.count, k)))
}

function classTerms(tree: NearestPoints, members: Points, total: number, k: number): number[] {
  const own = new NearestPoints(members)
  const constant = digamma(total) - digamma(members.count)
  return Array.from({ length: members.count }, (_, i) => {
    const point = rowOf(members, i)
    const radius = orIdentical(own.kthDistance(point, Math.min(k, members.count - 1) + 1))
    return constant + digamma(own.countNearer(point, radius)) - digamma(tree.countNearer(point, radius))
  })
}

/** Nearer than the least positive number is: at the same place. */
const orIdentical = (radius: number) => Math.max(radius, Number.MIN_VALUE)

function groups(classes: ArrayLike<number>): number[][] {
  const codes = codesOf(classes)
  const members = Array.from({ length: codes.count }, (): number[] => [])
  codes.of.forEach((code, i) => members[code].push(i))
  return members
}

function pointsOf(points: Points, rows: number[]): Points {
  const values = new Float64Array(rows.length * points.width)
  rows.forEach((row, i) => values.set(rowOf(points, row), i * points.width))
  return { count: rows.length, width: points.width, values }
}

function sideBySide(a: Points, b: Points): Points {
  const width = a.width + b.width
  const values = new Float64Array(a.count * width)
  for (let i = 0; i < a.count; i++) {
    values.set(rowOf(a, i), i * width)
    values.set(rowOf(b, i), i * width + a.width)
  }
  return { count: a.count, width, values }
}
