/**
 * A plain sentence or two on what several seeds showed, for their deepest layer with an estimate: which moves that exceed
 * noise its curve made, in how many seeds, and whether it compressed.
 */
import type { InformationRow } from '../tables/rows.js'
import { groupedBy } from './grouped.js'
import { counted, withMargin, wrapped } from './numbers.js'
import { seedSummaries, type SeedSummary } from './seed-summary.js'
import { threshold, tooFewReplicas, turningPoints, type EstimatedRow } from './turning-points.js'

/** The sentences, wrapped at 80 columns; '' without rows. */
export function seedsMeaning(rows: InformationRow[]): string {
  if (rows.length === 0) return ''
  const deepest = seedSummaries(rows).findLast(({ curves }) => curves.length > 0)
  if (deepest === undefined) {
    const noiseless = rows.every((row) => row.regime === 'deterministic')
    return `No row has an estimate of I(X;T)${noiseless ? ': layers without noise have none' : ''}.`
  }
  const { layer, curves } = deepest
  if (curves.every((curve) => curve.length === 1)) {
    return wrapped(`Layer ${layer} was measured once in each seed: that shows no change yet.`)
  }
  return wrapped(`Layer ${layer} ${shapes(curves)}. ${verdict(deepest)}.${caution(deepest)}`)
}

/** 'rose, fell, rose and fell in 6 of 8 seeds, rose and fell in 2': the commonest shape first. */
function shapes(curves: EstimatedRow[][]): string {
  const groups = [...groupedBy(curves.map(shape), (text) => text)].sort(([, a], [, b]) => b.length - a.length)
  const texts = groups.map(([text, { length }], i) => `${text} in ${length}${i === 0 ? whole(curves.length) : ''}`)
  return texts.slice(0, 4).join('; ') + (texts.length > 4 ? '; and otherwise in the rest' : '')
}

function whole(count: number): string {
  return ` of ${counted(count, 'seed')}`
}

/** The legs between start, turning points and end, in words. */
function shape(curve: EstimatedRow[]): string {
  const points = [curve[0], ...turningPoints(curve).map(({ row }) => row), curve[curve.length - 1]]
  const [first, second] = points
  if (points.length === 2 && !(Math.abs(first.mi_corrected - second.mi_corrected) > threshold(first, second))) {
    return 'stayed level'
  }
  const verbs = points.slice(1).map((to, i) => (to.mi_corrected < points[i].mi_corrected ? 'fell' : 'rose'))
  return verbs.length === 1 ? verbs[0] : `${verbs.slice(0, -1).join(', ')} and ${verbs[verbs.length - 1]}`
}

function verdict({ falls, paired, compressed }: SeedSummary): string {
  if (paired.value === 0) return 'It ended at its highest value in every seed: no compression'
  const below = `On average it ended ${withMargin(paired.value, paired.half, 2)} nats below its highest value`
  if (compressed === 0) return `${below}, in no seed enough to call compression`
  const others = paired.half < paired.value ? '' : ', too few to say so of other seeds'
  return `${below}: compression in ${compressed}${whole(falls.length)}${others}`
}

function caution({ falls, compressed }: SeedSummary): string {
  const weak = falls.filter(({ highest, last }) => tooFewReplicas(highest) || tooFewReplicas(last)).length
  if (compressed === 0 || weak === 0) return ''
  return ` Too few replicas at one of these two in ${counted(weak, 'seed')}: bias remains there.`
}
