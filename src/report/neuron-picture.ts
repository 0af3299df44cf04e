/**
 * One neuron through its training: I(X;T), estimated and exact; where the density of T lies; weight and bias. The strip of
 * densities has a column for each measured epoch, as dark as T is likely to lie there.
 */
import type { TopLevelSpec } from 'vega-lite'
import { epochAxis, epochEncoding, breakMarks, placeOf, type EpochAxis, type Part } from './epoch-axis.js'
import { panelView, panelWidth, type Mark, type Panel } from './panel.js'
import { framed, quiet } from './theme.js'

/** The neuron T = tanh(weight X + bias) + Z at one epoch; information in nats. */
export interface NeuronState {
  seed: number
  epoch: number
  weight: number
  bias: number
  /** tanh(weight x + bias) for each input, in their order. */
  points: number[]
  exact: number
  estimate: number
  low: number
  high: number
}

export interface NeuronPicture {
  title: string
  subtitle: string
  noiseStd: number
  states: NeuronState[]
  /** Values worth a line, in nats, with what they are; the highest first. */
  marks: [name: string, nats: number][]
}

const estimateColour = '#b5367a'

/** I(X;T), density of T, weight and bias, one above the other on one epoch axis. */
export function neuronSpecification(picture: NeuronPicture): TopLevelSpec {
  const axis = epochAxis(picture.states.map(({ epoch }) => epoch))
  const note = 'line: exact, by quadrature; points: estimated from samples, with 95 % intervals'
  return framed(picture.title, [picture.subtitle, note], {
    spacing: 12,
    resolve: { scale: { color: 'independent' } },
    vconcat: [
      panelView(informationPanel(picture, axis), axis, false),
      densityView(picture, axis),
      panelView(parameterPanel(picture.states, axis), axis, true),
    ],
  })
}

function informationPanel({ states, marks }: NeuronPicture, axis: EpochAxis): Panel {
  const values = states.map((state) => placed(state, 'quadrature', state.exact, axis))
  const top = 1.08 * Math.max(...marks.map(([, nats]) => nats), ...states.map(({ high }) => high))
  return {
    title: 'I(X;T) [nats]',
    height: 230,
    domain: [0, top],
    series: [['quadrature', '#111111']],
    marks: values,
    points: false,
    behind: [...marks.flatMap(([name, nats], i) => markedLine(name, nats, i === 0, axis)), ...estimates(states, axis)],
  }
}

function estimates(states: NeuronState[], axis: EpochAxis): Part[] {
  const values = states.map(({ epoch, estimate, low, high }) => ({ place: placeOf(epoch, axis), estimate, low, high }))
  const x = { field: 'place', type: 'quantitative' }
  const range = { x, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } }
  const point = { type: 'point', filled: true, size: 34, opacity: 1, color: estimateColour }
  return [
    { data: { values }, mark: { type: 'rule', color: estimateColour, strokeWidth: 1.6 }, encoding: range },
    { data: { values }, mark: point, encoding: { x, y: { field: 'estimate', type: 'quantitative' } } },
  ]
}

/** A dashed line across the panel, named at its left end: above the highest, below the others. */
function markedLine(name: string, nats: number, above: boolean, axis: EpochAxis): Part[] {
  const data = { values: [{ place: axis.domain[1], value: nats }] }
  const across = { x: { value: 0 }, x2: { value: panelWidth } }
  const label = {
    type: 'text',
    text: name,
    align: 'left',
    baseline: above ? 'bottom' : 'top',
    dx: 3,
    dy: above ? -3 : 4,
    fontSize: 11,
    color: quiet,
  }
  return [
    { data, mark: { type: 'rule', strokeDash: [6, 4], color: quiet }, encoding: across },
    { data, mark: label, encoding: { x: { value: 0 } } },
  ]
}

function parameterPanel(states: NeuronState[], axis: EpochAxis): Panel {
  const marks = states.flatMap((state) => [
    placed(state, 'weight w', state.weight, axis),
    placed(state, 'bias b', state.bias, axis),
  ])
  const values = marks.map(({ value }) => value)
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const domain: [number, number] = [least - 0.08 * (most - least), most + 0.08 * (most - least)]
  const series: Panel['series'] = [
    ['weight w', '#30578c'],
    ['bias b', '#b8641a'],
  ]
  return { title: 'weight, bias', height: 110, domain, series, marks, points: false, behind: [] }
}

function placed(state: NeuronState, series: string, value: number, axis: EpochAxis): Mark {
  const { epoch, seed } = state
  return { epoch, place: placeOf(epoch, axis), seed, series, role: 'main', value, low: null, high: null, hollow: false }
}

function densityView({ states, noiseStd }: NeuronPicture, axis: EpochAxis): Part {
  const edges = columnEdges(states, axis)
  const values = states.flatMap((state, i) => densityCells(state.points, noiseStd, edges[i], edges[i + 1]))
  const height = 190
  const color = {
    field: 'share',
    type: 'quantitative',
    scale: { domain: [0, 1], range: ['#ffffff', '#f0a06a', '#d9568c', '#5c1a7a', '#24093b'], interpolate: 'lab' },
    legend: {
      title: ['density: 1 is the', 'peak of a lone point'],
      gradientLength: 120,
      format: '.2f',
      values: [0, 0.25, 0.5, 0.75, 1],
    },
  }
  const scale = { domain: reach(noiseStd), nice: false }
  const ends = { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' }, y2: { field: 'high' } }
  const cells = { data: { values }, mark: { type: 'rect' }, encoding: { ...ends, color } }
  return {
    width: panelWidth,
    height,
    encoding: { x: epochEncoding(axis, false), y: { field: 'low', type: 'quantitative', title: 'T', scale } },
    layer: [cells, ...breakMarks(axis, height, quiet)],
  }
}

/** Where the column of each epoch begins, and where the last one ends: halfway between neighbours on the log axis. */
function columnEdges(states: NeuronState[], axis: EpochAxis): number[] {
  const places = states.map(({ epoch }) => placeOf(epoch, axis))
  const between = places.slice(1).map((place, i) => Math.sqrt(place * places[i]))
  return [axis.domain[0], ...between, axis.domain[1]]
}

const reach = (noiseStd: number): [number, number] => [-1.05 - 4 * noiseStd, 1.05 + 4 * noiseStd]

/** Density in cells a noise wide or more, as a part of a lone point's highest; low ones left out. Cells overlap a little. */
function densityCells(points: number[], noiseStd: number, from: number, to: number): Part[] {
  const [bottom, top] = reach(noiseStd)
  const side = Math.max(noiseStd, (top - bottom) / 200)
  const cells: Part[] = []
  for (let low = bottom; low < top; low += side) {
    const middle = low + side / 2
    const share = points.reduce((sum, s) => sum + Math.exp(-(((middle - s) / noiseStd) ** 2) / 2), 0) / points.length
    if (share > 0.01)
      cells.push({
        from,
        to,
        low: rounded(low),
        high: rounded(Math.min(top, low + 1.05 * side)),
        share: rounded(share),
      })
  }
  return cells
}

const rounded = (value: number) => Number(value.toPrecision(4))
