/**
 * Kernels under the roof: operations a second against operations a byte, on logarithmic axes. An operation is an addition, a
 * multiplication or an exponential; as these have rates of their own, each kernel's own roof, for its mixture, hangs above its dot.
 */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { percent } from './numbers.js'
import { spread } from './panel.js'
import { framed, quiet } from './theme.js'

export interface RooflinePicture {
  title: string
  subtitle: string
  /** Per second. */
  roof: { flops: number; exps: number; bytes: number }
  kernels: readonly { kernel: string; share: number; seconds: number; flops: number; exps: number; bytes: number }[]
}

interface Point {
  name: string
  colour: string
  /** Of the time of all kernels. */
  share: number
  /** Operations a byte. */
  intensity: number
  /** 10^9 operations a second: reached, and the most that its mixture allows. */
  rate: number
  own: number
}

const size = { width: 520, height: 330 }
/** Kernels that are drawn: what took longest, and no less than this part of the time. */
const shown = { most: 9, share: 0.002 }
const colours = ['#4c3a9e', '#d1495b', '#00798c', '#b8860b', '#30638e', '#7a9e3a', '#a8577e', '#555555', '#c46b2b']

export function rooflineSpecification({ title, subtitle, roof, kernels }: RooflinePicture): TopLevelSpec {
  const points = pointsOf(kernels, roof)
  const { x, y } = domains(points, roof)
  const left = kernels.length - points.length
  const note =
    'dot: what a kernel reaches, its area the share of the time; dash above: the most that its own mixture of operations and bytes allows' +
    (left > 0 ? `; ${left} not drawn: no operations, or less than ${percent(shown.share)} of the time` : '')
  return framed(title, [subtitle, note], {
    ...size,
    encoding: {
      x: axis('intensity', 'operations a byte', x),
      y: axis('rate', '10⁹ operations a second', y),
    },
    layer: [...roofLines(roof, x, y), ...dots(points), ...names(points, y)],
  })
}

function pointsOf(kernels: RooflinePicture['kernels'], roof: RooflinePicture['roof']): Point[] {
  const drawn = kernels.filter(({ share, flops, exps }) => share >= shown.share && flops + exps > 0)
  return drawn.slice(0, shown.most).map(({ kernel, share, seconds, flops, exps, bytes }, i) => {
    const operations = flops + exps
    const least = Math.max(flops / roof.flops, exps / roof.exps, bytes / roof.bytes)
    const [rate, own] = [operations / seconds / 1e9, operations / least / 1e9]
    return { name: `${kernel}  ${percent(share)}`, colour: colours[i], share, intensity: operations / bytes, rate, own }
  })
}

/** Powers of ten around all points, and around the ridge of the roof. */
function domains(points: readonly Point[], { flops, exps, bytes }: RooflinePicture['roof']) {
  const around = (values: number[]): [number, number] => [
    10 ** Math.floor(Math.log10(Math.min(...values) / 1.3)),
    10 ** Math.ceil(Math.log10(Math.max(...values) * 1.3)),
  ]
  const ridge = flops / bytes
  const rates = points.flatMap(({ rate, own }) => [rate, own])
  return {
    x: around([ridge / 3, ridge * 3, ...points.map(({ intensity }) => intensity)]),
    y: around([exps / 1e9, flops / 1e9, ...rates]),
  }
}

function axis(field: string, title: string, domain: [number, number]): Part {
  const decades = Math.round(Math.log10(domain[1] / domain[0]))
  const values = Array.from({ length: decades + 1 }, (_, i) => domain[0] * 10 ** i).map((at) =>
    Number(at.toPrecision(3)),
  )
  const ticks = { values, tickCount: 100, format: '~g', labelOverlap: false, labelFlush: false }
  return { field, type: 'quantitative', title, scale: { type: 'log', domain, nice: false }, axis: ticks }
}

/** The slope of the bytes and the level of the flops; the level of the exponentials dashed below. */
function roofLines(roof: RooflinePicture['roof'], [left, right]: number[], [bottom]: number[]): Part[] {
  const [flops, exps, bytes] = [roof.flops / 1e9, roof.exps / 1e9, roof.bytes / 1e9]
  const under = (level: number) => {
    const foot = Math.max(left, bottom / bytes)
    const ridge = Math.min(right, Math.max(foot, level / bytes))
    return [foot, ridge, right].map((intensity) => ({ intensity, rate: Math.min(level, bytes * intensity) }))
  }
  const text = (rate: number, name: string) => ({
    data: { values: [{ rate }] },
    mark: { type: 'text', text: name, align: 'right', baseline: 'bottom', dx: -3, dy: -3, fontSize: 11, color: quiet },
    encoding: { x: { value: size.width }, y: { field: 'rate', type: 'quantitative' } },
  })
  const line = (level: number, dash: number[]) => ({
    data: { values: under(level) },
    mark: { type: 'line', color: quiet, strokeWidth: 1.6, strokeDash: dash },
  })
  const number = (value: number) => String(Number(value.toPrecision(3)))
  return [
    line(exps, [5, 4]),
    line(flops, [1, 0]),
    text(flops, `${number(flops)} GFLOP/s`),
    text(exps, `${number(exps)} Gexp/s`),
  ]
}

function dots(points: readonly Point[]): Part[] {
  const color = { field: 'colour', type: 'nominal', scale: null }
  const data = { values: points }
  const area = { field: 'share', type: 'quantitative', legend: null, scale: { domain: [0, 1], range: [36, 900] } }
  return [
    { data, mark: { type: 'rule', strokeWidth: 1.1, opacity: 0.7 }, encoding: { color, y2: { field: 'own' } } },
    {
      data,
      mark: { type: 'tick', orient: 'horizontal', size: 14, thickness: 2 },
      encoding: { color, y: { field: 'own' } },
    },
    { data, mark: { type: 'circle', opacity: 0.85 }, encoding: { color, size: area } },
  ]
}

/** Right of the panel in the kernels' colours, as high as their dots where that leaves room, joined to these by thin lines. */
function names(points: readonly Point[], [low, high]: [number, number]): Part[] {
  const heights = points.map(({ rate }) => Math.log(rate / low) / Math.log(high / low))
  const places = spread(heights, 16 / size.height, [0, 1])
  return points.flatMap(({ name, colour, intensity, rate }, i) => {
    const at = size.height * (1 - places[i])
    const data = { values: [{ intensity, rate }] }
    const text = { type: 'text', text: name, color: colour, align: 'left', baseline: 'middle' }
    return [
      {
        data,
        mark: { type: 'rule', color: colour, strokeWidth: 0.7, opacity: 0.35 },
        encoding: { x2: { value: size.width + 8 }, y2: { value: at } },
      },
      {
        data: { values: [{}] },
        mark: { ...text, fontSize: 11.5, fontWeight: 600 },
        encoding: { x: { value: size.width + 12 }, y: { value: at } },
      },
    ]
  })
}
