/** HTML from text that may be anybody's. */
import { visible } from './numbers.js'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it is written, in an element or between quotes; control characters are made visible. */
export const text = (value: unknown) => visible(String(value)).replace(/[&<>"']/g, (character) => entities[character])

/** An element with what is HTML already in it. */
export function element(name: string, attributes: Record<string, string | number>, ...inner: string[]): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(value)}"`)
  return `<${name}${given.join('')}>${inner.join('')}</${name}>`
}
