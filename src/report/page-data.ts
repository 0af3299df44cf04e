/** What the page's script reads: where marks lie, and what they say. Texts among it are data, and are set as text. */
import type { DrawnFigure } from './drawn-figure.js'
import type { Histograms, LayerHistograms } from './histogram-figures.js'
import { coordinate, type Scatter, type ScatterPlane } from './scatter-figures.js'

export interface PageData {
  /** Measured at, ascending. */
  epochs: number[]
  figures: PageFigure[]
  scatters: PageScatter[]
  histograms: PageHistogram[]
}

interface PageFigure {
  id: string
  /** Against epoch, or in a plane of two quantities. */
  kind: 'epoch' | 'plane'
  box: number[]
  curves: {
    key: string
    name: string
    layer: number | null
    run: number
    points: [epoch: number, x: number, y: number, text: string][]
  }[]
}

interface PageScatter {
  run: number
  count: number
  neurons: number
  epochs: number[]
  domain: [number, number]
  /** Class of each input, and its place among the classes. */
  classes: number[]
  kinds: number[]
  planes: { id: string; across: number; up: number; box: number[] }[]
  /** base64 of u16: 0 and 65535 are the ends of the domain; by epoch, input and neuron. */
  codes: string
}

interface PageHistogram {
  id: string
  box: number[]
  epochs: number[]
  highest: number
  shares: number[][]
}

export function pageFigure({ figure, box, places }: DrawnFigure): PageFigure {
  return {
    ...{ id: figure.name, kind: figure.name === 'information-plane' ? 'plane' : 'epoch', box: [...box] },
    curves: figure.curves.map(({ key, name, layer, run, points }, i) => ({
      ...{ key, name, layer, run },
      points: points.map(({ epoch, text }, k) => [epoch, ...places[i][k], text]),
    })),
  }
}

export function pageScatter(scatter: Scatter, planes: ScatterPlane[], drawn: DrawnFigure[]): PageScatter {
  const { run, neurons, classes, domain, rows, epochs } = scatter
  const first = rows[0].map(({ y }) => y)
  return {
    ...{ run, count: first.length, neurons, domain, epochs },
    ...{ classes: first, kinds: first.map((y) => classes.indexOf(y)), codes: codesOf(scatter) },
    planes: planes.map(({ figure, across, up }, i) => ({ id: figure.name, across, up, box: [...drawn[i].box] })),
  }
}

export function pageHistogram(
  { highest }: Histograms,
  layer: LayerHistograms,
  { figure, box }: DrawnFigure,
): PageHistogram {
  const shares = layer.shares.map((bins) => bins.map((share) => Number(share.toPrecision(4))))
  return { id: figure.name, box: [...box], epochs: layer.epochs, highest, shares }
}

/** Nothing in it ends the script element that holds it. */
export const asJson = (data: PageData) => JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, escaped)

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

function codesOf({ rows, neurons, domain: [low, high] }: Scatter): string {
  const bytes = Buffer.alloc(2 * rows.length * rows[0].length * neurons)
  let at = 0
  for (const row of rows.flat()) {
    for (let k = 0; k < neurons; k++) {
      const share = (coordinate(row, k) - low) / (high - low)
      bytes.writeUInt16LE(Math.round(65535 * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))), at)
      at += 2
    }
  }
  return bytes.toString('base64')
}
