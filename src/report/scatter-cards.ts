/** The last hidden layer on a page: its planes, a cloud that a script draws, and the classes. */
import { symbol } from './class-symbol.js'
import { element, text } from './html.js'
import { inlineSvg } from './inline-svg.js'
import type { Page } from './page-contents.js'
import type { Scatter } from './scatter-figures.js'

export function scatterCards({ figures, drawn, conditions }: Pick<Page, 'figures' | 'drawn' | 'conditions'>): {
  clouds: string[]
  planes: string[]
} {
  const several = conditions.length > 1
  const solid = figures.scatters.filter(({ scatter }) => scatter.neurons === 3)
  return {
    clouds: solid.map(({ scatter }) => cloudCard(scatter, several)),
    planes: figures.scatters.map(({ scatter, planes }) => {
      const inner = planes.map(({ figure }) => element('div', {}, inlineSvg(drawn.get(figure.name)!)))
      const caption = `${about(scatter, several)}, at the epoch shown: coordinate planes.`
      const frame = element('div', { class: 'grid three' }, ...inner)
      return element(
        'section',
        { style: 'margin-top:16px' },
        element('figure', { class: 'card' }, frame, legend(scatter), element('figcaption', {}, text(caption))),
      )
    }),
  }
}

function cloudCard(scatter: Scatter, several: boolean): string {
  const label = `${about(scatter, several)}, in three dimensions; arrow keys turn it`
  const svg = element('svg', {
    class: 'cloud',
    'data-cloud': scatter.run,
    viewBox: '0 0 460 330',
    role: 'img',
    tabindex: 0,
    'aria-label': label,
  })
  const caption = `${about(scatter, several)}, at the epoch shown. Drag to turn it, or focus it and use the arrow keys.`
  return element('figure', { class: 'card cloud-card' }, svg, legend(scatter), element('figcaption', {}, text(caption)))
}

function about({ layer, seed, rows, name }: Scatter, several: boolean): string {
  return `Where ${rows[0].length} inputs lie in layer ${layer} without noise, seed ${seed}${several ? ` of ${name}` : ''}`
}

function legend({ classNames }: Scatter): string {
  return element('ul', { class: 'legend' }, ...classNames.map((name, k) => element('li', {}, symbol(k), text(name))))
}
