/**
 * Inputs in the last hidden layer. In each plane the marks that are drawn move to where the inputs were at an epoch; the cloud
 * is the same layer in three dimensions, turned by pointer or keys.
 */
import { figureOf, lastUpTo, svgElement } from './marks.js'

/** show(epoch): the last epoch up to it at which the layer was looked at. */
export function scatterOver(scatter) {
  const codes = decoded(scatter.codes)
  const { count, neurons, epochs, domain, classes } = scatter
  /** Coordinate k of an input at an epoch, from 0 to 1 over the domain; behind the last neuron stands its class. */
  const share = (at, input, k) =>
    k < neurons
      ? codes[(at * count + input) * neurons + k] / 65535
      : (classes[input] - domain[0]) / (domain[1] - domain[0])
  const planes = scatter.planes.map(({ id, across, up, box }) => ({ across, up, box, marks: marksIn(figureOf(id)) }))
  const cloud = neurons === 3 ? cloudOf(scatter, share) : null

  function show(epoch) {
    const at = Math.max(0, lastUpTo(epochs, epoch))
    for (const { across, up, box, marks } of planes) {
      const [, , width, height] = box
      marks.forEach((mark, input) => {
        const [px, py] = [width * share(at, input, across), height * (1 - share(at, input, up))]
        mark.setAttribute('transform', `translate(${px.toFixed(1)},${py.toFixed(1)})`)
      })
    }
    cloud?.show(at)
  }
  return { show }
}

const marksIn = (svg) => [...svg.querySelectorAll('.points_marks path')]

/** Numbers from 0 to 65535, two bytes each, the lower one first. */
function decoded(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i] + 256 * bytes[2 * i + 1])
}

const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1])
const edges = corners.flatMap((a, i) =>
  corners.flatMap((b, j) => (i < j && a.filter((v, k) => v !== b[k]).length === 1 ? [[a, b]] : [])),
)

/** The layer as a cloud in its cube, seen from a direction that can be turned. */
function cloudOf(scatter, share) {
  const svg = document.querySelector(`svg[data-cloud="${scatter.run}"]`)
  const lines = edges.map(() => svgElement('line', { class: 'edge' }, svg))
  const names = [0, 1, 2].map((k) => {
    const name = svgElement('text', { class: 'axis' }, svg)
    name.textContent = `neuron ${k + 1}`
    return name
  })
  const dots = scatter.classes.map((_, input) =>
    svgElement('circle', { class: `class-${scatter.kinds[input]}`, r: 3 }, svg),
  )
  let [turn, tilt, at] = [0.7, 0.42, 0]

  /** Centred coordinates to px; larger depth is nearer. */
  function projected([a, b, c]) {
    const [x, y, z] = [a - 0.5, c - 0.5, b - 0.5]
    const [right, far] = [x * Math.cos(turn) - z * Math.sin(turn), x * Math.sin(turn) + z * Math.cos(turn)]
    const [up, depth] = [y * Math.cos(tilt) + far * Math.sin(tilt), y * Math.sin(tilt) - far * Math.cos(tilt)]
    return [230 + 215 * right, 165 - 190 * up, depth]
  }

  function draw() {
    edges.forEach(([a, b], i) => {
      const [[x1, y1], [x2, y2]] = [projected(a), projected(b)]
      for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) lines[i].setAttribute(key, value.toFixed(1))
    })
    names.forEach((name, k) => {
      const [x, y] = besideEdge(k)
      name.setAttribute('x', x.toFixed(1))
      name.setAttribute('y', y.toFixed(1))
    })
    dots.forEach((dot, input) => {
      const [x, y, depth] = projected([0, 1, 2].map((k) => share(at, input, k)))
      dot.setAttribute('cx', x.toFixed(1))
      dot.setAttribute('cy', y.toFixed(1))
      dot.setAttribute('r', (2.6 + 1.3 * depth).toFixed(2))
    })
  }

  /** A little outside the middle of an edge along axis k: the lowest one, of the upright axis the leftmost. */
  function besideEdge(k) {
    const middles = edges.filter(([a, b]) => a[k] !== b[k]).map(([a, b]) => projected(a.map((v, i) => (v + b[i]) / 2)))
    const [x, y] = middles.reduce((best, one) => ((k === 2 ? best[0] > one[0] : best[1] < one[1]) ? one : best))
    return [230 + 1.12 * (x - 230), 170 + 1.1 * (y - 165)]
  }

  svg.addEventListener('pointerdown', (event) => svg.setPointerCapture(event.pointerId))
  svg.addEventListener('pointermove', (event) => {
    if (!svg.hasPointerCapture(event.pointerId)) return
    turnBy(-event.movementX / 120, event.movementY / 120)
  })
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [0.12, 0], ArrowRight: [-0.12, 0], ArrowUp: [0, -0.12], ArrowDown: [0, 0.12] }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    turnBy(...step)
  })
  function turnBy(sideways, upward) {
    turn += sideways
    tilt = Math.max(-1.5, Math.min(1.5, tilt + upward))
    draw()
  }
  return {
    show(epoch) {
      at = epoch
      draw()
    },
  }
}
