/**
 * One panel of a picture: curves against epoch, each named at its right end in its own colour.
 * Marks with role 'main' are the curve; 'seed' marks are the thin lines of single seeds behind a median.
 */
import { breakMarks, epochEncoding, type EpochAxis, type Part } from './epoch-axis.js'

export interface Mark {
  epoch: number
  /** Position on the epoch axis. */
  place: number
  seed: number | null
  series: string
  role: 'main' | 'seed'
  value: number
  low: number | null
  high: number | null
  hollow: boolean
}

export interface Panel {
  title: string
  height: number
  domain: [number, number]
  /** Name and colour of each curve, in order. */
  series: [name: string, colour: string][]
  marks: Mark[]
  points: boolean
  /** More layers, drawn behind the curves. */
  behind: Part[]
}

export const panelWidth = 600
const labelGap = 13
const quiet = '#666666'
const leader = {
  x: { value: panelWidth + 6 },
  x2: { value: panelWidth + 18 },
  y: { field: 'value', type: 'quantitative' },
  y2: { field: 'label' },
}

/** The panel as a vega-lite layered view; the lowest one is labelled with epochs. */
export function panelView(panel: Panel, axis: EpochAxis, lowest: boolean): Part {
  const { series, marks, title, domain, height } = panel
  const scale = { domain: series.map(([name]) => name), range: series.map(([, value]) => value) }
  const colour = { field: 'series', type: 'nominal', legend: null, sort: null, scale }
  const curves = [...curveLayers(panel, colour), ...nameLayers(panel, axis)]
  return {
    width: panelWidth,
    height,
    data: { values: marks },
    encoding: {
      x: epochEncoding(axis, lowest),
      y: { field: 'value', type: 'quantitative', title, scale: { domain, nice: false, zero: false } },
    },
    layer: [...panel.behind, ...curves, ...breakMarks(axis, height, quiet)],
  }
}

function curveLayers({ marks, points }: Panel, color: Part): Part[] {
  const band = { color, y: { field: 'low' }, y2: { field: 'high' } }
  const seeds = { color, detail: [{ field: 'seed' }] }
  const [main, after] = ["datum.role === 'main'", 'datum.epoch > 0']
  const ranged = `${main} && isValid(datum.low) && isValid(datum.high)`
  const layers = [
    layer(`${ranged} && ${after}`, { type: 'area', opacity: 0.2 }, band),
    layer(`${ranged} && !(${after})`, { type: 'rule', opacity: 0.35, strokeWidth: 4 }, band),
    layer(`datum.role === 'seed' && ${after}`, { type: 'line', opacity: 0.4, strokeWidth: 0.8 }, seeds),
    layer(`${main} && ${after}`, { type: 'line', strokeWidth: 1.8 }, { color }),
    ...linkLayers(marks, color),
  ]
  if (!points) return layers
  const dot = { type: 'point', size: 26, strokeWidth: 1.4, opacity: 1 }
  return [
    ...layers,
    layer(`${main} && !datum.hollow`, { ...dot, filled: true }, { color }),
    layer(`${main} && datum.hollow`, { ...dot, fill: 'white' }, { color }),
  ]
}

/** Epoch 0 joined to the first epoch after it, dotted across the break. */
function linkLayers(marks: Mark[], color: Part): Part[] {
  const after = marks.filter((mark) => mark.role === 'main' && mark.epoch > 0).map((mark) => mark.epoch)
  if (after.length === 0) return []
  const ends = `datum.role === 'main' && datum.epoch <= ${Math.min(...after)}`
  return [layer(ends, { type: 'line', strokeWidth: 1.4, strokeDash: [1.5, 3] }, { color })]
}

/** Names right of the panel, pushed apart where curves end together, with a line from curve to name. */
function nameLayers({ series, marks, domain, height }: Panel, axis: EpochAxis): Part[] {
  const gap = (labelGap * (domain[1] - domain[0])) / height
  const ends = series.map(([name, colour]) => ({ name, colour, value: lastValue(marks, name) }))
  const places = spread(
    ends.map(({ value }) => value),
    gap,
    domain,
  )
  return ends.flatMap(({ name, colour, value }, i) => {
    const data = { values: [{ place: axis.domain[1], value, label: places[i] }] }
    const text = { type: 'text', text: name, color: colour, align: 'left', baseline: 'middle', fontSize: 11.5 }
    const x = { value: panelWidth + 22 }
    return [
      { data, mark: { type: 'rule', color: colour, strokeWidth: 0.8, opacity: 0.7 }, encoding: leader },
      { data, mark: { ...text, fontWeight: 600 }, encoding: { x, y: { field: 'label', type: 'quantitative' } } },
    ]
  })
}

/** Values moved apart to at least `gap`, in their order, none below the domain's lower end while there is room. */
export function spread(values: number[], gap: number, [bottom, top]: [number, number]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b)
  const places = [...values]
  order.forEach((i, rank) => {
    places[i] = Math.min(places[i], top, rank > 0 ? places[order[rank - 1]] - gap : Infinity)
  })
  order.reverse().forEach((i, rank) => {
    places[i] = Math.max(places[i], rank > 0 ? places[order[rank - 1]] + gap : bottom)
  })
  return places
}

function lastValue(marks: Mark[], name: string): number {
  const own = marks.filter((mark) => mark.series === name && mark.role === 'main')
  return own.reduce((last, mark) => (mark.epoch >= last.epoch ? mark : last)).value
}

function layer(filter: string, mark: Part, encoding: Part): Part {
  return { transform: [{ filter }], mark, encoding }
}
