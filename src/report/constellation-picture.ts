/**
 * The neuron as a channel: its values without noise are the points of a constellation, sent through additive white Gaussian
 * noise. Left: the points at some epochs; right: what they carry against the signal-to-noise ratio.
 */
import { scheme } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { fixed } from './numbers.js'
import { framed, quiet } from './theme.js'

export interface ConstellationPicture {
  title: string
  subtitle: string
  noiseStd: number
  /** Names of the inputs, in the order of the points. */
  inputs: string[]
  constellations: Constellation[]
  /** Curves that do not come from training; `labelled`: nats at which the name stands. */
  references: { name: string; dash: number[]; curve: Point[]; labelled: number }[]
  /** log m. */
  ceiling: { name: string; nats: number }
}

export interface Constellation {
  name: string
  points: number[]
  /** I against SNR as the noise varies, and where the run's own noise puts it. */
  curve: Point[]
  own: Point
}

/** SNR in dB (10 log10 of the points' variance over the noise's), information in nats. */
export interface Point {
  snr: number
  nats: number
}

const height = 300

/** Points left, curves right; the same colour belongs to the same epoch. */
export function constellationSpecification(picture: ConstellationPicture): TopLevelSpec {
  const note = `dots right: the noise of the run, ${picture.noiseStd}; numbers left: I(X;T) there, nats`
  return framed(picture.title, [picture.subtitle, note], {
    spacing: 30,
    hconcat: [pointsView(picture), curvesView(picture)],
    resolve: { scale: { color: 'independent' } },
  })
}

const shapes = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'triangle-down']

function pointsView({ constellations, inputs, noiseStd }: ConstellationPicture): Part {
  const names = constellations.map(({ name }) => name)
  const values = constellations.flatMap(({ name, points }) => points.map((t, i) => ({ name, t, input: inputs[i] })))
  const told = constellations.map(({ name, own }) => ({ name, text: fixed(own.nats, 3) }))
  const y = {
    field: 'name',
    type: 'nominal',
    sort: names,
    title: null,
    axis: { grid: true, domain: false, ticks: false },
  }
  const domain = [-1.1 - 2 * noiseStd, 1.1 + 2 * noiseStd]
  const x = { field: 't', type: 'quantitative', title: 'tanh(w x + b)', scale: { domain, nice: false } }
  const shape = { field: 'input', type: 'nominal', sort: inputs, scale: { domain: inputs, range: shapes } }
  const legend = { title: null, orient: 'top', direction: 'horizontal', symbolFillColor: '#888' }
  const color = { field: 'name', type: 'nominal', legend: null, scale: { domain: names, range: colours(names.length) } }
  const text = { type: 'text', align: 'left', dx: 6, fontSize: 11.5, fontWeight: 600 }
  const points = { type: 'point', filled: true, size: 75, opacity: 0.75 }
  return {
    width: 270,
    height,
    layer: [
      { data: { values }, mark: points, encoding: { x, y, color, shape: { ...shape, legend } } },
      { data: { values: told }, mark: text, encoding: { x: { value: 270 }, y, color, text: { field: 'text' } } },
    ],
  }
}

function curvesView({ constellations, references, ceiling }: ConstellationPicture): Part {
  const names = constellations.map(({ name }) => name)
  const values = constellations.flatMap(({ name, curve }) => curve.map((point) => ({ ...point, name })))
  const own = constellations.map(({ name, own }) => ({ ...own, name }))
  const snrs = [...values, ...own].map(({ snr }) => snr)
  const domain = [Math.min(...snrs), Math.max(...snrs)]
  const x = { field: 'snr', type: 'quantitative', title: 'signal-to-noise ratio [dB]', scale: { domain, nice: false } }
  const top = 1.12 * ceiling.nats
  const y = { field: 'nats', type: 'quantitative', title: 'I(X;T) [nats]', scale: { domain: [0, top], nice: false } }
  const color = { field: 'name', type: 'nominal', scale: { domain: names, range: colours(names.length) }, legend: null }
  const dot = { type: 'point', filled: true, size: 80, opacity: 1 }
  return {
    width: 420,
    height,
    layer: [
      { data: { values }, mark: { type: 'line', strokeWidth: 2, clip: true }, encoding: { x, y, color } },
      ...references.flatMap((one) => reference(one, top, x, y)),
      { data: { values: own }, mark: dot, encoding: { x, y, color } },
      ...ceilingLine(ceiling, y),
    ],
  }
}

/** A dashed curve, named left of it. */
function reference(one: ConstellationPicture['references'][number], top: number, x: Part, y: Part): Part[] {
  const { name, dash, curve, labelled } = one
  const shown = curve.filter(({ nats }) => nats <= top)
  const at = shown.filter(({ nats }) => nats <= labelled).at(-1) ?? shown[0]
  const label = { type: 'text', text: name, align: 'right', dx: -7, fontSize: 11, color: quiet }
  const line = { type: 'line', strokeWidth: 1.3, strokeDash: dash, color: '#111111', clip: true }
  return [
    { data: { values: shown }, mark: line, encoding: { x, y } },
    { data: { values: [at] }, mark: label, encoding: { x, y } },
  ]
}

function ceilingLine({ name, nats }: ConstellationPicture['ceiling'], y: Part): Part[] {
  const data = { values: [{ nats }] }
  const label = {
    type: 'text',
    text: name,
    align: 'left',
    baseline: 'bottom',
    dx: 3,
    dy: -2,
    fontSize: 11,
    color: quiet,
  }
  return [
    { data, mark: { type: 'rule', strokeDash: [6, 4], color: quiet }, encoding: { y } },
    { data, mark: label, encoding: { x: { value: 0 }, y } },
  ]
}

/** From the first epoch to the last, as many. */
function colours(count: number): string[] {
  const plasma = scheme('plasma') as unknown as (at: number) => string
  return Array.from({ length: count }, (_, i) => plasma(0.03 + (0.75 * i) / Math.max(1, count - 1)))
}
