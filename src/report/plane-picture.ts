/** I(X;T) of a neuron over the plane of its weight and bias, and the way that training took through it. */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import type { NeuronState } from './neuron-picture.js'
import { framed } from './theme.js'

export interface PlanePicture {
  title: string
  subtitle: string
  states: NeuronState[]
  /** Epochs to name on the way. */
  named: number[]
  plane: Plane
}

/** I(X;T) in nats on an even grid: value of (weights[i], biases[k]) at k * weights.length + i. */
export interface Plane {
  weights: number[]
  biases: number[]
  values: Float64Array
  highest: number
}

/** Steps of the colours, nats: equal neighbours in a row are drawn as one. */
const step = 0.05

/** The plane in colours, the path over it with the named epochs. */
export function planeSpecification({ title, subtitle, states, named, plane }: PlanePicture): TopLevelSpec {
  return framed(title, [subtitle, 'colours: exact, by quadrature; line: the way through training'], {
    width: 520,
    height: 430,
    layer: [ground(plane), ...path(states, named, plane)],
  })
}

const axis = (field: string, title: string, domain: number[]) => ({
  field,
  type: 'quantitative',
  title,
  scale: { domain, nice: false, zero: false },
  axis: { grid: false },
})

function ground(plane: Plane): Part {
  const { weights, biases, highest } = plane
  const [dw, db] = [weights[1] - weights[0], biases[1] - biases[0]]
  const color = {
    field: 'nats',
    type: 'quantitative',
    scale: { domain: [0, highest], scheme: 'viridis' },
    legend: { title: 'I(X;T) [nats]', gradientLength: 200, type: 'gradient' },
  }
  const encoding = {
    x: axis('from', 'weight w', [weights[0] - dw / 2, weights.at(-1)! + dw / 2]),
    x2: { field: 'to' },
    y: axis('low', 'bias b', [biases[0] - db / 2, biases.at(-1)! + db / 2]),
    y2: { field: 'high' },
    color,
  }
  return { data: { values: runs(plane, dw, db) }, mark: { type: 'rect', clip: true }, encoding }
}

/** Cells of equal colour that follow each other in a row, as one rectangle; a little too large, so that no seam shows. */
function runs({ weights, biases, values }: Plane, dw: number, db: number): Part[] {
  const level = (i: number, k: number) => Math.round(values[k * weights.length + i] / step) * step
  return biases.flatMap((bias, k) => {
    const found: Part[] = []
    for (let i = 0, start = 0; i < weights.length; i++) {
      if (i + 1 < weights.length && level(i + 1, k) === level(i, k)) continue
      const [from, to] = [rounded(weights[start] - dw / 2), rounded(weights[i] + 0.7 * dw)]
      found.push({ from, to, low: rounded(bias - db / 2), high: rounded(bias + 0.7 * db), nats: rounded(level(i, k)) })
      start = i + 1
    }
    return found
  })
}

function path(states: NeuronState[], named: number[], { weights, biases }: Plane): Part[] {
  const values = states.map(({ epoch, weight, bias }, order) => ({ epoch, weight, bias, order }))
  const some = values.filter(({ epoch }) => named.includes(epoch))
  const place = { x: { field: 'weight', type: 'quantitative' }, y: { field: 'bias', type: 'quantitative' } }
  const order = { field: 'order', type: 'quantitative' }
  const point = { type: 'point', filled: true, size: 60, color: 'white', stroke: '#222', opacity: 1 }
  const label = { type: 'text', align: 'left', dx: 9, dy: -1, fontSize: 11.5, fontWeight: 600, color: '#222' }
  const labels = labelled(some, 0.06 * (weights.at(-1)! - weights[0]), 0.04 * (biases.at(-1)! - biases[0]))
  const encoding = { ...place, text: { field: 'text', type: 'nominal' } }
  return [
    { data: { values }, mark: { type: 'line', color: 'white', strokeWidth: 2.2 }, encoding: { ...place, order } },
    { data: { values: some }, mark: point, encoding: place },
    { data: { values: labels }, mark: { ...label, stroke: 'white', strokeWidth: 3.5 }, encoding },
    { data: { values: labels }, mark: label, encoding },
  ]
}

interface Place {
  epoch: number
  weight: number
  bias: number
}

/** One label for places too near each other for two. */
function labelled(places: Place[], near: number, beside: number): (Place & { text: string })[] {
  const groups: Place[][] = []
  for (const place of places) {
    const last = groups.at(-1)?.[0]
    const close = last && Math.abs(place.weight - last.weight) < near && Math.abs(place.bias - last.bias) < beside
    if (close) groups.at(-1)!.push(place)
    else groups.push([place])
  }
  return groups.map((group) => {
    const epochs = group.map(({ epoch }) => epoch).join(', ')
    return { ...group.at(-1)!, text: `${group.length > 1 ? 'epochs' : 'epoch'} ${epochs}` }
  })
}

const rounded = (value: number) => Number(value.toPrecision(6))
