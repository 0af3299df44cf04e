/** Curves: a line at the epoch shown and a dot on every curve that has a value there; what lies under the pointer, in words. */
import { figureOf, htmlElement, placeIn, svgElement } from './marks.js'

/** What stands over a figure: show(epoch), and shown(curve) says whether a curve is. */
export function curvesOver(figure, shown, tip) {
  const svg = figureOf(figure.id)
  const [x, y, width, height] = figure.box
  const over = svgElement('g', { class: 'over' }, svg)
  const line = figure.kind === 'epoch' ? svgElement('line', { class: 'now', y1: y, y2: y + height }, over) : null
  const dots = figure.curves.map(() => svgElement('circle', { class: 'dot', r: 4 }, over))
  const rings = svgElement('g', { class: 'hovered' }, over)
  const hover = svgElement('rect', { class: 'catch', x, y, width, height }, svg)
  const byEpoch = figure.curves.map(({ points }) => new Map(points.map((point) => [point[0], point])))
  const across = new Map(figure.curves.flatMap(({ points }) => points.map(([epoch, px]) => [epoch, px])))

  function show(epoch) {
    const px = across.get(epoch)
    if (line) {
      line.style.display = px === undefined ? 'none' : ''
      if (px !== undefined) for (const end of ['x1', 'x2']) line.setAttribute(end, px)
    }
    figure.curves.forEach((curve, i) => {
      const point = byEpoch[i].get(epoch)
      const visible = point !== undefined && shown(curve)
      dots[i].style.display = visible ? '' : 'none'
      if (!visible) return
      dots[i].setAttribute('cx', point[1])
      dots[i].setAttribute('cy', point[2])
    })
  }

  /** Points that a pointer at this place is about: of one epoch, or in the plane the nearest one alone. */
  function pointsAt(px, py) {
    const drawn = figure.curves.flatMap((curve, i) =>
      shown(curve) ? figure.curves[i].points.map((point) => ({ curve, point })) : [],
    )
    const far = ({ point }) => (line ? Math.abs(point[1] - px) : Math.hypot(point[1] - px, point[2] - py))
    let nearest = null
    for (const one of drawn) if (nearest === null || far(one) < far(nearest)) nearest = one
    if (nearest === null) return []
    return line ? drawn.filter(({ point }) => point[0] === nearest.point[0]) : [nearest]
  }

  hover.addEventListener('pointermove', (event) => {
    const found = pointsAt(...placeIn(svg, event))
    rings.replaceChildren(
      ...found.map(({ point }) => svgElement('circle', { class: 'ring', cx: point[1], cy: point[2], r: 5 })),
    )
    if (found.length === 0) return tip.hide()
    const rows = found.toSorted((a, b) => a.point[2] - b.point[2]).map(({ curve, point }) => [curve.name, point[3]])
    tip.show(event, `epoch ${found[0].point[0].toLocaleString('en')}`, rows)
  })
  hover.addEventListener('pointerleave', () => {
    rings.replaceChildren()
    tip.hide()
  })
  return { show }
}

/** The box that names what is under the pointer. */
export function tipBox() {
  const box = htmlElement('div', undefined, document.body)
  box.className = 'tip'
  box.hidden = true
  return {
    show(event, title, rows) {
      box.replaceChildren(htmlElement('strong', title))
      const list = htmlElement('dl', undefined, box)
      for (const [name, value] of rows) {
        htmlElement('dt', name, list)
        htmlElement('dd', value, list)
      }
      box.hidden = false
      const { offsetWidth, offsetHeight } = box
      const left = event.clientX + 16 + offsetWidth > innerWidth ? event.clientX - 16 - offsetWidth : event.clientX + 16
      box.style.left = `${Math.max(4, left)}px`
      box.style.top = `${Math.max(4, Math.min(event.clientY + 12, innerHeight - offsetHeight - 4))}px`
    },
    hide() {
      box.hidden = true
    },
  }
}
