/** Each figure's values as a table, made when it is opened: a row an epoch, a column a curve. */
import { htmlElement } from './marks.js'

export function tableUnder(details, { curves }) {
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table')) return
    const frame = htmlElement('div', undefined, details)
    frame.className = 'scrolls'
    frame.tabIndex = 0
    const table = htmlElement('table', undefined, frame)
    const head = htmlElement('tr', undefined, htmlElement('thead', undefined, table))
    for (const name of ['epoch', ...curves.map((curve) => curve.name)]) htmlElement('th', name, head).scope = 'col'
    const texts = curves.map(({ points }) => new Map(points.map(([epoch, , , text]) => [epoch, text])))
    const body = htmlElement('tbody', undefined, table)
    const epochs = [...new Set(texts.flatMap((text) => [...text.keys()]))].sort((a, b) => a - b)
    for (const epoch of epochs) {
      const row = htmlElement('tr', undefined, body)
      htmlElement('th', epoch.toLocaleString('en'), row).scope = 'row'
      for (const text of texts) htmlElement('td', text.get(epoch) ?? '–', row)
    }
  })
}
