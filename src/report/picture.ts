/**
 * A picture as SVG, PNG and the vega-lite specification that both come from, its data inline. No browser: vega writes the
 * SVG, resvg turns it into pixels with the packaged font, so that text appears on a machine that has none.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { loader, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { fontFamily } from './theme.js'

const fonts = ['SourceSans3-Regular.ttf', 'SourceSans3-SemiBold.ttf'].map((name) =>
  fileURLToPath(new URL(`../../fonts/${name}`, import.meta.url)),
)

const font = { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: fontFamily }

/** Writes NAME.svg, NAME.png and NAME.vl.json into an existing folder; returns their paths. */
export async function writePicture(name: string, specification: TopLevelSpec, folder: string): Promise<string[]> {
  const svg = await drawn(specification)
  const files: [string, string | Uint8Array][] = [
    [`${name}.svg`, svg],
    [`${name}.png`, pixels(svg)],
    [`${name}.vl.json`, `${JSON.stringify(specification, null, 2)}\n`],
  ]
  return Promise.all(
    files.map(async ([file, content]) => {
      await writeFile(join(folder, file), content)
      return join(folder, file)
    }),
  )
}

const drawn = (specification: TopLevelSpec) => drawnBy(specification, (_, svg) => trimmed(svg))

/** What becomes of a view and its SVG. Data is inline, so nothing may be loaded: a loader that refuses everything. */
export async function drawnBy<T>(specification: TopLevelSpec, made: (view: View, svg: string) => T): Promise<T> {
  const closed = { ...loader(), load: () => Promise.reject(new Error('a picture loads nothing')) }
  const view = new View(parse(compile(specification).spec), { renderer: 'none', loader: closed })
  try {
    return made(view, await view.toSVG())
  } finally {
    view.finalize()
  }
}

/** Without a browser vega guesses text too wide: the width is set again, from what the font really fills. */
function trimmed(svg: string): string {
  const background = /<rect width="[^"]*" height="([^"]*)" fill="white"\/>/
  const box = new Resvg(svg.replace(background, ''), { font }).getBBox()
  if (box === undefined) return svg
  const width = Math.ceil(box.x + box.width + 14)
  return svg
    .replace(background, `<rect width="${width}" height="$1" fill="white"/>`)
    .replace(/ width="[^"]*"( height="[^"]*") viewBox="0 0 [^ ]* /, ` width="${width}"$1 viewBox="0 0 ${width} `)
}

/** A PNG of `zoom` pixels for each of the SVG's own. */
export function pixels(svg: string, zoom = 2): Uint8Array {
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: zoom }, background: 'white' }).render().asPng()
}
