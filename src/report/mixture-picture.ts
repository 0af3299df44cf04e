/**
 * Errors of estimates of h(T) whose truth is known: root mean square (RMSE) against the number of samples, a panel for each dimension, noise and kind of
 * mixture, and against the number of queries where all centres are known, beside a line of slope -1/2. Bands are 95 % intervals over
 * repetitions, cut at the ends of the axis; all axes are logarithmic.
 */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { fixed } from './numbers.js'
import { framed, layerColour, quiet } from './theme.js'

interface SizedError {
  part: 'samples' | 'corners'
  truncated: boolean | null
  noiseStd: number
  dimension: number
  samples: number
  queriesPerSample: number | null
  estimator: string
  repetitions: number
  value: number
  low: number
  high: number
}

export interface MixturePicture {
  title: string
  subtitle: string
  spread: number
  errors: readonly SizedError[]
  slopes: readonly { dimension: number; slope: { value: number; low: number; high: number } }[]
}

const size = { width: 215, height: 125 }

/** Of the estimators, also for other pictures: the two that know the noise are of the house's colours. */
export const estimatorColours: [name: string, colour: string][] = [
  ['sp', layerColour(0)],
  ['sp corrected', layerColour(0.62)],
  ['kde', '#1b8a7a'],
  ['kozachenko-leonenko', '#9a8b1e'],
]

interface Mark {
  size: number
  series: string
  value: number
  low: number | null
  high: number | null
}

/** Rows of panels: kinds of mixture and noises; columns: dimensions; the queries in the last row. */
export function mixtureSpecification({ title, subtitle, spread, errors, slopes }: MixturePicture): TopLevelSpec {
  const sampled = errors.filter(({ part }) => part === 'samples')
  const kinds = distinct(sampled.map(({ truncated, noiseStd }) => JSON.stringify([truncated, noiseStd])))
  const dimensions = distinct(sampled.map(({ dimension }) => dimension))
  const places = kinds.flatMap((kind) => dimensions.map((dimension) => ({ kind, dimension })))
  const panels = places.map(({ kind, dimension }, i) => {
    const [truncated, noise] = JSON.parse(kind) as [boolean, number]
    const own = sampled.filter(
      (one) => one.dimension === dimension && one.truncated === truncated && one.noiseStd === noise,
    )
    const name = `d = ${dimension}, noise ${noise}${truncated ? ', truncated' : ''}`
    const names = i === dimensions.length - 1 ? legend(estimatorColours) : []
    const marks = own.map((one) => mark(one.samples, one.estimator, one))
    return panel(name, marks, estimatorColours, ['samples n', 'RMSE [nats]'], domainOf(sampled), names)
  })
  const corners = cornerPanel(
    errors.filter(({ part }) => part === 'corners'),
    slopes,
  )
  const about = `components of standard deviation ${spread} on the corners of {-1, 1}^d; bands: 95 % intervals over repetitions`
  const grid = { columns: Math.max(1, dimensions.length), spacing: { row: 18, column: 22 }, resolve, concat: panels }
  const views = [...(panels.length > 0 ? [grid] : []), ...corners]
  return framed(title, [subtitle, about], { spacing: 26, resolve, vconcat: views })
}

/** Colours of estimators and of dimensions are not one scale. */
const resolve = { scale: { color: 'independent' } }

function cornerPanel(errors: readonly SizedError[], slopes: MixturePicture['slopes']): Part[] {
  if (errors.length === 0) return []
  const dimensions = distinct(errors.map(({ dimension }) => dimension))
  const nameOf = (dimension: number) => {
    const found = slopes.find((one) => one.dimension === dimension)
    const text = found
      ? `: slope ${fixed(found.slope.value, 2)} [${fixed(found.slope.low, 2)}, ${fixed(found.slope.high, 2)}]`
      : ''
    return `d = ${dimension}${text}`
  }
  const colours = dimensions.map((dimension, i): [string, string] => [
    nameOf(dimension),
    layerColour(i / Math.max(1, dimensions.length - 1)),
  ])
  const marks = errors.map((one) => mark(one.queriesPerSample!, nameOf(one.dimension), one))
  const axes: [string, string] = ['queries of each sample, n_MC', 'RMSE [nats]']
  const title = `all centres known, noise ${errors[0].noiseStd}; dotted: slope -1/2`
  return [panel(title, marks, colours, axes, domainOf(errors), [halfSlope(marks), ...legend(colours)])]
}

/** From the highest point on the left. */
function halfSlope(marks: readonly Mark[]): Part {
  const sizes = distinct(marks.map((one) => one.size)).sort((a, b) => a - b)
  const from = Math.max(...marks.filter((one) => one.size === sizes[0]).map(({ value }) => value))
  const values = sizes.map((at) => ({ size: at, value: from * Math.sqrt(sizes[0] / at) }))
  return { data: { values }, mark: { type: 'line', color: quiet, strokeDash: [1.5, 3], strokeWidth: 1.4 } }
}

function mark(at: number, series: string, { value, low, high }: SizedError): Mark {
  const known = Number.isFinite(low) && low > 0 && Number.isFinite(high)
  return { size: at, series, value, low: known ? low : null, high: known ? high : null }
}

function panel(
  title: string,
  marks: readonly Mark[],
  colours: readonly [string, string][],
  [x, y]: [string, string],
  domain: [number, number],
  more: Part[],
): Part {
  const shown = marks.filter(({ value }) => value > 0)
  const sizes = distinct(shown.map((one) => one.size)).sort((a, b) => a - b)
  const scale = { domain: colours.map(([name]) => name), range: colours.map(([, colour]) => colour) }
  const color = { field: 'series', type: 'nominal', legend: null, scale }
  const log = { type: 'log', nice: false }
  const inside = (at: number) => Math.min(domain[1], Math.max(domain[0], at))
  const banded = shown.flatMap((one) =>
    one.low === null ? [] : [{ ...one, low: inside(one.low), high: inside(one.high!) }],
  )
  return {
    ...size,
    title: { text: title, fontSize: 12.5, anchor: 'start', offset: 4 },
    data: { values: shown },
    encoding: {
      x: {
        ...{ field: 'size', type: 'quantitative', title: x },
        scale: { ...log, domain: [sizes[0] ?? 1, sizes.at(-1) ?? 10] },
        axis: { values: sizes, format: '~d', labelOverlap: 'greedy', labelFlush: false },
      },
      y: {
        ...{ field: 'value', type: 'quantitative', title: y, scale: { ...log, domain } },
        axis: { format: '~g', values: decades(domain), tickCount: 100, labelOverlap: false },
      },
    },
    layer: [
      {
        data: { values: banded },
        mark: { type: 'area', opacity: 0.2 },
        encoding: { color, y: { field: 'low' }, y2: { field: 'high' } },
      },
      { mark: { type: 'line', strokeWidth: 1.8 }, encoding: { color } },
      { mark: { type: 'point', filled: true, size: 22, opacity: 1 }, encoding: { color } },
      ...more,
    ],
  }
}

/** A list right of the panel, from the top. */
function legend(colours: readonly [string, string][]): Part[] {
  return colours.map(([text, color], i) => ({
    data: { values: [{}] },
    mark: { type: 'text', text, color, align: 'left', fontSize: 11.5, fontWeight: 600 },
    encoding: { x: { value: size.width + 12 }, y: { value: 10 + 15 * i } },
  }))
}

/** A little beyond all values; intervals may reach further. */
function domainOf(errors: readonly SizedError[]): [number, number] {
  const values = errors.map(({ value }) => value).filter((value) => value > 0)
  if (values.length === 0) return [0.1, 1]
  return [Math.min(...values) / 1.7, Math.max(...values) * 1.7]
}

function decades([from, to]: [number, number]): number[] {
  const first = Math.ceil(Math.log10(from))
  const count = Math.max(0, Math.floor(Math.log10(to)) - first + 1)
  return Array.from({ length: count }, (_, i) => 10 ** (first + i))
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
