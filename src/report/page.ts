/**
 * A report as one file: figures inline, style and script inside, nothing loaded. A policy in the file forbids the network, and
 * every script but its own.
 */
import { createHash } from 'node:crypto'
import { element, text } from './html.js'
import { inlineSvg } from './inline-svg.js'
import { allLayers } from './layer-figures.js'
import { dashes } from './look.js'
import { rivalMeanings } from './beside-figures.js'
import { counted } from './numbers.js'
import { ownColours } from './page-colours.js'
import type { Page } from './page-contents.js'
import { asJson } from './page-data.js'
import { pageScript, pageStyle } from './page-files.js'
import type { ReportCondition } from './report-condition.js'
import type { ReportFigures } from './report-figures.js'
import { runFacts } from './run-facts.js'
import { scatterCards } from './scatter-cards.js'
import { warningLines } from './run-warnings.js'

export function reportPage(page: Page): string {
  const script = pageScript()
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${text(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', {}, text(page.title)),
    `<style>\n${pageStyle()}${ownColours(page)}</style>`,
    '</head>',
    '<body>',
    body(page),
    `<script type="application/json" id="data">${asJson(page.data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function body(page: Page): string {
  const { figures, conditions } = page
  const { clouds, planes } = scatterCards(page)
  const first = [...figures.information.map((one) => card(page, one)), ...clouds]
  const main = [
    first.length === 0 ? '' : section('', element('div', { class: 'grid' }, ...first)),
    ...planes,
    ...histogramCards(page),
    section('Training', grid(page, figures.training)),
    section('Input and label', grid(page, figures.plane)),
    section('Clusters', grid(page, figures.distances)),
    section('Bins beside I(X;T)', grid(page, figures.binned)),
    section('Rivals', grid(page, figures.rivals), meanings(conditions)),
    missing(conditions),
    warnings(conditions),
    facts(conditions),
    element(
      'footer',
      {},
      `The same figures as SVG and PNG, with their specifications and data, are in ${text(page.figuresFolder)}. `,
      text(`Made by infoflow ${page.version}.`),
    ),
  ]
  return [head(page), controls(page), element('main', {}, ...main.filter(Boolean))].join('\n')
}

function head({ title, conditions }: Page): string {
  const lines = conditions.map(({ name, seeds, runs }) => {
    const states = [
      ...new Set(runs.map(({ record }) => (record.status === 'running' ? 'still running, or killed' : record.status))),
    ].filter(Boolean)
    return element('p', { class: 'quiet' }, text([name, counted(seeds.length, 'seed'), ...states].join(' · ')))
  })
  return element('header', {}, element('h1', {}, text(title)), ...lines)
}

function controls({ conditions, data }: Page): string {
  if (data.epochs.length === 0) return ''
  const last = data.epochs.length - 1
  const layers = allLayers(conditions)
  const layerChips = layers.map((layer, k) => chip({ 'data-layer': layer }, `layer ${layer}`, `--own: var(--l${k})`))
  const runChips =
    conditions.length < 2 ? [] : conditions.map(({ name }, i) => chip({ 'data-run': i }, name, '', dashSample(i)))
  const slider = `<input type="range" id="epoch" min="0" max="${last}" value="${last}" step="1" aria-label="epoch shown">`
  return element(
    'div',
    { class: 'controls' },
    element(
      'div',
      {},
      element('button', { id: 'play', type: 'button', 'aria-pressed': 'false' }, '▶ Play'),
      slider,
      element('output', { id: 'readout', for: 'epoch' }, ''),
      element(
        'div',
        { class: 'chips', role: 'group', 'aria-label': 'layers and runs shown' },
        ...layerChips,
        ...runChips,
      ),
    ),
  )
}

const chip = (attributes: Record<string, string | number>, name: string, style: string, sample = '') =>
  element(
    'button',
    { type: 'button', 'aria-pressed': 'true', ...attributes, ...(style && { style }) },
    sample,
    text(name),
  )

const dashSample = (i: number) =>
  `<svg width="26" height="8" aria-hidden="true"><line x1="0" y1="4" x2="24" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashes[i % dashes.length].join(' ')}"/></svg> `

/** A figure with its caption, and its values to open. */
function card({ drawn }: Page, { name, caption, curves }: ReportFigures['information'][number]): string {
  const layers = new Set(curves.map(({ layer }) => layer))
  const [layer] = layers
  const own: Record<string, number> = layers.size === 1 && layer !== null ? { 'data-card-layer': layer } : {}
  const table = curves.length === 0 ? '' : element('details', { 'data-table': name }, element('summary', {}, 'values'))
  const parts = [inlineSvg(drawn.get(name)!), element('figcaption', {}, text(caption)), table]
  return element('figure', { class: 'card', ...own }, ...parts)
}

function grid(page: Page, figures: ReportFigures['information']): string {
  return figures.length === 0 ? '' : element('div', { class: 'grid' }, ...figures.map((figure) => card(page, figure)))
}

function section(title: string, ...inner: string[]): string {
  const whole = inner.filter(Boolean)
  if (whole.length === 0) return ''
  return element('section', {}, title ? element('h2', {}, text(title)) : '', ...whole)
}

function histogramCards({ figures, drawn, conditions }: Page): string[] {
  return figures.histograms.map(({ histograms, panels }) => {
    const several = conditions.length > 1 ? ` of ${histograms.name}` : ''
    const inner = panels.map(({ figure, layer }) =>
      element('div', { 'data-card-layer': layer.layer }, inlineSvg(drawn.get(figure.name)!)),
    )
    const caption = `Share of each layer's activations in each bin, seed ${histograms.seed}${several}, at the epoch shown; heights are square roots, so that rare bins are seen.`
    return section(
      'Activations, without noise',
      element(
        'figure',
        { class: 'card' },
        element('div', { class: 'grid many' }, ...inner),
        element('figcaption', {}, text(caption)),
      ),
    )
  })
}

function meanings(conditions: ReportCondition[]): string {
  const lines = rivalMeanings(conditions).map(
    ([estimator, measures]) => element('dt', {}, text(estimator)) + element('dd', {}, text(measures)),
  )
  return lines.length === 0 ? '' : element('dl', { class: 'facts card', style: 'margin-top:16px' }, ...lines)
}

function missing(conditions: ReportCondition[]): string {
  const lines = conditions.flatMap(({ runs }) =>
    runs.flatMap(({ folder, missing }) => missing.map((line) => `${folder}: ${line}`)),
  )
  return lines.length === 0 ? '' : section('What is missing', list(lines))
}

function warnings(conditions: ReportCondition[]): string {
  const lines = conditions.flatMap((condition) => warningLines(condition, conditions.length > 1))
  if (lines.length === 0) return section('Warnings', element('p', { class: 'card quiet' }, 'None.'))
  const more = lines.slice(12)
  const rest =
    more.length === 0 ? '' : element('details', {}, element('summary', {}, text(`${more.length} more`)), list(more))
  return section('Warnings', list(lines.slice(0, 12)), rest)
}

const list = (lines: string[]) =>
  element(
    'div',
    { class: 'card' },
    element('ul', { class: 'list' }, ...lines.map((line) => element('li', {}, text(line)))),
  )

function facts(conditions: ReportCondition[]): string {
  const commands = ['command', 'to repeat it', 'folder']
  const cards = conditions.flatMap(({ runs }) =>
    runs.map((run) => {
      const lines = runFacts(run).map(
        ([name, words]) =>
          element('dt', {}, text(name)) +
          element('dd', {}, commands.includes(name) ? element('code', {}, text(words)) : text(words)),
      )
      return element('dl', { class: 'facts card' }, ...lines)
    }),
  )
  return section('What was run', ...cards)
}
