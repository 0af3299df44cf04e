/** The part of a page's style that depends on what it shows: colours of layers and classes, and for each in the figures one for the dark. */
import { rivalColours, widthColours } from './beside-figures.js'
import { allLayers, depth } from './layer-figures.js'
import { classColours, greys, layerColours, type ColourPair } from './look.js'
import type { Page } from './page-contents.js'

export function ownColours({ conditions, figures }: Page): string {
  const layers = allLayers(conditions).map((_, k, all) => layerColours(depth(all, k)))
  const histogramLayers = figures.histograms.flatMap(({ panels }) =>
    panels.map((_, k) => layerColours(depth(panels, k))),
  )
  const widths = new Set(conditions.flatMap(({ tables }) => tables['binned-entropies'].map((row) => row.bin_width)))
    .size
  const bins =
    figures.binned.length === 0
      ? []
      : Array.from({ length: widths + 1 }, (_, n) => n).flatMap((n) =>
          Array.from({ length: n }, (_, k) => widthColours(k / Math.max(1, n - 1))),
        )
  const pairs = new Map<string, string>(
    [...greys, ...layers, ...histogramLayers, ...bins, ...classColours, ...rivalColours].map(
      ([light, dark]: ColourPair) => [light, dark],
    ),
  )
  const inDark = [...pairs].flatMap(([light, dark]) =>
    ['fill', 'stroke'].map((what) => `figure [${what}="${light}"]{${what}:${dark}}`),
  )
  const variables = (side: 0 | 1) => `:root{${layers.map((pair, k) => `--l${k}:${pair[side]}`).join(';')}}`
  const classes = (side: 0 | 1) => classColours.map((pair, k) => `.class-${k}{fill:${pair[side]}}`).join('')
  return `${variables(0)}\n${classes(0)}\n@media screen and (prefers-color-scheme:dark){\n${variables(1)}\n${classes(1)}\n${inDark.join('\n')}\n}\n`
}
