/**
 * What rounding of the sums can do to the corrected mi, to first order: the jackknife gives query i the weight B g on log F and -g_(-c) on
 * each log F_(-c), g being that of control-variate.ts, so a relative error of F's part in column b enters with
 * (F_b / F) (B g - sum over c, other than b and the query's own column, of g_(-c) / (1 - F_c / F)); log own alike. The means over n
 * queries are f64 sums of logarithms of at most some ln n: n 2^-53 ln n each, 2 B - 1 of them in the corrected value.
 */
import { gains } from './control-variate.js'
import type { KernelSums } from './kernel-sums.js'

/** Bound, nats. */
export function rounding(sums: KernelSums): number {
  const { columns, columnsAre, count } = sums
  const rows = columnsAre === 'queries' ? 1 : columns
  // what is left of batches is scaled up, what is fixed is not
  const scale = columnsAre === 'batches' ? columns / (columns - 1) : 1
  const [own, all, others, ofOwn, ofAll] = [0, 1, 2, 3, 4].map(() => new Float64Array(rows))
  // g with each column left out, and with none
  const [gainOf, gain] = [gains(sums), new Float64Array(rows + 1)]
  let total = 0
  for (let query = 0; query < count; query++) {
    const column = rows > 1 ? sums.column[query] : 0
    const [fixedOwn, fixedOthers] = fixedOf(sums, query)
    const ownWhole = columnsAre === 'batches' ? 0 : sums.own[query]
    for (let b = 0; b < rows; b++) {
      const at = query * rows + b
      own[b] = columnsAre === 'batches' ? sums.own[at] : 0
      others[b] = Math.abs(sums.others[2 * at] + sums.others[2 * at + 1])
      all[b] = own[b] + others[b]
      gain[b] = gainOf(query, b)
    }
    gain[rows] = gainOf(query, columns)
    const fixedOfAll = influence(all, column, { constant: fixedOwn + fixedOthers + ownWhole, scale, gain }, ofAll)
    const fixedOfOwn = columnsAre === 'batches' ? influence(own, column, { constant: fixedOwn, scale, gain }, ofOwn) : 0
    let effect = (sums.taken?.[query] ?? 0) * Math.max(largest(ofAll), Math.abs(fixedOfAll)) * sums.othersRounding
    effect += Math.abs(fixedOthers * fixedOfAll) * sums.othersRounding
    effect += Math.abs(fixedOwn * (fixedOfAll - fixedOfOwn)) * sums.ownRounding
    for (let b = 0; b < rows; b++) {
      effect += Math.abs(others[b] * ofAll[b]) * sums.othersRounding
      if (columnsAre === 'batches') effect += Math.abs(own[b] * (ofAll[b] - ofOwn[b])) * sums.ownRounding
    }
    if (columnsAre !== 'batches' && !sums.ownKnown) effect += (2 * columns - 1) * largest(gain) * sums.ownRounding
    total += sums.weight[query] * effect
  }
  const amplified = rows > 1 ? 2 * columns - 1 : 1
  return total + amplified * count * 2 ** -53 * Math.max(1, Math.log(count))
}

function largest(influences: Float64Array): number {
  let most = 0
  for (let b = 0; b < influences.length; b++) most = Math.max(most, Math.abs(influences[b]))
  return most
}

function fixedOf({ fixed }: KernelSums, query: number): [own: number, others: number] {
  if (fixed === null) return [0, 0]
  return [fixed[3 * query], fixed[3 * query + 1] + fixed[3 * query + 2]]
}

/**
 * d(corrected log of the sum) / d(its part b), into `out`; `constant` is in every sum, and what it does is returned. The query's own
 * column is never left out: it may hold all there is. Called for every query, so it makes no arrays.
 */
function influence(
  partsOf: Float64Array,
  column: number,
  { constant, scale, gain }: { constant: number; scale: number; gain: Float64Array },
  out: Float64Array,
): number {
  const columns = partsOf.length
  let sum = 0
  for (let b = 0; b < columns; b++) sum += partsOf[b]
  const whole = sum + constant
  if (columns === 1) return (out[0] = gain[1] / whole)
  let all = 0
  for (let c = 0; c < columns; c++) {
    out[c] = c === column ? 0 : gain[c] / (sum - partsOf[c] + constant / scale)
    all += out[c]
  }
  const ofWhole = (columns * gain[columns]) / whole
  for (let b = 0; b < columns; b++) out[b] = ofWhole - (all - out[b])
  return ofWhole - all / scale
}
