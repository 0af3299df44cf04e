/**
 * Curves against epoch as a figure. Each curve is its own group of marks, named after its place in the list, so that a page can
 * find and hide it; of several seeds it is the median with its spread (seed-spread.ts).
 */
import { breakMarks, epochEncoding, placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import { figureSpecification, subtitleLines, type Figure } from './figure.js'
import { plotHeight, plotWidth, withLines, type Look } from './look.js'
import { fixed } from './numbers.js'
import { spread, type Mark } from './panel.js'
import { overSeeds, spreadOf } from './seed-spread.js'
import { quiet } from './theme.js'

export interface Value {
  seed: number
  epoch: number
  value: number
  low?: number | null
  high?: number | null
  hollow?: boolean
}

/** One curve of one condition, before seeds are brought together. */
export interface Curve {
  /** What stands at its end; '' for none. */
  label: string
  /** What it is called in words. */
  name: string
  colour: string
  dash: readonly number[]
  layer: number | null
  run: { index: number; name: string; seeds: number }
  values: Value[]
  /** What of several seeds is drawn beside the median; all of it by default. */
  beside?: 'band' | 'nothing'
}

export interface CurveFigure {
  name: string
  title: string
  subtitles: string[]
  caption: string
  /** Of the vertical axis. */
  quantity: string
  unit: string
  digits: number
  /** Always inside the vertical axis. */
  includes: number[]
  curves: Curve[]
  axis: EpochAxis
  look: Look
  /** A line across, with its name. */
  across?: { value: number; text: string }
}

type Row = Mark & { run: string; layer: number | null; curve: string; unit: string }

/** Null where no curve has a value. */
export function curveFigure(given: CurveFigure): Figure | null {
  const input = { ...given, look: withLines(given.look, subtitleLines(given.subtitles).length) }
  const { name, title, caption, unit, digits, axis, look } = input
  const curves = input.curves.filter(({ values }) => values.some(isDrawn))
  if (curves.length === 0) return null
  const rows = curves.map((curve, i) => rowsOf(curve, i, axis, unit))
  const all = rows.flat()
  const domain = domainOf(all, input.includes)
  const size = { width: plotWidth(look), height: plotHeight(look) }
  const views = {
    encoding: {
      x: epochEncoding(axis, true),
      y: {
        field: 'value',
        type: 'quantitative',
        title: `${input.quantity} [${unit}]`,
        scale: { domain, nice: false, zero: false },
      },
    },
    layer: [
      ...acrossLayers(input),
      ...curves.flatMap((curve, i) => curveLayers(curve, i, rows[i], look)),
      ...endNames(curves, rows, domain, input),
      ...breakMarks(axis, size.height, quiet),
    ],
  }
  return {
    ...{ name, title, caption, look, rows: all },
    alternative: `${title}. ${curves.map((curve, i) => inWords(curve, rows[i], input)).join(' ')}`,
    specification: figureSpecification(look, size, [title, ...input.subtitles], all, views),
    curves: curves.map(({ name: curveName, layer, run }, i) => ({
      ...{ key: `c${i}`, name: curveName, unit, layer, run: run.index },
      points: rows[i]
        .filter(({ role }) => role === 'main')
        .map(({ epoch, place, value, low, high }) => ({
          epoch,
          x: place,
          y: value,
          text: valueText(value, low, high, digits, unit),
        })),
    })),
  }
}

/** '5.123 [5.101, 5.145] nats'. */
export function valueText(
  value: number,
  low: number | null,
  high: number | null,
  digits: number,
  unit: string,
): string {
  const interval = low === null || high === null ? '' : ` [${fixed(low, digits)}, ${fixed(high, digits)}]`
  return `${fixed(value, digits)}${interval}${unit === '1' ? '' : ` ${unit}`}`
}

/** What the bands are, in words. */
export function bandWords(seeds: readonly number[], ofOne: string): string {
  const most = Math.max(...seeds)
  return most < 2 ? ofOne : spreadOf(most).words
}

const isDrawn = ({ value }: Value) => Number.isFinite(value)

function rowsOf({ values, run, layer, name, beside }: Curve, index: number, axis: EpochAxis, unit: string): Row[] {
  const marks = values.filter(isDrawn).map(({ seed, epoch, value, low = null, high = null, hollow = false }): Row => ({
    ...{ epoch, place: placeOf(epoch, axis), seed, series: String(index), role: 'main', value, low, high, hollow },
    ...{ run: run.name, layer, curve: name, unit },
  }))
  const rows = (overSeeds(marks, run.seeds) as Row[]).sort((a, b) => a.epoch - b.epoch)
  return beside === undefined ? rows : rows.filter(({ role }) => role === 'main')
}

function domainOf(rows: Row[], includes: number[]): [number, number] {
  let [bottom, top] = [Math.min(...includes), Math.max(...includes)]
  for (const { value, low, high } of rows) {
    bottom = Math.min(bottom, value, low ?? value)
    top = Math.max(top, value, high ?? value)
  }
  const room = 0.05 * (top - bottom || 1)
  return [includes.includes(bottom) ? bottom : bottom - room, top + room]
}

function curveLayers({ colour: color, dash, beside }: Curve, index: number, rows: Row[], look: Look): Part[] {
  const own = `datum.series === '${index}'`
  const [main, after] = [`${own} && datum.role === 'main'`, 'datum.epoch > 0']
  const ranged = `${main} && isValid(datum.low) && isValid(datum.high)`
  const band = { y: { field: 'low' }, y2: { field: 'high' } }
  const line = { type: 'line', color, strokeDash: dash, aria: false }
  const part = (name: string, filter: string, mark: Part, encoding?: Part): Part => ({
    ...{ name: `c${index}_${name}`, transform: [{ filter }], mark: { aria: false, ...mark } },
    ...(encoding && { encoding }),
  })
  const first = Math.min(...rows.filter(({ epoch, role }) => role === 'main' && epoch > 0).map(({ epoch }) => epoch))
  const bands = [
    part('band', `${ranged} && ${after}`, { type: 'area', color, opacity: 0.18 }, band),
    part('bar', `${ranged} && !(${after})`, { type: 'rule', color, opacity: 0.35, strokeWidth: 2 * look.line }, band),
  ]
  const ring = { type: 'point', fill: 'white', size: 0.8 * look.point, strokeWidth: 0.6 * look.line, opacity: 1 }
  const parts = [
    ...(beside === 'nothing' ? [] : bands),
    part(
      'seeds',
      `${own} && datum.role === 'seed' && ${after}`,
      { ...line, opacity: 0.4, strokeWidth: 0.4 * look.line },
      { detail: { field: 'seed' } },
    ),
    part('line', `${main} && ${after}`, { ...line, strokeWidth: look.line }),
    // dots would hide dashes
    part('dots', `${main} && !datum.hollow && ${dash.length === 0}`, {
      type: 'point',
      filled: true,
      color,
      size: look.point,
      opacity: 1,
    }),
    part('rings', `${main} && datum.hollow`, { ...ring, color }),
  ]
  if (!Number.isFinite(first)) return parts
  const link = { ...line, strokeWidth: 0.7 * look.line, strokeDash: [1.5, 3] }
  return [...parts, part('link', `${main} && datum.epoch <= ${first}`, link)]
}

function endNames(curves: Curve[], rows: Row[][], domain: [number, number], { axis, look }: CurveFigure): Part[] {
  const named = curves.flatMap(({ label, colour }, i) => {
    const last = rows[i].findLast(({ role }) => role === 'main')
    return label === '' || last === undefined ? [] : [{ label, colour, i, last }]
  })
  const gap = ((look.font.label + 1.5) * (domain[1] - domain[0])) / plotHeight(look)
  const places = spread(
    named.map(({ last }) => last.value),
    gap,
    domain,
  )
  const width = plotWidth(look)
  return named.flatMap(({ label, colour, i, last }, k): Part[] => {
    const data = { values: [{ place: axis.domain[1], value: last.value, label: places[k] }] }
    const leader = { x: { value: width + 4 }, x2: { value: width + 14 }, y2: { field: 'label' } }
    const text = { type: 'text', text: label, color: colour, align: 'left', baseline: 'middle', aria: false }
    const place = { x: { value: width + 17 }, y: { field: 'label', type: 'quantitative' } }
    return [
      {
        name: `c${i}_leader`,
        data,
        mark: { type: 'rule', color: colour, strokeWidth: 0.8, opacity: 0.7, aria: false },
        encoding: leader,
      },
      { name: `c${i}_name`, data, mark: { ...text, fontSize: look.font.label, fontWeight: 600 }, encoding: place },
    ]
  })
}

function acrossLayers({ across, look, axis }: CurveFigure): Part[] {
  if (across === undefined) return []
  const data = { values: [{ place: axis.domain[0], value: across.value }] }
  const text = {
    type: 'text',
    text: across.text,
    align: 'left',
    baseline: 'bottom',
    dx: 3,
    dy: -3,
    color: quiet,
    fontSize: look.font.axis - 1,
    aria: false,
  }
  const rule = { type: 'rule', strokeDash: [6, 4], color: quiet, aria: false }
  return [
    { data, mark: rule, encoding: { x: { value: 0 }, x2: { value: plotWidth(look) } } },
    { data, mark: text },
  ]
}

function inWords({ name }: Curve, rows: Row[], { digits, unit }: CurveFigure): string {
  const main = rows.filter(({ role }) => role === 'main')
  const highest = main.reduce((best, row) => (row.value > best.value ? row : best))
  const [first, last] = [main[0], main[main.length - 1]]
  const said = ({ value, epoch }: Row) => `${fixed(value, digits)} at epoch ${epoch}`
  return `${name}: ${said(first)}, highest ${said(highest)}, last ${said(last)}${unit === '1' ? '' : ` (${unit})`}.`
}
