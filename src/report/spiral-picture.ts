/**
 * Estimates of h(T) of one layer against the number of samples: above their means with a band of one standard deviation over
 * repetitions, around the reference; below their root mean square error, with 95 % intervals, on logarithmic axes.
 */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { estimatorColours } from './mixture-picture.js'
import { fixed } from './numbers.js'
import { spread } from './panel.js'
import { framed, quiet } from './theme.js'

interface Point {
  estimator: string
  samples: number
  mean: number
  sd: number
  error: { value: number; low: number; high: number }
}

export interface SpiralPicture {
  title: string
  subtitle: string
  points: readonly Point[]
  reference: { value: number; samples: number; repetitions: number; below: number; above: number; aboveError: number }
  layer: number
  dimension: number
  /** Below which the worst case has a bias (METHOD 2.3). */
  minimalSamples: number
}

interface Mark {
  samples: number
  series: string
  value: number
  low: number | null
  high: number | null
}

interface Frame {
  height: number
  title: string
  scale: { type: 'linear' | 'log'; domain: [number, number] }
  marks: Mark[]
}

const width = 560
/** An error that counts as small, nats. */
const small = 0.1

/** Two panels on one axis of samples. */
export function spiralSpecification(picture: SpiralPicture): TopLevelSpec {
  const { title, subtitle, points, reference, layer, dimension, minimalSamples } = picture
  const sizes = [...new Set(points.map(({ samples }) => samples))].sort((a, b) => a - b)
  const means = points.map(({ estimator, samples, mean, sd }) => markOf(estimator, samples, mean, mean - sd, mean + sd))
  const errors = points.map(({ estimator, samples, error }) =>
    markOf(estimator, samples, error.value, error.low, error.high),
  )
  const about =
    `layer ${layer} (${dimension} neurons); reference ${fixed(reference.value, 3)} nats: ${reference.samples} samples, ` +
    `${reference.repetitions} times, corrected (uncorrected ${fixed(reference.below, 3)}, held out ${fixed(reference.above, 3)}, SE ${fixed(reference.aboveError, 3)}); ` +
    `bands: standard deviation over repetitions above, 95 % intervals below`
  return framed(title, [subtitle, about], {
    spacing: 14,
    resolve: { scale: { color: 'independent' } },
    vconcat: [
      panel(meanFrame(means, reference.value), sizes, false, [
        ...level(reference.value, 'reference'),
        ...least(minimalSamples, sizes, 250),
      ]),
      panel(errorFrame(errors), sizes, true, level(small, `${small} nats`)),
    ],
  })
}

function meanFrame(marks: Mark[], reference: number): Frame {
  const values = [reference, ...marks.flatMap(({ low, high }) => [low!, high!])]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const margin = 0.05 * (most - least)
  return {
    height: 250,
    title: 'h(T) [nats]',
    scale: { type: 'linear', domain: [least - margin, most + margin] },
    marks,
  }
}

function errorFrame(marks: Mark[]): Frame {
  const values = [small, ...marks.map(({ value }) => value).filter((value) => value > 0)]
  const domain: [number, number] = [Math.min(...values) / 1.5, Math.max(...values) * 1.5]
  const inside = (value: number) => Math.min(domain[1], Math.max(domain[0], value))
  const cut = marks
    .filter(({ value }) => value > 0)
    .map((mark) => ({ ...mark, low: mark.low && inside(mark.low), high: mark.high && inside(mark.high) }))
  return { height: 190, title: 'RMSE of h(T) [nats]', scale: { type: 'log', domain }, marks: cut }
}

function markOf(series: string, samples: number, value: number, low: number, high: number): Mark {
  const known = Number.isFinite(low) && Number.isFinite(high)
  return { series, samples, value, low: known ? low : null, high: known ? high : null }
}

function panel({ height, title, scale, marks }: Frame, sizes: number[], lowest: boolean, behind: Part[]): Part {
  const colours = estimatorColours.filter(([name]) => marks.some(({ series }) => series === name))
  const range = { domain: colours.map(([name]) => name), range: colours.map(([, colour]) => colour) }
  const color = { field: 'series', type: 'nominal', legend: null, scale: range }
  const banded = marks.filter(({ low }) => low !== null)
  return {
    ...{ width, height },
    data: { values: marks },
    encoding: {
      x: {
        ...{ field: 'samples', type: 'quantitative', title: lowest ? 'samples n' : null },
        scale: { type: 'log', nice: false, domain: [sizes[0], sizes.at(-1)!] },
        axis: { values: sizes, format: '~d', labels: lowest, labelOverlap: 'greedy', labelFlush: false },
      },
      y: {
        ...{
          field: 'value',
          type: 'quantitative',
          title,
          scale: { ...scale, nice: false, ...(scale.type === 'linear' && { zero: false }) },
        },
        axis: scale.type === 'log' ? { format: '~g', values: steps(scale.domain) } : { tickCount: 6 },
      },
    },
    layer: [
      ...behind,
      {
        data: { values: banded },
        mark: { type: 'area', opacity: 0.2 },
        encoding: { color, y: { field: 'low' }, y2: { field: 'high' } },
      },
      { mark: { type: 'line', strokeWidth: 1.9 }, encoding: { color } },
      { mark: { type: 'point', filled: true, size: 26, opacity: 1 }, encoding: { color } },
      ...names({ height, title, scale, marks }, colours),
    ],
  }
}

/** Right of the last point, in the colours of the curves. */
function names({ height, scale, marks }: Frame, colours: [string, string][]): Part[] {
  const [low, high] = scale.domain
  const place = (value: number) =>
    scale.type === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  const ends = colours.map(([name]) => {
    const own = marks.filter(({ series }) => series === name)
    return place(own.reduce((last, mark) => (mark.samples > last.samples ? mark : last)).value)
  })
  const places = spread(ends, 15 / height, [0, 1])
  return colours.map(([text, color], i) => ({
    data: { values: [{}] },
    mark: { ...{ type: 'text', text, color, align: 'left', baseline: 'middle' }, fontSize: 11.5, fontWeight: 600 },
    encoding: { x: { value: width + 10 }, y: { value: height * (1 - places[i]) } },
  }))
}

/** A line across the panel at one value, named at its left end. */
function level(value: number, text: string): Part[] {
  const data = { values: [{ value }] }
  const label = { type: 'text', text, align: 'left', baseline: 'bottom', dx: 4, dy: -3, fontSize: 11, color: quiet }
  return [
    {
      data,
      mark: { type: 'rule', strokeDash: [6, 4], color: quiet },
      encoding: { x: { value: 0 }, x2: { value: width } },
    },
    { data, mark: label, encoding: { x: { value: 0 } } },
  ]
}

/** Where theory stops excluding, if that is in the picture. */
function least(samples: number, sizes: number[], height: number): Part[] {
  if (!(samples > sizes[0] && samples < sizes.at(-1)!)) return []
  const data = { values: [{ samples }] }
  const text = `n = ${samples}: necessary in the worst case`
  const label = { type: 'text', text, align: 'left', baseline: 'top', dx: 4, dy: 4, fontSize: 11, color: quiet }
  return [
    {
      data,
      mark: { type: 'rule', strokeDash: [1.5, 3], color: quiet },
      encoding: { y: { value: 0 }, y2: { value: height } },
    },
    { data, mark: label, encoding: { y: { value: 0 } } },
  ]
}

/** 1, 2 and 5 times powers of ten inside the domain. */
function steps([from, to]: [number, number]): number[] {
  const first = Math.floor(Math.log10(from))
  const decades = Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, i) => first + i)
  return decades.flatMap((decade) => [1, 2, 5].map((n) => n * 10 ** decade)).filter((at) => at >= from && at <= to)
}
