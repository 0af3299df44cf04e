/**
 * I(X;T_l) against the noise at fixed weights, a panel of all layers: bands are 95 % intervals, dotted lines the capacity
 * (d/2) log(1 + 1/beta^2) of d neurons, which crosses log m where the noise alone forbids to tell all inputs; only of layers that it
 * bounds, whose activations lie in [-1, 1].
 */
import type { TopLevelSpec } from 'vega-lite'
import type { NoiseLevelRow } from '../tables/rows.js'
import type { Part } from './epoch-axis.js'
import { counted, fixed } from './numbers.js'
import { spread } from './panel.js'
import { framed, layerColour, quiet } from './theme.js'
import { tooFewReplicas } from './turning-points.js'

export interface NoiseLevelsPicture {
  title: string
  subtitle: string
  rows: NoiseLevelRow[]
  /** beta in training; null where layers differed. */
  trained: number | null
}

const size = { width: 560, height: 360 }

/** One panel; the noise on a logarithmic axis. */
export function noiseLevelsSpecification({ title, subtitle, rows, trained }: NoiseLevelsPicture): TopLevelSpec {
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b)
  const noises = [...new Set(rows.map((row) => row.noise_std))].sort((a, b) => a - b)
  const ceiling = Math.log(rows[0].inputs)
  const domain = [noises[0], noises.at(-1)!]
  const ticks = { values: noises, format: '~g', labelOverlap: 'greedy', labelFlush: false }
  const x = { field: 'noise_std', type: 'quantitative', title: 'noise (standard deviation)', axis: ticks }
  const values = rows.map((row) => ({
    ...{ layer: row.layer, noise_std: row.noise_std, mi: row.mi_corrected, low: row.mi_low, high: row.mi_high },
    hollow: tooFewReplicas(row),
  }))
  const lowest = Math.min(0, ...values.map(({ low }) => low ?? 0))
  const scale = { domain: [lowest, 1.1 * ceiling], nice: false }
  const colours = layers.map((_, i) => layerColour(i / Math.max(1, layers.length - 1)))
  const color = { field: 'layer', type: 'ordinal', legend: null, scale: { domain: layers, range: colours } }
  const dotted = capacities(rows, domain, 1.1 * ceiling, color)
  return framed(title, [subtitle, notes(values, trained, dotted.length > 0)], {
    ...size,
    encoding: {
      x: { ...x, scale: { type: 'log', domain, nice: false } },
      y: { field: 'mi', type: 'quantitative', title: 'I(X;T) [nats]', scale },
    },
    layer: [
      ...ceilingLine(rows[0].inputs),
      ...dotted,
      ...trainedLine(trained, domain),
      {
        data: { values },
        mark: { type: 'area', opacity: 0.2 },
        encoding: { color, y: { field: 'low' }, y2: { field: 'high' } },
      },
      { data: { values }, mark: { type: 'line', strokeWidth: 1.9 }, encoding: { color } },
      dots(
        values.filter(({ hollow }) => !hollow),
        { filled: true },
        color,
      ),
      dots(
        values.filter(({ hollow }) => hollow),
        { fill: 'white' },
        color,
      ),
      ...names(rows, layers, colours, domain[1]),
    ],
  })
}

function notes(values: { hollow: boolean }[], trained: number | null, dotted: boolean): string {
  const hollow = values.some((one) => one.hollow) ? '; hollow: too few replicas (step ratio > 0.65)' : ''
  const capacity = dotted ? '; dotted: (d/2) log(1 + 1/noise²)' : ''
  return `weights fixed, ${training(trained)}; bands: 95 % intervals${capacity}${hollow}`
}

function training(noise: number | null): string {
  if (noise === null) return 'trained with a noise of its own in each layer'
  return noise > 0 ? `trained with noise ${noise}` : 'trained without noise'
}

function dots(values: object[], fill: Part, color: Part): Part {
  return {
    data: { values },
    mark: { type: 'point', size: 30, strokeWidth: 1.4, opacity: 1, ...fill },
    encoding: { color },
  }
}

/** Where the capacity lies inside the panel, of layers that it has been a ceiling of. */
function capacities(rows: NoiseLevelRow[], [from, to]: number[], top: number, color: Part): Part[] {
  const bounded = rows.filter(({ mi_ceiling, inputs }) => mi_ceiling !== null && mi_ceiling < Math.log(inputs) - 1e-9)
  const dimensions = new Map(bounded.map(({ layer, dimension }) => [layer, dimension]))
  const noises = Array.from({ length: 121 }, (_, i) => from * (to / from) ** (i / 120))
  const values = [...dimensions].flatMap(([layer, dimension]) =>
    noises.map((noise) => ({ layer, noise_std: noise, mi: (dimension / 2) * Math.log1p(1 / noise ** 2) })),
  )
  const inside = values.filter(({ mi }) => mi <= top)
  if (inside.length === 0) return []
  return [
    { data: { values: inside }, mark: { type: 'line', strokeDash: [1.5, 3], strokeWidth: 1.3 }, encoding: { color } },
  ]
}

function ceilingLine(inputs: number): Part[] {
  const mi = Math.log(inputs)
  const text = `log ${inputs} = ${fixed(mi, 3)} nats`
  const label = { type: 'text', text, align: 'left', baseline: 'bottom', dx: 3, dy: -3, fontSize: 11, color: quiet }
  return [
    {
      data: { values: [{ mi }] },
      mark: { type: 'rule', strokeDash: [6, 4], color: quiet },
      encoding: { x: { value: 0 }, x2: { value: size.width } },
    },
    { data: { values: [{ mi }] }, mark: label, encoding: { x: { value: 0 } } },
  ]
}

function trainedLine(trained: number | null, [from, to]: number[]): Part[] {
  if (trained === null || !(trained >= from && trained <= to)) return []
  const data = { values: [{ noise_std: trained }] }
  const label = {
    type: 'text',
    text: `trained: ${trained}`,
    align: 'left',
    baseline: 'bottom',
    dx: 4,
    dy: -4,
    fontSize: 11,
    color: quiet,
  }
  const down = { y: { value: 0 }, y2: { value: size.height } }
  return [
    { data, mark: { type: 'rule', color: quiet, strokeWidth: 1 }, encoding: down },
    { data, mark: label, encoding: { y: { value: size.height } } },
  ]
}

/** Right of the last noise, in the colours of the curves. */
function names(rows: NoiseLevelRow[], layers: number[], colours: string[], last: number): Part[] {
  const ends = layers.map((layer) => rows.find((row) => row.layer === layer && row.noise_std === last)!)
  const values = ends.map(({ mi_corrected }) => mi_corrected ?? 0)
  const gap = (13 * 1.1 * Math.log(rows[0].inputs)) / size.height
  const places = spread(values, gap, [0, 1.1 * Math.log(rows[0].inputs)])
  return ends.map(({ layer, dimension }, i) => ({
    data: { values: [{ noise_std: last, mi: places[i] }] },
    mark: {
      ...{ type: 'text', text: `layer ${layer} (${counted(dimension, 'neuron')})`, color: colours[i] },
      ...{ align: 'left', baseline: 'middle', dx: 9, fontSize: 11.5, fontWeight: 600 },
    },
  }))
}
