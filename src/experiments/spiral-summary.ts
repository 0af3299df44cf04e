/** What the estimates of `infoflow run spiral` come to: a reference, means and errors against it, and how many samples are enough. */
import { rootMeanSquare, type Range } from '../math/error-size.js'
import { tInterval, type Interval } from '../math/intervals.js'
import { mean, variance } from '../math/statistics.js'
import { groupedBy } from '../report/grouped.js'
import { fixed, withMargin, wrapped } from '../report/numbers.js'
import type { EntropyRow } from '../tables/rows.js'

/** h(T) as the largest samples tell it, nats: the corrected value, and the two that have it between them on average. */
export interface Reference extends Interval {
  samples: number
  repetitions: number
  /** Means of the raw values of sample propagation, and of its mixture at points held out. */
  below: number
  above: number
  /** Standard error of `above`. */
  aboveError: number
}

/** An estimator at one number of samples. */
export interface EntropyPoint {
  estimator: string
  samples: number
  repetitions: number
  mean: number
  /** Standard deviation over repetitions. */
  sd: number
  /** Root mean square difference to the reference, with its interval over repetitions. */
  error: Range
}

/** Sample propagation counts twice, as it is and with its correction. */
export const spiralEstimators = ['sp', 'sp corrected', 'kde', 'kozachenko-leonenko'] as const

/** An error that counts as small, nats. */
export const closeEnough = 0.1

/** null before two repetitions are there. */
export function referenceOf(rows: readonly EntropyRow[]): Reference | null {
  const own = rows.filter(({ part }) => part === 'reference')
  const sp = own.filter(({ estimator }) => estimator === 'sp')
  if (sp.length < 2) return null
  const heldOut = own.filter(({ estimator }) => estimator === 'held-out')
  const interval = tInterval(sp.map(({ corrected }) => corrected!))
  const [{ samples }] = sp
  return {
    ...interval,
    samples,
    repetitions: sp.length,
    below: mean(sp.map(({ value }) => value!)),
    above: mean(heldOut.map(({ value }) => value!)),
    aboveError: Math.hypot(...heldOut.map(({ se }) => se!)) / heldOut.length,
  }
}

/** By estimator and number of samples, both in their order; repetitions without a finite value are left out. */
export function entropyPoints(rows: readonly EntropyRow[], reference: number): EntropyPoint[] {
  const said = rows
    .filter(({ part }) => part === 'samples')
    .flatMap((row) => [
      { estimator: row.estimator, samples: row.samples, value: row.value },
      ...(row.estimator === 'sp' ? [{ estimator: 'sp corrected', samples: row.samples, value: row.corrected }] : []),
    ])
  return spiralEstimators.flatMap((estimator) => {
    const own = said.filter((one) => one.estimator === estimator).sort((a, b) => a.samples - b.samples)
    return [...groupedBy(own, ({ samples }) => samples)].flatMap(([samples, some]) => {
      const values = some.flatMap(({ value }) => (value === null ? [] : [value]))
      if (values.length === 0) return []
      const error = rootMeanSquare(values.map((value) => value - reference))
      const sd = values.length > 1 ? Math.sqrt(variance(values)) : 0
      return [{ estimator, samples, repetitions: values.length, mean: mean(values), sd, error }]
    })
  })
}

/** The least n from which on every larger one is close enough too; null where the largest is not. */
export function enoughSamples(points: readonly EntropyPoint[]): number | null {
  const far = points.findLastIndex(({ error }) => !(error.value <= closeEnough))
  return points[far + 1]?.samples ?? null
}

/** One line a repetition, at the largest n. */
export function toldOfRepetition(rows: readonly EntropyRow[]): string {
  const most = Math.max(...rows.map(({ samples }) => samples))
  const last = rows.filter(({ samples }) => samples === most)
  const said = last.map(({ estimator, value, corrected }) => {
    const more = corrected === null ? '' : `, corrected ${fixed(corrected, 3)}`
    return `${estimator} ${fixed(value, 3)}${more}`
  })
  return `h(T) at n = ${most}: ${said.join(', ')} nats`
}

/** The closing table and what it comes to. */
export function spiralSummary(rows: readonly EntropyRow[]): string {
  const reference = referenceOf(rows)
  const points = reference && entropyPoints(rows, reference.value)
  if (!reference || !points || points.length === 0) return ''
  return [table(points), words(points, reference, rows)].join('\n\n')
}

const headings: Record<string, string> = { 'kozachenko-leonenko': 'neighbours' }

function table(points: readonly EntropyPoint[]): string {
  const sizes = [...new Set(points.map(({ samples }) => samples))].sort((a, b) => a - b)
  const head = spiralEstimators.map((name) => (headings[name] ?? name).padStart(17)).join('')
  const lines = sizes.map((samples) => {
    const cells = spiralEstimators.map((name) => {
      const point = points.find((one) => one.estimator === name && one.samples === samples)
      return (point ? withMargin(point.mean, point.sd, 3) : '-').padStart(17)
    })
    return `${String(samples).padStart(9)}${cells.join('')}`
  })
  return [`h(T), nats: mean and standard deviation over repetitions`, `${'n'.padStart(9)}${head}`, ...lines].join('\n')
}

function words(points: readonly EntropyPoint[], reference: Reference, rows: readonly EntropyRow[]): string {
  const { value, half, samples, repetitions, below, above, aboveError } = reference
  const [{ layer, dimension }] = rows
  const reached = spiralEstimators.flatMap((name) => {
    const own = points.filter(({ estimator }) => estimator === name)
    return own.length > 0 ? [`${headings[name] ?? name} ${reach(own)}`] : []
  })
  const minimal = rows.find(({ minimal_samples }) => minimal_samples !== null)?.minimal_samples ?? 0
  return wrapped(
    `h(T) of layer ${layer} (${dimension} neurons) is ${withMargin(value, half, 3)} nats by the reference: the corrected ` +
      `value of ${samples} samples, ${repetitions} times; uncorrected it is ${fixed(below, 3)}, at points held out ` +
      `${fixed(above, 3)} (standard error ${fixed(aboveError, 3)}), with the truth between the expectations of these two. An error (root mean square over ` +
      `repetitions) of at most ${closeEnough} nats: ${reached.join('; ')}. ` +
      `${held(rows, value, minimal)} ` +
      `Sample propagation knows the noise, and is given S without it; the other two see T alone.`,
  )
}

/** Intervals of sample propagation, apart by what theory says of n. */
function held(rows: readonly EntropyRow[], reference: number, minimal: number): string {
  const known = rows.filter(({ part, low }) => part === 'samples' && low !== null)
  const [few, enough] = [known.filter((row) => row.samples < minimal), known.filter((row) => row.samples >= minimal)]
  const holds = ({ low, high }: EntropyRow) => low! <= reference && reference <= high!
  const share = (some: EntropyRow[]) => `${some.filter(holds).length} of ${some.length}`
  return (
    `In the worst case fewer than ${minimal} samples cannot do (METHOD 2.3): of the 95 % intervals of sample propagation ` +
    `${share(few)} hold the reference below that, ${share(enough)} from there on.`
  )
}

function reach(points: readonly EntropyPoint[]): string {
  const enough = enoughSamples(points)
  if (enough !== null) return `from n = ${enough} on`
  const last = points.at(-1)!
  return `not within reach, ${fixed(last.error.value, 2)} at n = ${last.samples}`
}
