/**
 * Bins and what they do: I(X;Bin(T)) of a deterministic network against epoch, a panel for each layer and a curve for each bin
 * width, and, in the last panel, against the width. The black line needs no bins: it counts activations that differ.
 */
import { scheme } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import { breakMarks, epochAxis, epochEncoding, placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import { counted, fixed } from './numbers.js'
import { framed, layerColour, quiet } from './theme.js'

/** I(X;Bin(T)) in nats; without a bin width: the entropy of the activations themselves, as f32 numbers. */
export interface BinnedValue {
  epoch: number
  layer: number
  dimension: number
  binWidth: number | null
  value: number
}

export interface BinningPicture {
  title: string
  subtitle: string
  values: BinnedValue[]
  /** m. */
  inputs: number
}

const size = { width: 250, height: 170 }

/** Panels of layers, three in a row, and last the one against bin width. */
export function binningSpecification({ title, subtitle, values, inputs }: BinningPicture): TopLevelSpec {
  const axis = epochAxis(values.map(({ epoch }) => epoch))
  const layers = [...new Set(values.map(({ layer }) => layer))].sort((a, b) => a - b)
  const widths = widthsOf(values)
  const top = 1.08 * Math.log(inputs)
  const note = 'black: entropy of the activations themselves, as f32 numbers, which is I(X;T) here'
  return framed(title, [subtitle, note], {
    columns: 3,
    spacing: { row: 24, column: 26 },
    concat: [
      ...layers.map((layer) =>
        layerView(
          values.filter((value) => value.layer === layer),
          { axis, widths, top, inputs },
        ),
      ),
      widthView(values, layers, { top, inputs }),
    ],
  })
}

interface Frame {
  axis: EpochAxis
  widths: number[]
  top: number
  inputs: number
}

function layerView(values: BinnedValue[], { axis, widths, top, inputs }: Frame): Part {
  const { layer, dimension } = values[0]
  const curves = values.map((value) => ({ ...value, place: placeOf(value.epoch, axis) }))
  const color = {
    field: 'binWidth',
    type: 'ordinal',
    sort: 'descending',
    title: 'bin width',
    scale: { domain: widths, range: widths.map((_, i) => widthColour(i / Math.max(1, widths.length - 1))) },
  }
  const order = { field: 'epoch', type: 'quantitative' }
  const [binned, exact] = [
    curves.filter(({ binWidth }) => binWidth !== null),
    curves.filter(({ binWidth }) => binWidth === null),
  ]
  return {
    ...size,
    title: { text: `layer ${layer} (${counted(dimension, 'neuron')})`, fontSize: 12.5, anchor: 'start', offset: 4 },
    encoding: { x: epochEncoding(axis, true), y: information('value', top) },
    layer: [
      ...ceilingLine(inputs),
      { data: { values: exact }, mark: { type: 'line', color: '#111111', strokeWidth: 1.4 }, encoding: { order } },
      { data: { values: binned }, mark: { type: 'line', strokeWidth: 1.7 }, encoding: { color, order } },
      ...breakMarks(axis, size.height, quiet),
    ],
  }
}

/** At the last epoch, a curve for each layer. */
function widthView(values: BinnedValue[], layers: number[], { top, inputs }: Omit<Frame, 'axis' | 'widths'>): Part {
  const last = Math.max(...values.map(({ epoch }) => epoch))
  const binned = values.filter(({ epoch, binWidth }) => epoch === last && binWidth !== null)
  const widths = widthsOf(values)
  const domain = [Math.max(...widths), Math.min(...widths)]
  const x = { field: 'binWidth', type: 'quantitative', title: 'bin width', scale: { type: 'log', domain, nice: false } }
  const colours = layers.map((_, i) => layerColour(i / Math.max(1, layers.length - 1)))
  const stroke = { field: 'layer', type: 'ordinal', legend: null, scale: { domain: layers, range: colours } }
  const tick = {
    format: '~g',
    values: widths.filter((width) => /^(1|2)(e|0|$)|^0\.0*1$/.test(String(width))),
    labelOverlap: false,
  }
  return {
    ...size,
    title: { text: `after epoch ${last}, by bin width`, fontSize: 12.5, anchor: 'start', offset: 4 },
    encoding: { x: { ...x, axis: tick }, y: information('value', top) },
    layer: [
      ...ceilingLine(inputs),
      { data: { values: binned }, mark: { type: 'line', strokeWidth: 1.7 }, encoding: { stroke } },
      ...names(binned, layers, colours),
    ],
  }
}

/** A list of names right of the panel, from the top, where all curves end. */
function names(binned: BinnedValue[], layers: number[], colours: string[]): Part[] {
  return layers.map((layer, i) => ({
    data: { values: [binned[0]] },
    mark: { type: 'text', text: `layer ${layer}`, color: colours[i], align: 'left', fontSize: 11.5, fontWeight: 600 },
    encoding: { x: { value: size.width + 12 }, y: { value: 16 + 15 * i } },
  }))
}

function widthsOf(values: BinnedValue[]): number[] {
  const widths = values.flatMap(({ binWidth }) => (binWidth === null ? [] : [binWidth]))
  return [...new Set(widths)].sort((a, b) => b - a)
}

const information = (field: string, top: number) => ({
  field,
  type: 'quantitative',
  title: 'I(X;Bin(T)) [nats]',
  scale: { domain: [0, top], nice: false },
})

function ceilingLine(inputs: number): Part[] {
  const value = Math.log(inputs)
  const data = { values: [{ value }] }
  const text = `log ${inputs} = ${fixed(value, 3)}`
  const label = { type: 'text', text, align: 'left', baseline: 'bottom', dx: 3, dy: -2, fontSize: 10.5, color: quiet }
  const across = { x: { value: 0 }, x2: { value: size.width } }
  return [
    { data, mark: { type: 'rule', strokeDash: [6, 4], color: quiet }, encoding: across },
    { data, mark: label, encoding: { x: { value: 0 } } },
  ]
}

/** From the widest bins to the narrowest; the lightest yellow vanishes on white. */
function widthColour(part: number): string {
  return scheme('viridis')(0.9 - 0.9 * part) as unknown as string
}
