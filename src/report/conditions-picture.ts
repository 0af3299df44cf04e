/**
 * Pictures of several conditions, each in its own colour, the reference black: test errors side by side, and whatever
 * else against epoch, a panel for each layer. Of several seeds medians with their spread, as in the picture of a run.
 */
import type { TopLevelSpec } from 'vega-lite'
import { breakMarks, epochAxis, epochEncoding, placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import type { Mark } from './panel.js'
import { overSeeds, spreadOf } from './seed-spread.js'
import { framed, ink, layerColour, quiet } from './theme.js'

/** Name and colour, in order. */
export type ConditionColours = [name: string, colour: string][]

export interface ConditionCurve {
  name: string
  seed: number
  epoch: number
  value: number
}

export interface ConditionPanel {
  title: string
  domain: [number, number]
  values: ConditionCurve[]
}

interface Heading {
  title: string
  subtitle: string
  colours: ConditionColours
}

/** The reference (first) is black, noises go from dark to light as they grow, what else there is is green. */
export function conditionColours(conditions: readonly { name: string; noise: number }[]): ConditionColours {
  const noises = conditions.slice(1).flatMap(({ noise }) => (noise > 0 ? [noise] : []))
  const sorted = [...new Set(noises)].sort((a, b) => a - b)
  return conditions.map(({ name, noise }, i) => {
    const depth = sorted.indexOf(noise) / Math.max(1, sorted.length - 1)
    return [name, i === 0 ? '#111111' : noise > 0 ? layerColour(depth) : '#1b8a7a']
  })
}

interface ConditionError {
  name: string
  /** Of each seed. */
  seeds: number[]
  mean: Ends
  /** To the reference, within seeds; null of the reference itself. */
  difference: Ends | null
}

/** half is NaN where there is no interval. */
interface Ends {
  value: number
  half: number
}

/** Means with 95 % t-intervals and a mark for each seed, beside paired differences to the reference. Percent. */
export function errorsSpecification({
  title,
  subtitle,
  errors,
  colours,
}: Heading & { errors: ConditionError[] }): TopLevelSpec {
  const shown = errors.filter(({ seeds }) => seeds.length > 0)
  const means = shown.map(({ name, mean }) => ({ name, ...endsOf(mean) }))
  const differences = shown.flatMap(({ name, difference }) => (difference ? [{ name, ...endsOf(difference) }] : []))
  const each = shown.flatMap(({ name, seeds }) => seeds.map((value) => ({ name, value })))
  const several = shown.some(({ seeds }) => seeds.length > 1)
  const note = several
    ? 'filled: means, bars: their 95 % t-intervals over seeds, which may leave the picture; rings: each seed'
    : 'one seed: no intervals over seeds'
  const panels = [errorPanel('test error [%], noise off', means, each, colours)]
  if (differences.length > 0)
    panels.push(errorPanel(`less that of ${colours[0][0]}, paired [points]`, differences, [], colours))
  return framed(title, [subtitle, note], { spacing: 30, hconcat: panels })
}

type Placed = { name: string; value: number; low: number | null; high: number | null }

/** As wide as the values ask for: intervals of two seeds are cut. */
function errorPanel(
  title: string,
  means: Placed[],
  each: { name: string; value: number }[],
  colours: ConditionColours,
) {
  const inside = each.length > 0
  const values = [...means, ...each].map(({ value }) => value)
  const [least, most] = [Math.min(...values, 0), Math.max(...values, inside ? 1 : 0)]
  const reach = Math.max(0.5, 0.5 * (most - least))
  const domain = inside ? [0, most + reach] : [least - reach, most + reach]
  const cut = (at: number) => Math.min(domain[1], Math.max(domain[0], at))
  const bars = means.flatMap((one) => (one.low === null ? [] : [{ ...one, low: cut(one.low), high: cut(one.high!) }]))
  const y = { field: 'name', type: 'nominal', sort: colours.map(([name]) => name), title: null }
  const x = { field: 'value', type: 'quantitative', title, scale: { domain, nice: false } }
  const axis = { grid: false, labels: inside, ticks: inside, domain: inside, labelFontSize: 12.5, labelColor: ink }
  return {
    width: inside ? 330 : 260,
    height: { step: 32 },
    encoding: { y: { ...y, scale: { domain: colours.map(([name]) => name) }, axis }, color: colourOf(colours) },
    layer: [
      downLine(inside ? means[0].value : 0),
      {
        data: { values: bars },
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      { data: { values: each }, mark: { type: 'point', size: 26, strokeWidth: 1.2, opacity: 0.75 }, encoding: { x } },
      { data: { values: means }, mark: { type: 'point', filled: true, size: 80, opacity: 1 }, encoding: { x } },
    ],
  }
}

function endsOf({ value, half }: Ends): Omit<Placed, 'name'> {
  const known = Number.isFinite(half)
  return { value, low: known ? value - half : null, high: known ? value + half : null }
}

/** At the mean of the reference, or at no difference. */
function downLine(value: number): Part {
  const mark = { type: 'rule', color: quiet, strokeDash: [2, 3] }
  const encoding = { x: { field: 'value', type: 'quantitative' }, y: null, color: null }
  return { data: { values: [{ value }] }, mark, encoding }
}

/** Panels beside each other, two in a row where there are many, one legend. */
export function curvesOfConditions({
  title,
  subtitle,
  note,
  colours,
  panels,
}: Heading & { note: string; panels: ConditionPanel[] }): TopLevelSpec {
  const values = panels.flatMap((panel) => panel.values)
  const axis = epochAxis([...new Set(values.map(({ epoch }) => epoch))])
  const seeds = new Set(values.map(({ seed }) => seed)).size
  const spread = seeds > 1 ? spreadOf(seeds).words.replace(/; thin: each seed/, '') : 'one seed'
  const shown = colours.filter(([name]) => values.some((one) => one.name === name))
  return framed(title, [subtitle, note, spread], {
    columns: 2,
    spacing: { row: 22, column: 34 },
    concat: panels.map((panel) => curvesPanel(panel, { shown, reference: colours[0][0], axis, seeds })),
  })
}

const size = { width: 330, height: 120 }

interface Drawn {
  shown: ConditionColours
  reference: string
  axis: EpochAxis
  seeds: number
}

function curvesPanel(
  { title, values, domain }: ConditionPanel,
  { shown: colours, reference, axis, seeds }: Drawn,
): Part {
  const marks = values.map(({ name, seed, epoch, value }): Mark => {
    const place = placeOf(epoch, axis)
    return { epoch, place, seed, series: name, role: 'main', value, low: null, high: null, hollow: false }
  })
  const main = overSeeds(marks, seeds).filter(({ role }) => role === 'main')
  const scale = { domain: colours.map(([name]) => name), range: colours.map(([, colour]) => colour) }
  const legend = { title: null, symbolType: 'stroke', symbolStrokeWidth: 3, symbolOpacity: 1, labelFontSize: 12 }
  const color = { field: 'series', type: 'nominal', sort: null, scale, legend }
  const points = main.length <= 8 * colours.length
  return {
    ...size,
    title: { text: title, fontSize: 12.5, anchor: 'start', offset: 4 },
    data: { values: main },
    encoding: {
      x: epochEncoding(axis, true),
      y: { field: 'value', type: 'quantitative', title: null, scale: { domain, nice: false, zero: false } },
      color,
    },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'area', opacity: 0.09 },
        encoding: { y: { field: 'low' }, y2: { field: 'high' } },
      },
      { mark: { type: 'line', strokeWidth: 1.7, ...(points && { point: { size: 24, opacity: 1 } }) } },
      referenceCurve(main.filter(({ series }) => series === reference)),
      ...breakMarks(axis, size.height, quiet),
    ],
  }
}

/** Again above all others, which lie on it where they are good proxies. */
function referenceCurve(values: readonly Mark[]): Part {
  return { data: { values }, mark: { type: 'line', strokeWidth: 1.7, strokeDash: [5, 3] } }
}

function colourOf(colours: ConditionColours): Part {
  const scale = { domain: colours.map(([name]) => name), range: colours.map(([, colour]) => colour) }
  return { field: 'name', type: 'nominal', legend: null, scale }
}
