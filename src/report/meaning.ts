/**
 * One plain sentence on what a run showed, for its deepest layer with an estimate: the climbs and falls that exceed
 * noise, and whether the layer compressed. It says 'compression' only where the end lies significantly below the top.
 */
import type { InformationRow } from '../tables/rows.js'
import { fixed, withMargin, wrapped } from './numbers.js'
import { compression, estimated, threshold, tooFewReplicas, turningPoints } from './turning-points.js'
import type { Compression, EstimatedRow } from './turning-points.js'

/** The sentence for the rows of one seed, wrapped at 80 columns; '' without rows. */
export function meaning(information: InformationRow[]): string {
  if (information.length === 0) return ''
  const all = estimated(information)
  if (all.length === 0) {
    const noiseless = information.every((row) => row.regime === 'deterministic')
    return `No row has an estimate of I(X;T)${noiseless ? ': layers without noise have none' : ''}.`
  }
  const layer = Math.max(...all.map((row) => row.layer))
  const curve = all.filter((row) => row.layer === layer)
  if (curve.length === 1) {
    return wrapped(`Layer ${layer} was measured once, at epoch ${curve[0].epoch}: that shows no change yet.`)
  }
  const result = compression(curve)!
  return wrapped(`Layer ${layer} ${[...story(curve), verdict(result)].join(', ')}.${caution(result)}`)
}

/** 'first gained 2.4 nats (epoch 0 to 25)', 'lost 1.6 (to 75)', ...: the legs between turning points. */
function story(curve: EstimatedRow[]): string[] {
  const points = [curve[0], ...turningPoints(curve).map(({ row }) => row), curve[curve.length - 1]]
  const legs = points.slice(1).map((to, i): [EstimatedRow, EstimatedRow] => [points[i], to])
  if (legs.length === 1 && !different(...legs[0])) return [`stayed near ${fixed(points[0].mi_corrected, 2)} nats`]
  return legs.map(([from, to], i) => {
    const change = to.mi_corrected - from.mi_corrected
    const amount = fixed(Math.abs(change), 2)
    const verb = change < 0 ? 'lost' : 'gained'
    if (i === 0) return `${legs.length > 1 ? 'first ' : ''}${verb} ${amount} nats (epoch ${from.epoch} to ${to.epoch})`
    return `${i > 1 && i === legs.length - 1 ? 'then ' : ''}${verb} ${amount} (to ${to.epoch})`
  })
}

function different(a: EstimatedRow, b: EstimatedRow): boolean {
  return Math.abs(a.mi_corrected - b.mi_corrected) > threshold(a, b)
}

function verdict({ value, high, significant }: Compression): string {
  if (value === 0) return 'and ended at its highest value: no compression'
  const below = withMargin(value, high - value, 2)
  if (significant) return `and ended ${below} nats below its highest value: compression`
  return `and ended ${below} nats below its highest value, too little to call compression`
}

function caution({ highest, last, significant }: Compression): string {
  if (!significant || !(tooFewReplicas(highest) || tooFewReplicas(last))) return ''
  return ' Too few replicas at one of these two: their bias may be larger than the interval.'
}
