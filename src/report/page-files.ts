/** The page's style and script, out of page/: modules in one text, their imports and exports left out. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** In the order in which each needs those before it. */
const modules = ['marks', 'curves', 'scatter', 'histograms', 'toggles', 'tables', 'epochs', 'main']

const fileOf = (name: string) => readFileSync(fileURLToPath(new URL(`../../page/${name}`, import.meta.url)), 'utf8')

export const pageStyle = () => fileOf('report.css')

export function pageScript(): string {
  const texts = modules.map((name) =>
    fileOf(`${name}.js`)
      .replace(/^import .*\n/gm, '')
      .replace(/^export /gm, ''),
  )
  return `(() => {\n'use strict'\n${texts.join('\n')}})()\n`
}
