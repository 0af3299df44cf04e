/** A figure drawn: its SVG, and where its plot and its points lie in it. No browser: vega draws, nothing is loaded. */
import type { View } from 'vega'
import { drawnBy } from './picture.js'
import type { Figure } from './figure.js'

export interface DrawnFigure {
  figure: Figure
  svg: string
  /** x, y, width and height of the plot, px of the SVG. */
  box: [number, number, number, number]
  /** Of each curve, in px: x and y of its points. */
  places: [x: number, y: number][][]
}

export function drawnFigure(figure: Figure): Promise<DrawnFigure> {
  return drawnBy(figure.specification, (view, svg) => {
    const { padding } = figure.look
    const size = figure.specification as unknown as { width?: number; height?: number }
    const place = placing(view, figure)
    return {
      ...{ figure, svg, box: [padding.left, padding.top, size.width ?? 0, size.height ?? 0] },
      places: figure.curves.map(({ points }) => points.map(place)),
    }
  })
}

function placing(
  view: View,
  { curves, look: { padding } }: Figure,
): (point: { x: number; y: number }) => [number, number] {
  if (curves.length === 0) return () => [0, 0]
  const [across, up] = ['x', 'y'].map((name) => view.scale(name) as unknown as (value: number) => number)
  const tenth = (value: number) => Math.round(10 * value) / 10
  return ({ x, y }) => [tenth(padding.left + across(x)), tenth(padding.top + up(y))]
}
