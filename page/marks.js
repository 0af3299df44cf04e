/** Elements of SVG, and where a pointer is in one. */

const namespace = 'http://www.w3.org/2000/svg'

export function svgElement(name, attributes, parent) {
  const element = document.createElementNS(namespace, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  parent?.append(element)
  return element
}

export function htmlElement(name, text, parent) {
  const element = document.createElement(name)
  if (text !== undefined) element.textContent = text
  parent?.append(element)
  return element
}

/** The drawn figure of this name, null where the page has none. */
export const figureOf = (id) => document.querySelector(`svg[data-figure="${id}"]`)

/** Where an event is, in units of the SVG's own. */
export function placeIn(svg, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
  return [point.x, point.y]
}

/** Groups of marks of one curve. */
export const marksOf = (svg, key) => svg.querySelectorAll(`[class*=" ${key}_"]`)

/** Index of the last of ascending numbers that is no higher than `value`, -1 where none is. */
export function lastUpTo(numbers, value) {
  let found = -1
  for (let i = 0; i < numbers.length && numbers[i] <= value; i++) found = i
  return found
}
