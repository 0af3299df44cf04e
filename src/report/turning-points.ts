/**
 * Where a curve of I(X;T_l) turned, and how far it ended below its highest value.
 *
 * Noise makes small zigzags, so two rows count as different only beyond `threshold`: both 0.1 nats and 3 combined
 * standard errors, sqrt(se1^2 + se2^2), to which the rows' numerical errors are added. The standard errors are
 * independent: the networks are fixed, and each measurement has noise of its own. A peak is the highest row between
 * two troughs (or the start), and both the climb to it and the fall from it exceed the threshold; a trough likewise.
 * What moved less than that is no turning point, and neither is an extreme at either end of the curve.
 */
import type { InformationRow } from '../tables/rows.js'

/** A row with an estimate of I(X;T_l). */
export type EstimatedRow = InformationRow & { mi_corrected: number }

export interface TurningPoint {
  kind: 'peak' | 'trough'
  row: EstimatedRow
}

/** Highest minus last value in nats; the interval is 95 %. `significant`: the difference exceeds the threshold. */
export interface Compression {
  highest: EstimatedRow
  last: EstimatedRow
  value: number
  se: number
  low: number
  high: number
  significant: boolean
}

/** The rows that have an estimate (a noiseless layer has none), by epoch. */
export function estimated(rows: InformationRow[]): EstimatedRow[] {
  return rows.filter((row): row is EstimatedRow => Number.isFinite(row.mi_corrected)).sort((a, b) => a.epoch - b.epoch)
}

/** Peaks and troughs of one layer's curve (one seed), by epoch; of equal extremes the earliest. */
export function turningPoints(rows: InformationRow[]): TurningPoint[] {
  const curve = estimated(rows)
  const found: TurningPoint[] = []
  let direction = 0
  let legStart = 0
  for (let at = 1; at < curve.length; at++) {
    for (const sign of direction === 0 ? [1, -1] : [direction]) {
      const turned = extremeBefore(curve, legStart, at, sign)
      if (turned === null) continue
      if (direction !== 0) found.push({ kind: sign > 0 ? 'peak' : 'trough', row: curve[turned] })
      direction = -sign
      legStart = turned
      break
    }
  }
  return found
}

/** Highest minus last value of one layer's curve (one seed): exactly 0 where the last is highest, null without rows. */
export function compression(rows: InformationRow[]): Compression | null {
  const curve = estimated(rows)
  if (curve.length === 0) return null
  const last = curve[curve.length - 1]
  const highest = curve.reduce((best, row) => (row.mi_corrected > best.mi_corrected ? row : best))
  if (highest.mi_corrected === last.mi_corrected) {
    return { highest: last, last, value: 0, se: 0, low: 0, high: 0, significant: false }
  }
  const value = highest.mi_corrected - last.mi_corrected
  const half = Math.hypot(halfWidth(highest) ?? 0, halfWidth(last) ?? 0) + numericalError(highest, last)
  const significant = value > threshold(highest, last)
  return { highest, last, value, se: combinedError(highest, last), low: value - half, high: value + half, significant }
}

/** How far two values must lie apart to count as different, in nats. */
export function threshold(a: InformationRow, b: InformationRow): number {
  return Math.max(0.1, 3 * combinedError(a, b)) + numericalError(a, b)
}

/**
 * Half the row's 95 % interval in nats: t(0.975, batches - 1) standard errors, as it was measured, so that a
 * difference of two rows has half width sqrt(half1^2 + half2^2). Null where the row has no interval.
 */
export function halfWidth(row: InformationRow): number | null {
  return row.mi_high === null || row.mi_low === null ? null : (row.mi_high - row.mi_low) / 2
}

/** Above step ratio 0.65 the bias correction is only a lower bound, and the interval covers sampling error alone. */
export function tooFewReplicas(row: InformationRow): boolean {
  return row.step_ratio !== null && row.step_ratio > 0.65
}

/** The highest (sign 1) or lowest (-1) of rows [from, at) that differ enough from row `at` on that side, else null. */
function extremeBefore(curve: EstimatedRow[], from: number, at: number, sign: number): number | null {
  let best: number | null = null
  for (let i = from; i < at; i++) {
    const height = sign * (curve[i].mi_corrected - curve[at].mi_corrected)
    if (!(height > threshold(curve[i], curve[at]))) continue
    if (best === null || sign * (curve[i].mi_corrected - curve[best].mi_corrected) > 0) best = i
  }
  return best
}

function combinedError(a: InformationRow, b: InformationRow): number {
  return Math.hypot(a.mi_se ?? 0, b.mi_se ?? 0)
}

function numericalError(a: InformationRow, b: InformationRow): number {
  return (a.numerical_error ?? 0) + (b.numerical_error ?? 0)
}
