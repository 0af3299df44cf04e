/** One figure of a report: what vega-lite draws, rows inline, and what a page needs to know of it. */
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { lookConfig, type Look } from './look.js'
import { visible, wrapped } from './numbers.js'

export interface Figure {
  /** Stem of its files. */
  name: string
  title: string
  /** What it shows, and how to read it, in a sentence or two. */
  caption: string
  /** What a person hears who cannot see it. */
  alternative: string
  look: Look
  specification: TopLevelSpec
  /** The rows drawn, the same objects as in the specification. */
  rows: object[]
  curves: FigureCurve[]
}

/** A curve of a figure: its marks are in groups whose class is KEY_..._marks. */
export interface FigureCurve {
  key: string
  name: string
  unit: string
  /** Null where it is no layer's. */
  layer: number | null
  run: number
  points: CurvePoint[]
}

export interface CurvePoint {
  epoch: number
  x: number
  y: number
  /** The value with interval and unit, as a person reads it. */
  text: string
}

/** Where a card of the page has no room, a subtitle is broken: characters a line. */
const lineLength = 74

/** Lines of text that subtitles take. */
export const subtitleLines = (subtitles: string[]) =>
  subtitles.flatMap((text) => wrapped(visible(text), lineLength).split('\n'))

/** A specification of fixed size; a title only where the look has one. */
export function figureSpecification(
  look: Look,
  size: { width: number; height: number },
  [title, ...subtitles]: string[],
  rows: object[],
  views: Part,
): TopLevelSpec {
  const specification = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    autosize: { type: 'none' },
    padding: look.padding,
    ...size,
    ...(look.titled && { title: { text: visible(title), subtitle: subtitleLines(subtitles) } }),
    data: { values: rows },
    ...views,
    config: lookConfig(look),
  }
  return specification as unknown as TopLevelSpec
}
