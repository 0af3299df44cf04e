/** What came out of `mixture`: root mean square errors with intervals over repetitions, as lines, table, picture and words. */
import { errorSlope, rootMeanSquare, type Range } from '../math/error-size.js'
import { fixed, wrapped } from '../report/numbers.js'
import { groupedBy } from '../report/grouped.js'
import type { MixtureRow } from '../tables/study-schema.js'
import type { Heading } from './definition.js'
import type { MixtureConfig } from './mixture-config.js'
import { atCeiling } from './study-warnings.js'

/** The estimators of the picture: sample propagation counts twice, as it is and with its correction. */
export const mixtureEstimators = ['sp', 'sp corrected', 'kde', 'kozachenko-leonenko'] as const

/** RMSE of one estimator in one setting. */
export interface MixtureError extends Range {
  part: MixtureRow['part']
  truncated: boolean | null
  noiseStd: number
  dimension: number
  samples: number
  queriesPerSample: number | null
  estimator: string
  repetitions: number
  /** Repetitions without a finite value; they are not in the RMSE. */
  failed: number
  /** Mean error. */
  bias: number
}

/** A row for each setting and estimator, in the order of the settings. */
export function mixtureErrors(rows: readonly MixtureRow[]): MixtureError[] {
  const said = rows.flatMap((row) => [
    { row, estimator: row.estimator, value: row.value },
    ...(row.estimator === 'sp' && row.part === 'samples'
      ? [{ row, estimator: 'sp corrected', value: row.corrected }]
      : []),
  ])
  const groups = groupedBy(said, ({ row, estimator }) =>
    JSON.stringify([
      row.part,
      row.truncated,
      row.noise_std,
      row.dimension,
      row.samples,
      row.queries_per_sample,
      estimator,
    ]),
  )
  return [...groups.values()].map((group) => {
    const [{ row, estimator }] = group
    const errors = group.flatMap(({ value, row: { truth } }) => (value === null ? [] : [value - truth]))
    return {
      ...{ part: row.part, truncated: row.truncated, noiseStd: row.noise_std, dimension: row.dimension },
      ...{ samples: row.samples, queriesPerSample: row.queries_per_sample, estimator },
      ...{ repetitions: group.length, failed: group.length - errors.length },
      bias: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      ...rootMeanSquare(errors),
    }
  })
}

/** The slope of log RMSE against log n_MC, by dimension, over the repetitions that have every number of queries. */
export function querySlopes(
  rows: readonly MixtureRow[],
  { corners }: MixtureConfig,
): { dimension: number; slope: Range }[] {
  const own = rows.filter(({ part }) => part === 'corners')
  return [...groupedBy(own, ({ dimension }) => dimension)].flatMap(([dimension, some]) => {
    const sizes = [...new Set(some.map((row) => row.queries_per_sample!))].sort((a, b) => a - b)
    const errors = [...groupedBy(some, ({ repetition }) => repetition).values()]
      .filter((one) => one.length === corners.queriesEach.length)
      .map((one) => sizes.map((size) => errorAt(one, size)))
    return sizes.length > 1 && errors.length > 2 ? [{ dimension, slope: errorSlope(sizes, errors) }] : []
  })
}

function errorAt(rows: MixtureRow[], size: number): number {
  const row = rows.find(({ queries_per_sample }) => queries_per_sample === size)!
  return row.value! - row.truth
}

/** Largest n so far, RMSE over all settings. */
export function toldOfRound(rows: readonly MixtureRow[], round: number, { repetitions }: MixtureConfig): string {
  const errors = mixtureErrors(rows).filter(({ part }) => part === 'samples')
  const most = Math.max(...errors.map(({ samples }) => samples))
  const each = mixtureEstimators.map((name) => {
    const own = errors.filter(({ estimator, samples }) => estimator === name && samples === most)
    return `${name} ${fixed(Math.sqrt(own.reduce((sum, { value }) => sum + value ** 2, 0) / own.length), 3)}`
  })
  return `  ${String(round).padStart(3)} of ${repetitions}   RMSE at n = ${most}, all settings: ${each.join(', ')} nats`
}

export async function drawMixture(
  rows: readonly MixtureRow[],
  folder: string,
  heading: Heading,
  config: MixtureConfig,
): Promise<string[]> {
  const { mixtureSpecification } = await import('../report/mixture-picture.js')
  const { writePicture } = await import('../report/picture.js')
  const specification = mixtureSpecification({
    ...heading,
    spread: config.spread,
    errors: mixtureErrors(rows),
    slopes: querySlopes(rows, config),
  })
  return writePicture('mixture', specification, folder)
}

/** The closing table at the largest n, slopes, and what it comes to. */
export function mixtureSummary(rows: readonly MixtureRow[], config: MixtureConfig): string {
  const errors = mixtureErrors(rows).filter(({ part }) => part === 'samples')
  if (errors.length === 0) return ''
  const most = Math.max(...errors.map(({ samples }) => samples))
  const last = errors.filter(({ samples }) => samples === most)
  return [table(last, most, rows), slopeLines(rows, config), words(last, most, rows)].filter(Boolean).join('\n\n')
}

const headings: Record<string, string> = { 'kozachenko-leonenko': 'neighbours' }

function table(last: MixtureError[], most: number, rows: readonly MixtureRow[]): string {
  const settings = [...groupedBy(last, placeOf).values()]
  const title = `RMSE of h(T), nats, n = ${most}`.padEnd(27)
  const head = `${title}${'h(T)'.padStart(9)}${mixtureEstimators.map((name) => (headings[name] ?? name).padStart(14)).join('')}`
  const lines = settings.map((some) => {
    const [first] = some
    const truth = rows.find((row) => row.part === 'samples' && placeOf(errorPlace(row)) === placeOf(first))!.truth
    const cells = mixtureEstimators.map((name) => cell(some.find(({ estimator }) => estimator === name)))
    const place = `  d = ${first.dimension}, noise ${first.noiseStd}${first.truncated ? ', cut' : ''}`
    return `${place.padEnd(27)}${fixed(truth, 3).padStart(9)}${cells.join('')}`
  })
  const note = wrapped(
    `Over ${last[0].repetitions} repetitions; cut: S truncated to [-1, 1]. The picture has intervals.`,
  )
  return [head, ...lines, note].join('\n')
}

function cell(error: MixtureError | undefined): string {
  if (!error) return '-'.padStart(14)
  return `${fixed(error.value, 3)}${error.failed > 0 ? ` (${error.failed} failed)` : ''}`.padStart(14)
}

function placeOf({
  truncated,
  noiseStd,
  dimension,
}: Pick<MixtureError, 'truncated' | 'noiseStd' | 'dimension'>): string {
  return JSON.stringify([truncated, noiseStd, dimension])
}

function errorPlace({ truncated, noise_std, dimension }: MixtureRow) {
  return { truncated, noiseStd: noise_std, dimension }
}

function slopeLines(rows: readonly MixtureRow[], config: MixtureConfig): string {
  const lines = querySlopes(rows, config).map(({ dimension, slope: { value, low, high } }) => {
    const holds = low <= -0.5 && -0.5 <= high
    const interval = `[${fixed(low, 3)}, ${fixed(high, 3)}]`
    return `  d = ${String(dimension).padEnd(4)}${fixed(value, 3)} ${interval}, ${holds ? 'holds' : 'does not hold'} -1/2`
  })
  if (lines.length === 0) return ''
  return ['Slope of log RMSE against log n_MC, all centres known, with 95 % interval', ...lines].join('\n')
}

/** Who is nearest where, how often intervals held, and where samples were too few. */
function words(last: MixtureError[], most: number, rows: readonly MixtureRow[]): string {
  const settings = [...groupedBy(last, placeOf).values()]
  const best = (some: MixtureError[]) => some.reduce((a, b) => (b.value < a.value ? b : a)).estimator
  const wins = mixtureEstimators.map((name) => `${name} in ${settings.filter((some) => best(some) === name).length}`)
  const sp = rows.filter(({ part, estimator }) => part === 'samples' && estimator === 'sp')
  const covers = (row: MixtureRow) => row.low !== null && row.low <= row.truth && row.truth <= row.high!
  const at = (some: (row: MixtureRow) => boolean) => {
    const own = sp.filter(some)
    return `${own.filter(covers).length} of ${own.length}`
  }
  const alone = at(({ warnings }) => warnings.length === 0)
  const warned = at(({ warnings }) => warnings.length > 0 && !atCeiling(warnings))
  const ceiling = at(({ warnings }) => atCeiling(warnings))
  return wrapped(
    `At n = ${most} the smallest RMSE of ${settings.length} settings belongs to ${wins.join(', ')}. ` +
      `Intervals of sample propagation hold the truth in ${alone} estimates without a warning, in ${warned} that warn of a large ` +
      `correction or too few samples, and in ${ceiling} at the ceiling of the sample, where all n samples are told apart. ` +
      `Sample propagation knows the noise, and is given S without it; the others see T alone.`,
  )
}
