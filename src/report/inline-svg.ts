/** A drawn figure as a part of a page: named for who cannot see it, as wide as its place, its ids its own. */
import { text } from './html.js'
import type { DrawnFigure } from './drawn-figure.js'

export function inlineSvg({ figure, svg }: DrawnFigure): string {
  const own = svg
    .replace(/\b(id="|url\(#|href="#)(?=[\w-])/g, `$1${figure.name}-`)
    .replace(/<g [^>]*role="graphics-(?:object|symbol)"[^>]*>/g, (tag) =>
      tag.replace(/ (role|aria-[a-z]+)="[^"]*"/g, ''),
    )
  const root = /<svg [^>]*?viewBox="([^"]*)"[^>]*>/
  return own.replace(
    root,
    (_, box) =>
      `<svg data-figure="${figure.name}" role="img" aria-label="${text(figure.alternative)}" viewBox="${box}">`,
  )
}
