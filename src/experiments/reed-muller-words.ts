/** What came out of `reed-muller`: information against noise beside the bounds, and errors of sampled words, in lines and pictures. */
import { rootMeanSquare } from '../math/error-size.js'
import { mean } from '../math/statistics.js'
import { groupedBy } from '../report/grouped.js'
import { fixed, wrapped } from '../report/numbers.js'
import type { ReedMullerRow } from '../tables/study-schema.js'
import type { Heading } from './definition.js'

const estimators = ['sp', 'sp corrected', 'kde', 'kozachenko-leonenko'] as const
const headings: Record<string, string> = { 'kozachenko-leonenko': 'neighbours' }

export const codeName = ({ order, variables }: Pick<ReedMullerRow, 'order' | 'variables'>) =>
  `RM(${order},${variables})`

/** One line for a round: what has been found so far. */
export function toldOfWords(rows: readonly ReedMullerRow[], round: number): string {
  if (round === 1) {
    const each = [...groupedBy(summedOf(rows), codeName)].map(
      ([name, own]) => `${name} ${fixed(own[0].mi_corrected, 2)} to ${fixed(own.at(-1)!.mi_corrected, 2)}`,
    )
    return `  all words, ${fixed(rows[0].snr_db, 1)} dB to ${fixed(rows.at(-1)!.snr_db, 1)} dB: ${each.join(', ')} nats`
  }
  const most = Math.max(...rows.filter(({ regime }) => regime === 'sampled').map(({ samples }) => samples))
  const each = estimators.map((name) => {
    const errors = errorsOf(rows, name).filter(({ row }) => row.samples === most)
    return `${name} ${fixed(rootMeanSquare(errors.map(({ error }) => error)).value, 3)}`
  })
  return `  sampled ${round - 1}: RMSE at n = ${most}, all codes and noises: ${each.join(', ')} nats`
}

/** Estimates from sampled words with their errors, where the truth is a closed form or known from all words. */
function errorsOf(rows: readonly ReedMullerRow[], estimator: string): { row: ReedMullerRow; error: number }[] {
  const name = estimator === 'sp corrected' ? 'sp' : estimator
  return rows
    .filter((row) => row.regime === 'sampled' && row.estimator === name)
    .flatMap((row) => {
      const value = estimator === 'sp corrected' ? row.mi_corrected : row.mi
      const reference = referenceOf(rows, row)
      return value === null || reference === null ? [] : [{ row, error: value - reference }]
    })
}

/** I of the whole code at the same noise: by quadrature, else from all its words, else not known. */
export function referenceOf(rows: readonly ReedMullerRow[], row: ReedMullerRow): number | null {
  if (row.truth !== null) return row.truth
  return (
    summedOf(rows).find((one) => codeName(one) === codeName(row) && one.snr_db === row.snr_db)?.mi_corrected ?? null
  )
}

function summedOf(rows: readonly ReedMullerRow[]): ReedMullerRow[] {
  return rows.filter(({ regime }) => regime === 'all words')
}

export async function drawReedMuller(
  rows: readonly ReedMullerRow[],
  folder: string,
  heading: Heading,
): Promise<string[]> {
  const { reedMullerSpecification } = await import('../report/reed-muller-picture.js')
  const { writePicture } = await import('../report/picture.js')
  const curves = rows.filter(({ regime }) => regime === 'all words').map((row) => ({ ...row, name: codeName(row) }))
  const sampled = [
    ...groupedBy(
      rows.filter(({ regime }) => regime === 'sampled'),
      settingOf,
    ).values(),
  ].map((own) => ({
    ...{ name: codeName(own[0]), snr: own[0].snr_db, reference: referenceOf(rows, own[0]) },
    ...{ words: own[0].code_dimension, values: estimators.flatMap((name) => valuesOf(own, name)) },
  }))
  return writePicture('reed-muller', reedMullerSpecification({ ...heading, curves, sampled }), folder)
}

/** Mean, lowest and highest over the repetitions, for each number of samples. */
function valuesOf(rows: readonly ReedMullerRow[], estimator: string) {
  const own = rows.filter((row) => row.estimator === (estimator === 'sp corrected' ? 'sp' : estimator))
  return [...groupedBy(own, ({ samples }) => samples)].flatMap(([samples, some]) => {
    const values = some.flatMap((row) => (estimator === 'sp corrected' ? row.mi_corrected : row.mi) ?? [])
    if (values.length === 0) return []
    return [{ samples, estimator, value: mean(values), low: Math.min(...values), high: Math.max(...values) }]
  })
}

const settingOf = (row: ReedMullerRow) => `${codeName(row)}, ${row.snr_db} dB`

/** Tables of both parts and what they come to. */
export function reedMullerSummary(rows: readonly ReedMullerRow[]): string {
  return [summedTable(rows), sampledTable(rows), words(rows)].filter(Boolean).join('\n\n')
}

function summedTable(rows: readonly ReedMullerRow[]): string {
  const own = summedOf(rows)
  if (own.length === 0) return ''
  const codes = [...groupedBy(own, codeName).keys()]
  const head = `I(S;S+Z) / d, nats a use${'capacity'.padStart(11)}${'free bits'.padStart(11)}${codes.map((name) => name.padStart(10)).join('')}`
  const lines = [...groupedBy(own, ({ snr_db }) => snr_db)].map(([snr, some]) => {
    const { bound_gaussian, bound_bpsk, dimension } = some[0]
    const bounds = [bound_gaussian, bound_bpsk].map((bound) => fixed(bound / dimension, 4).padStart(11)).join('')
    const cells = codes.map((name) => {
      const row = some.find((one) => codeName(one) === name)
      return fixed(row && row.mi_corrected !== null ? row.mi_corrected / row.dimension : null, 4).padStart(10)
    })
    return `${`  ${fixed(snr, 1)} dB`.padEnd(24)}${bounds}${cells.join('')}`
  })
  const rates = codes.map((name) => {
    const { bound_words, dimension } = own.find((row) => codeName(row) === name)!
    return fixed(bound_words / dimension, 4).padStart(10)
  })
  return [head, ...lines, `${'  at most (k/d) log 2'.padEnd(46)}${rates.join('')}`].join('\n')
}

function sampledTable(rows: readonly ReedMullerRow[]): string {
  const sampled = rows.filter(({ regime }) => regime === 'sampled')
  if (sampled.length === 0) return ''
  const head = `${'RMSE from n words, nats'.padEnd(30)}${'I'.padStart(8)}${estimators.map((name) => (headings[name] ?? name).padStart(14)).join('')}`
  const lines = [...groupedBy(sampled, (row) => `${settingOf(row)}, n = ${row.samples}`)].map(([setting, own]) => {
    const cells = estimators.map((name) => {
      const errors = errorsOf(rows, name).filter(({ row }) => own.includes(row))
      return fixed(rootMeanSquare(errors.map(({ error }) => error)).value, 3).padStart(14)
    })
    return `  ${setting.padEnd(28)}${fixed(referenceOf(rows, own[0]), 3).padStart(8)}${cells.join('')}`
  })
  return [head, ...lines].join('\n')
}

/** Where each code begins to deliver all it has, whether the bounds held, and who is nearest with few words. */
function words(rows: readonly ReedMullerRow[]): string {
  const own = summedOf(rows)
  const reached = [...groupedBy(own, codeName)].map(([name, some]) => {
    const first = some.find((row) => row.mi_corrected! >= 0.99 * row.bound_words)
    return first
      ? `${name} from ${fixed(first.snr_db, 1)} dB on`
      : `${name} nowhere up to ${fixed(some.at(-1)!.snr_db, 1)} dB`
  })
  const limit = ({ bound_words, bound_bpsk }: ReedMullerRow) => Math.min(bound_words, bound_bpsk)
  const above = own.filter((row) => row.low! > limit(row) + 1e-9)
  const named = above.map((row) => `${settingOf(row)} (by ${(row.low! - limit(row)).toPrecision(1)} nats)`)
  const bounds =
    above.length === 0
      ? 'No interval lies above k log 2 or the information of d free bits'
      : `Of ${own.length} intervals at 95 % these lie above k log 2 or the information of d free bits, as one in 40 may ` +
        `where a bound is reached: ${named.join(', ')}`
  return wrapped(
    `Of the grid of noises, 99 % of k log 2 is delivered by ${reached.join(', ')}. ${bounds}.${closedForms(rows)}${few(rows)}`,
  )
}

function closedForms(rows: readonly ReedMullerRow[]): string {
  const known = summedOf(rows).filter(({ truth }) => truth !== null)
  if (known.length === 0) return ''
  const held = known.filter((row) => row.low! <= row.truth! && row.truth! <= row.high!)
  return ` Where quadrature knows I, ${held.length} of ${known.length} intervals hold it.`
}

function few(rows: readonly ReedMullerRow[]): string {
  const sampled = [
    ...groupedBy(
      rows.filter(({ regime }) => regime === 'sampled'),
      (row) => `${settingOf(row)}, ${row.samples}`,
    ),
  ]
  if (sampled.length === 0) return ''
  const wins = new Map<string, number>()
  for (const [, own] of sampled) {
    const sizes = estimators.map((name) => {
      const errors = errorsOf(rows, name).filter(({ row }) => own.includes(row))
      return { name, size: rootMeanSquare(errors.map(({ error }) => error)).value }
    })
    const known = sizes.filter(({ size }) => Number.isFinite(size))
    if (known.length === 0) continue
    const best = known.reduce((a, b) => (b.size < a.size ? b : a)).name
    wins.set(best, (wins.get(best) ?? 0) + 1)
  }
  const told = [...wins].map(([name, count]) => `${name} in ${count}`)
  return ` From n sampled words the smallest error of ${sampled.length} settings belongs to ${told.join(', ')}.`
}
