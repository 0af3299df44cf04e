/** What all pictures share: font, colours, title, and how foreign text is made harmless. */
import { scheme } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import type { Part } from './epoch-axis.js'
import { visible, wrapped } from './numbers.js'

export const fontFamily = 'Source Sans 3'
export const ink = '#222222'
export const quiet = '#666666'
export const fontStack = `'${fontFamily}', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif`

/** A whole specification: views under a title of its own and lines of explanation, in the common theme. */
export function framed(title: string, subtitles: string[], views: Part): TopLevelSpec {
  const specification = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 10, top: 10, right: 14, bottom: 8 },
    title: { text: lines(title, 80), subtitle: subtitles.flatMap((text) => lines(text, 120)) },
    ...views,
    config: theme,
  }
  return specification as unknown as TopLevelSpec
}

/** Escaped, because XML has no place for control characters, and broken, because a title does not wrap by itself. */
function lines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapped(visible(line), width).split('\n'))
}

/** Of a depth from 0 to 1. The lightest third of plasma is left out: it vanishes on white. */
export function layerColour(depth: number): string {
  return scheme('plasma')(0.03 + 0.63 * depth) as unknown as string
}

const theme = {
  font: fontStack,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 11.5,
    titleFontSize: 12.5,
    titleFontWeight: 600,
    titlePadding: 8,
    domainColor: quiet,
    tickColor: quiet,
    gridColor: '#ececec',
  },
  axisY: { tickCount: 5, domain: false, ticks: false, titleX: -42, minExtent: 34 },
  axisX: { gridColor: '#f3f3f3' },
  title: {
    anchor: 'start',
    color: ink,
    fontSize: 16,
    fontWeight: 600,
    subtitleColor: quiet,
    subtitleFontSize: 12,
    subtitlePadding: 5,
    offset: 12,
    lineHeight: 19,
    subtitleLineHeight: 15,
  },
}
