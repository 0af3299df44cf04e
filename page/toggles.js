/** Which layers and runs are shown: buttons that are pressed or not, and the marks of every figure that follow them. */
import { figureOf, marksOf } from './marks.js'

/** shown(curve) and change(callback), which is called after each press. */
export function toggles(figures) {
  const hidden = { layer: new Set(), run: new Set() }
  const callbacks = []
  const shown = ({ layer, run }) => !hidden.layer.has(layer) && !hidden.run.has(run)
  for (const button of document.querySelectorAll('button[data-layer], button[data-run]')) {
    const kind = button.dataset.layer === undefined ? 'run' : 'layer'
    button.addEventListener('click', () => {
      const pressed = button.getAttribute('aria-pressed') === 'true'
      button.setAttribute('aria-pressed', String(!pressed))
      hidden[kind][pressed ? 'add' : 'delete'](Number(button.dataset[kind]))
      apply()
    })
  }
  function apply() {
    for (const { id, curves } of figures) {
      const svg = figureOf(id)
      for (const curve of curves)
        for (const marks of marksOf(svg, curve.key)) marks.classList.toggle('off', !shown(curve))
    }
    for (const card of document.querySelectorAll('[data-card-layer]')) {
      card.classList.toggle('off', hidden.layer.has(Number(card.dataset.cardLayer)))
    }
    for (const callback of callbacks) callback()
  }
  return { shown, change: (callback) => callbacks.push(callback) }
}
