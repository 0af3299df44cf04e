/**
 * How a report's figures look: on a screen, or in a column of print. Sizes are fixed and nothing is laid out by the width of
 * text, which is unknown here: so that what a page lays over a figure lies where it should, to the pixel.
 */
import { scheme } from 'vega'
import type { Part } from './epoch-axis.js'
import { fontStack, ink, layerColour, quiet } from './theme.js'

export interface Look {
  name: 'screen' | 'paper'
  /** Whole width in px: 96 an inch. */
  width: number
  height: number
  padding: { left: number; right: number; top: number; bottom: number }
  /** px. */
  font: { axis: number; title: number; label: number }
  line: number
  /** Side of a point, px^2. */
  point: number
  /** Whether a figure says its title. */
  titled: boolean
  /** Pixels of the PNG for one px. */
  zoom: number
}

export const screenLook: Look = {
  ...{ name: 'screen', width: 460, height: 330, padding: { left: 50, right: 74, top: 56, bottom: 44 } },
  ...{ font: { axis: 12, title: 15, label: 12 }, line: 1.9, point: 20, titled: true, zoom: 2 },
}

const inch = 96
const point = inch / 72

/** A column of 3.3 inches: text of 7 and 8 points, lines of .8; 600 dots an inch. The caption is the paper's. */
export const paperLook: Look = {
  ...{ name: 'paper', width: 3.3 * inch, height: 2.3 * inch, padding: { left: 42, right: 52, top: 10, bottom: 38 } },
  ...{ font: { axis: 7 * point, title: 8 * point, label: 7 * point }, line: 0.9 * point, point: 8, titled: false },
  zoom: 600 / inch,
}

/** Colours in light and in dark, by pairs: the light one is in the files, a page in the dark takes the other. */
export type ColourPair = readonly [light: string, dark: string]

/** Of a depth from 0 to 1: plasma, lightness rising; the third that vanishes on white, or on black, is left out. */
export function layerColours(depth: number): ColourPair {
  return [layerColour(depth), (scheme('plasma') as unknown as (t: number) => string)(0.4 + 0.55 * depth)]
}

/** Of class k, told apart without colour vision (Okabe and Ito), by shape as well. */
export const classColours: readonly ColourPair[] = [
  ...([
    ['#0072b2', '#56b4e9'],
    ['#d55e00', '#ff9040'],
    ['#009e73', '#2fd0a0'],
    ['#cc79a7', '#e79cc6'],
  ] as const),
  ...([
    ['#8a6d00', '#f0e442'],
    ['#555555', '#bbbbbb'],
    ['#56b4e9', '#9fd8ff'],
  ] as const),
]
export const classShapes = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'triangle-down', 'stroke'] as const

/** Greys of every figure. */
export const greys: readonly ColourPair[] = [
  ['white', '#15171c'],
  [ink, '#e8e8ea'],
  [quiet, '#a3a6ad'],
  ['#111111', '#f4f4f5'],
  ['#8a8a8a', '#8e9097'],
  ['#ececec', '#2a2d34'],
  ['#f3f3f3', '#23262c'],
  ['#888888', '#8e9097'],
]

/** Of run k where several are overlaid: the first is solid. */
export const dashes: readonly number[][] = [[], [6, 3], [1.5, 2.5], [9, 3, 1.5, 3], [3, 3], [12, 4]]

/** A look whose plot leaves this much room for names right of it. */
export const withRoom = (look: Look, right: number): Look => ({ ...look, padding: { ...look.padding, right } })

/** Of a grid of small plots, which is laid out by what it holds. */
export const gridLook = (look: Look): Look => ({ ...look, padding: { left: 12, right: 12, top: 10, bottom: 8 } })

/** A look with room above the plot for a title over so many lines. */
export function withLines(look: Look, lines: number): Look {
  if (!look.titled) return look
  const more = 41 + 15 * Math.max(1, lines) - look.padding.top
  return { ...look, height: look.height + more, padding: { ...look.padding, top: look.padding.top + more } }
}

export const plotWidth = ({ width, padding }: Look) => width - padding.left - padding.right
export const plotHeight = ({ height, padding }: Look) => height - padding.top - padding.bottom

/** The configuration of vega-lite for this look. */
export function lookConfig({ font, padding, line }: Look): Part {
  return {
    font: fontStack,
    view: { stroke: null },
    axis: {
      ...{ labelColor: ink, titleColor: ink, labelFontSize: font.axis, titleFontSize: font.axis, titleFontWeight: 600 },
      ...{ titlePadding: 7, domainColor: '#888888', tickColor: '#888888', gridColor: '#ececec', tickSize: 4 },
      ...{ gridWidth: line / 2, domainWidth: line / 2, tickWidth: line / 2 },
    },
    axisY: { tickCount: 5, domain: false, ticks: false, titleX: 15 - padding.left, minExtent: 30 },
    axisX: { gridColor: '#f3f3f3' },
    header: { labelFontSize: font.axis, labelColor: ink },
    legend: { labelColor: ink, titleColor: ink, labelFontSize: font.axis - 1, titleFontSize: font.axis - 1 },
    title: {
      ...{ anchor: 'start', frame: 'group', dx: 2 - padding.left, color: ink, fontSize: font.title, fontWeight: 600 },
      ...{ subtitleColor: quiet, subtitleFontSize: font.axis, subtitlePadding: 4, offset: 14 },
    },
  }
}
